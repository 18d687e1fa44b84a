package dev.caretaker.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of DetectIssues, under {@code caretaker.checks}.
 *
 * @param directory folder with the operator's own checks, {@code *.sql}; read anew at each detection
 * @param role role of the target that those run as; without it, and without a {@link ChecksLogin}, they are refused
 * @param statementTimeout longest statement of a check
 * @param parallelism checks that run at a time on one target
 * @param disabled ids of checks that run only when asked for by name
 * @param thresholds values by {@code check.threshold}
 * @param targets values for one target by {@code target.check.threshold}
 */
public record ChecksConfig(
        Optional<Path> directory,
        Optional<String> role,
        Duration statementTimeout,
        int parallelism,
        List<String> disabled,
        Map<String, Object> thresholds,
        Map<String, Object> targets) {
    static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(30);
    static final int DEFAULT_PARALLELISM = 2;

    /** Nothing but defaults. */
    public static final ChecksConfig DEFAULT = new ChecksConfig(
            Optional.empty(),
            Optional.empty(),
            DEFAULT_STATEMENT_TIMEOUT,
            DEFAULT_PARALLELISM,
            List.of(),
            Map.of(),
            Map.of());
}
