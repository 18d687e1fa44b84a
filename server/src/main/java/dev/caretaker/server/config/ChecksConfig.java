package dev.caretaker.server.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.MapFormat;
import io.micronaut.core.convert.format.MapFormat.MapTransformation;
import io.micronaut.core.naming.conventions.StringConvention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
@ConfigurationProperties("caretaker.checks")
public record ChecksConfig(
        @Nullable Path directory,
        @Nullable String role,
        @Bindable(defaultValue = "30s") Duration statementTimeout,
        @Bindable(defaultValue = "2") int parallelism,
        @Nullable List<String> disabled,

        @Nullable @MapFormat(transformation = MapTransformation.FLAT, keyFormat = StringConvention.RAW)
        Map<String, Object> thresholds,

        @Nullable @MapFormat(transformation = MapTransformation.FLAT, keyFormat = StringConvention.RAW)
        Map<String, Object> targets) {

    private static final Set<String> KEYS = Set.of(
            "checks.directory",
            "checks.role",
            ChecksLogin.KEY + ".user",
            ChecksLogin.KEY + ".password",
            ChecksLogin.KEY + ".password-env",
            ChecksLogin.KEY + ".password-file",
            "checks.statement-timeout",
            "checks.parallelism",
            "checks.disabled");

    public ChecksConfig {
        disabled = disabled == null ? List.of() : List.copyOf(disabled);
        thresholds = thresholds == null ? Map.of() : Map.copyOf(thresholds);
        targets = targets == null ? Map.of() : Map.copyOf(targets);
    }

    /** Fails on a value that is out of bounds, or that would be passed over for the default because it cannot be read. */
    static void check(Settings checks) {
        checks.number("parallelism", 1, Short.MAX_VALUE);
        checks.duration("statement-timeout", Duration.ofMillis(1), Duration.ofDays(1));
    }

    /** Whether a key below {@code caretaker} is one of these settings. */
    static boolean owns(String key) {
        return KEYS.contains(key) || key.startsWith("checks.thresholds.") || key.startsWith("checks.targets.");
    }

    /** Its keys below {@code caretaker}; below the last two stand names of checks and targets. */
    static Set<String> keys() {
        return Stream.concat(KEYS.stream(), Stream.of("checks.thresholds", "checks.targets"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Nothing but defaults. */
    public static ChecksConfig defaults() {
        return new ChecksConfig(null, null, Duration.ofSeconds(30), 2, null, null, null);
    }

    public Optional<Path> customDirectory() {
        return Optional.ofNullable(directory);
    }

    public Optional<String> customRole() {
        return Optional.ofNullable(role);
    }
}
