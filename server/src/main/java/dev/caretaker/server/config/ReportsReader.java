package dev.caretaker.server.config;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code caretaker.reports}. */
@Factory
public final class ReportsReader {
    /** Thirteen months, as what happened is kept: the same week of last year can be held against this one. */
    private static final Duration USUAL = Duration.ofDays(400);

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public ReportsConfig read(Environment environment) {
        Settings root = new Settings(environment, "caretaker");
        Optional<Path> directory = root.text(ReportsConfig.DIRECTORY).map(Path::of);
        if (directory
                .filter(path -> Files.exists(path) && !Files.isDirectory(path))
                .isPresent()) {
            throw root.wrong(ReportsConfig.DIRECTORY, "is not a directory: " + directory.get());
        }
        Optional<Duration> retention =
                root.duration(ReportsConfig.RETENTION, Duration.ofHours(1), Duration.ofDays(36_500));
        if (directory.isEmpty() && retention.isPresent()) {
            throw root.wrong(ReportsConfig.DIRECTORY, "is missing");
        }
        return new ReportsConfig(directory, retention.orElse(USUAL));
    }
}
