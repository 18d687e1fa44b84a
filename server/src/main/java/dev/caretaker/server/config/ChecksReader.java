package dev.caretaker.server.config;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import io.micronaut.core.naming.conventions.StringConvention;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code caretaker.checks}, but for {@link ChecksLogin}. */
@Factory
public final class ChecksReader {
    private static final String CHECKS = "caretaker.checks";
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MOST_TIMEOUT = Duration.ofDays(1);
    private static final int MOST_PARALLEL = Short.MAX_VALUE;
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

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public ChecksConfig read(Environment environment) {
        Settings checks = new Settings(environment, CHECKS);
        return new ChecksConfig(
                checks.text("directory").map(Path::of),
                checks.text("role"),
                checks.duration("statement-timeout", LEAST_TIMEOUT, MOST_TIMEOUT)
                        .orElse(ChecksConfig.DEFAULT_STATEMENT_TIMEOUT),
                (int) checks.number("parallelism", 1, MOST_PARALLEL).orElse(ChecksConfig.DEFAULT_PARALLELISM),
                checks.list("disabled"),
                below(environment, "thresholds"),
                below(environment, "targets"));
    }

    /** Names of checks, thresholds and targets as they were written. */
    private static Map<String, Object> below(Environment environment, String name) {
        return Map.copyOf(environment.getProperties(CHECKS + "." + name, StringConvention.RAW));
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
}
