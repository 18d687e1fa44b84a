package dev.caretaker.server.config;

import dev.caretaker.server.config.BackupToolsConfig.OfTarget;
import dev.caretaker.server.config.BackupToolsConfig.Source;
import dev.caretaker.server.config.BackupToolsConfig.Tool;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads what {@code caretaker.backups} and targets say of backups and of programs that make them. */
@Factory
public final class BackupToolsReader {
    private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration LEAST_AGE = Duration.ofMinutes(1);
    private static final Duration MOST_AGE = Duration.ofDays(36_500);
    private static final int MOST_KEPT = 10_000;
    /** It becomes an argument, and must not look like an option. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public BackupToolsConfig read(Environment environment, CaretakerConfig config) {
        Settings root = new Settings(environment, "caretaker");
        Map<Tool, Path> programs = new EnumMap<>(Tool.class);
        for (Tool tool : Tool.values()) {
            program(root, tool.key()).ifPresent(path -> programs.put(tool, path));
        }
        Map<String, OfTarget> targets = new TreeMap<>();
        for (String target : config.targets().keySet()) {
            OfTarget own = target(root.under("targets").under(target));
            if (!own.equals(OfTarget.NOTHING)) {
                targets.put(target, own);
            }
        }
        return new BackupToolsConfig(
                root.list(BackupToolsConfig.POSTGRES_BIN).stream()
                        .map(folder -> folder(root, folder))
                        .toList(),
                programs,
                root.duration(BackupToolsConfig.TIMEOUT, LEAST_TIMEOUT, MOST_TIMEOUT)
                        .orElse(BackupToolsConfig.DEFAULT.timeout()),
                targets);
    }

    private static OfTarget target(Settings target) {
        List<Source> sources = new ArrayList<>();
        named(target, BackupToolsConfig.STANZA, Tool.PGBACKREST).ifPresent(sources::add);
        named(target, BackupToolsConfig.BARMAN_SERVER, Tool.BARMAN).ifPresent(sources::add);
        target.file(Tool.WAL_G.configKey())
                .ifPresent(file -> sources.add(new Source(Tool.WAL_G, "", Optional.of(file.toAbsolutePath()))));
        return new OfTarget(
                target.duration(BackupToolsConfig.EXPECT_WITHIN, LEAST_AGE, MOST_AGE),
                target.duration(BackupToolsConfig.EXPECT_VERIFIED_WITHIN, LEAST_AGE, MOST_AGE),
                target.duration(BackupToolsConfig.KEEP, LEAST_AGE, MOST_AGE),
                target.count(BackupToolsConfig.KEEP_LAST, 1, MOST_KEPT),
                sources);
    }

    private static Optional<Source> named(Settings target, String key, Tool tool) {
        Optional<Path> file = target.file(tool.configKey()).map(Path::toAbsolutePath);
        Optional<String> name = target.text(key);
        if (name.isEmpty()) {
            if (file.isPresent()) {
                throw target.wrong(key, "is missing");
            }
            return Optional.empty();
        }
        if (!NAME.matcher(name.get()).matches()) {
            throw target.wrong(key, "has letters, digits, dots, hyphens and underscores, and no hyphen first");
        }
        return Optional.of(new Source(tool, name.get(), file));
    }

    private static Path folder(Settings root, String text) {
        Path folder = Path.of(text);
        if (!folder.isAbsolute() || !Files.isDirectory(folder)) {
            throw root.wrong(BackupToolsConfig.POSTGRES_BIN, "is not a folder, with its full path: " + text);
        }
        return folder;
    }

    private static Optional<Path> program(Settings root, String key) {
        return root.text(key).map(text -> {
            Path program = Path.of(text);
            if (!program.isAbsolute() || !Files.isRegularFile(program) || !Files.isExecutable(program)) {
                throw root.wrong(key, "is not a program that can be run, with its full path: " + text);
            }
            return program;
        });
    }
}
