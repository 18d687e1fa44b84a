package dev.caretaker.server.backup.tool;

import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds pg_dump and pg_restore, and the programs of servers: in the folders that the configuration names, on the path, and where packages put them.
 *
 * @see <a href="https://wiki.debian.org/PostgreSql">Debian: /usr/lib/postgresql/MAJOR/bin</a>
 * @see <a href="https://www.postgresql.org/download/linux/redhat/">RPM: /usr/pgsql-MAJOR/bin</a>
 * @see <a href="https://docs.brew.sh/Manpage">Homebrew: opt/postgresql@MAJOR and opt/libpq, below its prefix</a>
 */
@Singleton
public class PostgresTools {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTools.class);
    /** On a machine with much to do a program may take some seconds to start. */
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private static final int ANSWER_BYTES = 4_096;
    private static final List<String> NEEDED = List.of("pg_dump", "pg_restore");
    /** What a server is made and started with. */
    private static final List<String> SERVER = List.of("initdb", "pg_ctl", "postgres");
    /** Folders whose children that fit a pattern hold programs. */
    static final List<Packages> PACKAGES = List.of(
            new Packages("/usr/lib/postgresql", "*", "bin"),
            new Packages("/usr", "pgsql-*", "bin"),
            new Packages("/opt/homebrew/opt", "{postgresql,libpq}*", "bin"),
            new Packages("/usr/local/opt", "{postgresql,libpq}*", "bin"),
            new Packages("/home/linuxbrew/.linuxbrew/opt", "{postgresql,libpq}*", "bin"));

    private final List<Path> configured;
    private final List<Path> path;
    private final List<Packages> packages;
    private final Children children;

    @Inject
    PostgresTools(BackupToolsConfig config, Children children) {
        this(config.postgresBin(), paths(System.getenv().getOrDefault("PATH", "")), PACKAGES, children);
    }

    PostgresTools(List<Path> configured, List<Path> path, List<Packages> packages, Children children) {
        this.configured = configured;
        this.path = path;
        this.packages = packages;
        this.children = children;
    }

    /** Where packages put programs: {@code folder/pattern/below}. */
    record Packages(String folder, String pattern, String below) {
        List<Path> folders() {
            Path root = Path.of(folder);
            if (!Files.isDirectory(root)) {
                return List.of();
            }
            List<Path> found = new ArrayList<>();
            try (var entries = Files.newDirectoryStream(root, pattern)) {
                entries.forEach(entry -> found.add(entry.resolve(below)));
            } catch (IOException e) {
                LOG.debug("{} cannot be looked at: {}", root, e.getMessage());
            }
            return found.stream().sorted().toList();
        }

        @Override
        public String toString() {
            return folder + "/" + pattern + "/" + below;
        }
    }

    /**
     * Programs of one version.
     *
     * @param version what pg_dump says of itself
     * @param restoreVersion what pg_restore says of itself
     */
    public record Tools(Path dump, Path restore, int major, String version, String restoreVersion) {}

    /**
     * The oldest of all that are not older than the server, first come first served among those of one major: pg_dump refuses newer
     * servers, and what it writes can be read by any pg_restore that is not older than it.
     *
     * @see <a href="https://www.postgresql.org/docs/current/app-pgdump.html#APP-PGDUMP-NOTES">notes of pg_dump</a>
     * @throws CaretakerException TOOL_MISSING, which names what was looked at
     */
    public Tools forServer(int serverMajor) {
        List<Tools> found = all();
        return found.stream()
                .filter(tools -> tools.major() >= serverMajor)
                .min(Comparator.comparingInt(Tools::major))
                .orElseThrow(() -> missing(serverMajor, found));
    }

    /** The first folder that has all that a server of this major version needs. */
    public Optional<Path> server(int major) {
        return folders().stream()
                .filter(folder -> SERVER.stream().allMatch(name -> Files.isExecutable(folder.resolve(name))))
                .filter(folder -> version(folder.resolve("postgres"))
                        .filter(said -> Major.of(said).equals(OptionalInt.of(major)))
                        .isPresent())
                .findFirst();
    }

    /** All there are, one for each folder. */
    public List<Tools> all() {
        return folders().stream().map(this::at).flatMap(Optional::stream).toList();
    }

    private Set<Path> folders() {
        return Stream.of(
                        configured.stream(),
                        path.stream(),
                        packages.stream().flatMap(where -> where.folders().stream()))
                .flatMap(folders -> folders)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Debian's /usr/bin/pg_dump chooses another one by the cluster it is told of, so it counts as what it says it is. */
    private Optional<Tools> at(Path folder) {
        if (!NEEDED.stream().allMatch(name -> Files.isExecutable(folder.resolve(name)))) {
            return Optional.empty();
        }
        Optional<String> dump = version(folder.resolve("pg_dump"));
        Optional<String> restore = version(folder.resolve("pg_restore"));
        OptionalInt major = dump.map(Major::of).orElse(OptionalInt.empty());
        boolean fit = major.isPresent()
                && restore.map(Major::of).filter(major::equals).isPresent();
        return fit
                ? Optional.of(new Tools(
                        folder.resolve("pg_dump"),
                        folder.resolve("pg_restore"),
                        major.getAsInt(),
                        dump.get().strip(),
                        restore.get().strip()))
                : Optional.empty();
    }

    private Optional<String> version(Path program) {
        try (Child child = children.start(ToolCommand.of(program, List.of("--version"), ANSWER_BYTES))) {
            return Optional.of(child.result(ANSWER));
        } catch (CaretakerException e) {
            LOG.debug("{} is of no use: {}", program, e.getMessage());
            return Optional.empty();
        }
    }

    private CaretakerException missing(int serverMajor, List<Tools> found) {
        String there = found.isEmpty()
                ? "none was found"
                : "there are only "
                        + found.stream()
                                .map(tools -> tools.dump() + " (" + tools.major() + ")")
                                .collect(Collectors.joining(", "));
        return CaretakerException.of(
                Reason.TOOL_MISSING,
                "pg_dump and pg_restore of version " + serverMajor + " or newer are needed, and " + there
                        + ". Install the PostgreSQL client programs, or name their folder in caretaker.backups.postgres-bin."
                        + " Looked in " + looked() + ".",
                Map.of("major", Integer.toString(serverMajor)));
    }

    /** Where programs are looked for, for sentences. */
    public String looked() {
        return Stream.of(configured.stream(), path.stream(), packages.stream())
                .flatMap(where -> where)
                .map(Object::toString)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static List<Path> paths(String variable) {
        return Arrays.stream(variable.split(File.pathSeparator))
                .filter(text -> !text.isEmpty())
                .map(Path::of)
                .filter(Path::isAbsolute)
                .toList();
    }
}
