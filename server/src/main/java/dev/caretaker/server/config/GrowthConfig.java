package dev.caretaker.server.config;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Settings of the growth history, under {@code caretaker.growth}, and of targets what they may grow to.
 *
 * @param enabled whether samples are taken
 * @param tables how many tables of a target are kept one by one, the largest; the others are kept as one sum
 * @param countTimeout longest count of rows for one policy; what takes longer is estimated
 * @param observesRuns whether the tables of runs are looked at before and after
 * @param limits by target; those without any are left out
 */
public record GrowthConfig(
        boolean enabled, int tables, Duration countTimeout, boolean observesRuns, Map<String, Limits> limits) {
    static final String ENABLED = "growth.enabled";
    static final String TABLES = "growth.tables";
    static final String COUNT_TIMEOUT = "growth.count-timeout";
    static final String OBSERVE_RUNS = "growth.observe-runs";

    /** Its keys below {@code caretaker}. */
    static final Set<String> KEYS = Set.of(ENABLED, TABLES, COUNT_TIMEOUT, OBSERVE_RUNS);

    static final String DISK_SIZE = "disk-size";
    static final String TABLE_LIMIT = "table-limit";
    static final String TABLE_LIMITS = "table-limits";

    /** Its keys below a target. */
    static final Set<String> TARGET_KEYS = Set.of(DISK_SIZE, TABLE_LIMIT, TABLE_LIMITS);

    /** Nothing but defaults. */
    public static final GrowthConfig DEFAULT = new GrowthConfig(true, 200, Duration.ofSeconds(2), true, Map.of());

    /** What a target may grow to. */
    public Limits limits(String target) {
        return limits.getOrDefault(target, Limits.NONE);
    }

    /**
     * What a target may grow to.
     *
     * @param diskBytes size of the disk that its server's databases lie on
     * @param tableBytes most that a table may take with indexes and TOAST, unless it has a limit of its own
     * @param tables limits of tables by name, {@code schema.table}
     */
    public record Limits(OptionalLong diskBytes, OptionalLong tableBytes, Map<String, Long> tables) {
        public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalLong.empty(), Map.of());

        /** Most bytes that a table may take. */
        public OptionalLong of(String table) {
            Long own = tables.get(table);
            return own == null ? tableBytes : OptionalLong.of(own);
        }
    }
}
