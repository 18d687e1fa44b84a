package dev.caretaker.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database to look after.
 *
 * @param name lower-case letters, digits and hyphens
 * @param url JDBC URL of the primary; may hold credentials, so it is never printed
 * @param replicaUrl the same of a read replica
 * @param schemas schemas that may be touched; empty means all but system schemas
 * @param driverProperties further properties of the JDBC driver, such as sslmode and sslrootcert
 * @param lockTimeout longest wait for a lock
 * @param statementTimeout longest statement of a session, unless a step says otherwise
 * @param freeDiskBytes free space on its file system, which Postgres cannot tell; for rewrites
 * @param actsAsOwner whether work on a table is done as its owner, so that its triggers have no more rights than who made them
 */
public record TargetConfig(
        String name,
        String url,
        Optional<String> replicaUrl,
        Credentials credentials,
        List<String> schemas,
        Map<String, String> driverProperties,
        Duration lockTimeout,
        Duration statementTimeout,
        OptionalLong freeDiskBytes,
        TuningConfig tuning,
        boolean actsAsOwner) {
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/?]*/)[^?]*(\\?.*)?");

    public static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofSeconds(2);
    public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofHours(1);

    /** A target with nothing but defaults. */
    public static TargetConfig of(String name, String url, Credentials credentials) {
        return new TargetConfig(
                name,
                url,
                Optional.empty(),
                credentials,
                List.of(),
                Map.of(),
                DEFAULT_LOCK_TIMEOUT,
                DEFAULT_STATEMENT_TIMEOUT,
                OptionalLong.empty(),
                TuningConfig.NONE);
    }

    /** One whose work is done with the rights of its login. */
    public TargetConfig(
            String name,
            String url,
            Optional<String> replicaUrl,
            Credentials credentials,
            List<String> schemas,
            Map<String, String> driverProperties,
            Duration lockTimeout,
            Duration statementTimeout,
            OptionalLong freeDiskBytes,
            TuningConfig tuning) {
        this(
                name,
                url,
                replicaUrl,
                credentials,
                schemas,
                driverProperties,
                lockTimeout,
                statementTimeout,
                freeDiskBytes,
                tuning,
                false);
    }

    /** The same, and work on a table is done as its owner. */
    public TargetConfig actingAsOwner() {
        return new TargetConfig(
                name,
                url,
                replicaUrl,
                credentials,
                schemas,
                driverProperties,
                lockTimeout,
                statementTimeout,
                freeDiskBytes,
                tuning,
                true);
    }

    /**
     * Another database of the same server, without a replica.
     *
     * @param database name that needs no escape in a URL
     * @throws ConfigException if the URL is of a form in which the database cannot be told apart
     */
    public TargetConfig inDatabase(String database) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new ConfigException(key() + ".url", "write jdbc:postgresql://host:5432/database");
        }
        return new TargetConfig(
                name,
                parts.group(1) + database + (parts.group(2) == null ? "" : parts.group(2)),
                Optional.empty(),
                credentials,
                List.of(),
                driverProperties,
                lockTimeout,
                statementTimeout,
                freeDiskBytes,
                tuning,
                false);
    }

    /** Its key in the configuration. */
    public String key() {
        return "caretaker.targets." + name;
    }

    @Override
    public String toString() {
        return "TargetConfig[" + name + " " + PostgresUrl.of(key() + ".url", url) + "]";
    }

    /** Tuning of the target's runs where the configuration says something; see the run engine's own defaults. */
    public record TuningConfig(
            Optional<String> pace,
            Optional<Duration> batchTarget,
            OptionalLong maxRowsPerSecond,
            OptionalDouble pauseRatio,
            OptionalLong maxReplicationLagBytes,
            OptionalLong maxWalBytesPerSecond,
            OptionalInt maxLockWaiters) {
        public static final TuningConfig NONE = new TuningConfig(
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalInt.empty());
    }
}
