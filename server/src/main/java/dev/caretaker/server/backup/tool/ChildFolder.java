package dev.caretaker.server.backup.tool;

import dev.caretaker.server.store.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one child: who runs it, and the password for its connection. Only who made it may look into it. What a server that
 * died has left is found by it: see {@link Children}.
 */
final class ChildFolder {
    private static final Logger LOG = LoggerFactory.getLogger(ChildFolder.class);
    private static final Set<PosixFilePermission> OWN_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWN_FILE = PosixFilePermissions.fromString("rw-------");
    private static final String NOTE = "child.json";
    private static final String PASSWORDS = "passwords";

    private final Path path;

    private ChildFolder(Path path) {
        this.path = path;
    }

    /**
     * Who is it.
     *
     * @param host on which both run
     * @param owner id of the server's process
     * @param ownerStart when that started, which tells it from a later one with its id
     * @param pid id of the child's process
     * @param target at which it opens sessions; empty if it opens none
     * @param applicationName of these
     */
    record Note(
            String host,
            long owner,
            Instant ownerStart,
            long pid,
            Instant start,
            String program,
            String target,
            String applicationName) {}

    static ChildFolder make(Path root) throws IOException {
        Files.createDirectories(root, PosixFilePermissions.asFileAttribute(OWN_FOLDER));
        return new ChildFolder(Files.createDirectory(
                root.resolve(UUID.randomUUID().toString()), PosixFilePermissions.asFileAttribute(OWN_FOLDER)));
    }

    /** Those that are there. */
    static List<ChildFolder> all(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(Files::isDirectory).map(ChildFolder::new).toList();
        }
    }

    /**
     * Writes a password file that is good for any connection: the child makes just one kind.
     *
     * @see <a href="https://www.postgresql.org/docs/current/libpq-pgpass.html">the password file</a>
     */
    Path passwords(String password) throws IOException {
        if (password.indexOf('\n') >= 0 || password.indexOf('\r') >= 0) {
            throw new IOException("the password has a line break, which a password file cannot hold");
        }
        String escaped = password.replace("\\", "\\\\").replace(":", "\\:");
        Path file = Files.createFile(path.resolve(PASSWORDS), PosixFilePermissions.asFileAttribute(OWN_FILE));
        return Files.writeString(file, "*:*:*:*:" + escaped + "\n");
    }

    void note(Note note) throws IOException {
        Files.writeString(path.resolve(NOTE), Json.write(note));
    }

    /** Who is in it; empty if its maker died before it could say so, or is about to. */
    Optional<Note> note() {
        try {
            return Optional.of(Json.read(Files.readString(path.resolve(NOTE)), Note.class));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} does not tell whose it is: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    /** When it was made. */
    Instant made() throws IOException {
        return Files.getLastModifiedTime(path).toInstant();
    }

    void removePasswords() throws IOException {
        Files.deleteIfExists(path.resolve(PASSWORDS));
    }

    void remove() {
        try {
            Files.deleteIfExists(path.resolve(PASSWORDS));
            Files.deleteIfExists(path.resolve(NOTE));
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("{} could not be removed; it may hold a password: {}", path, e.getMessage());
        }
    }
}
