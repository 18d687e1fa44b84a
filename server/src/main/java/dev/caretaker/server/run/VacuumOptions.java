package dev.caretaker.server.run;

import java.time.Duration;
import java.util.Optional;

/**
 * How to vacuum one relation; see the options of VACUUM and ANALYZE in Postgres. What is empty is left to the server.
 *
 * @param verb which statement
 * @param analyze whether ANALYZE follows in the same statement; without meaning for ANALYZE itself
 * @param freeze FREEZE: freezes every row that can be
 * @param aggressive reads every page that is not all-frozen, so that the freeze age of the whole relation goes down
 * @param parallel workers for indexes, 0 to 1024
 * @param truncate whether empty pages at the end go back, under a brief ACCESS EXCLUSIVE; empty: unless the table is in use
 * @param skipLocked skips the table at once if it is locked, rather than waiting for the lock timeout
 * @param bufferUsageLimitKb 0 or 128 to 16777216
 * @param costDelay vacuum_cost_delay
 * @param costLimit vacuum_cost_limit, 1 to 10000
 * @see <a href="https://www.postgresql.org/docs/current/sql-vacuum.html">VACUUM</a>
 */
public record VacuumOptions(
        Verb verb,
        boolean analyze,
        boolean freeze,
        boolean aggressive,
        Optional<Integer> parallel,
        Optional<IndexCleanup> indexCleanup,
        Optional<Boolean> truncate,
        boolean skipLocked,
        Optional<Boolean> processToast,
        Optional<Integer> bufferUsageLimitKb,
        Optional<Duration> costDelay,
        Optional<Integer> costLimit) {

    /** VACUUM (ANALYZE), all else as the server likes it. */
    public static final VacuumOptions DEFAULT = new VacuumOptions(
            Verb.VACUUM,
            true,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The same with another statement. */
    public VacuumOptions with(Verb other, boolean analyzes) {
        return new VacuumOptions(
                other,
                analyzes,
                freeze,
                aggressive,
                parallel,
                indexCleanup,
                truncate,
                skipLocked,
                processToast,
                bufferUsageLimitKb,
                costDelay,
                costLimit);
    }

    /** The same, reading all that is not frozen. */
    public VacuumOptions aggressively() {
        return new VacuumOptions(
                verb,
                analyze,
                freeze,
                true,
                parallel,
                indexCleanup,
                truncate,
                skipLocked,
                processToast,
                bufferUsageLimitKb,
                costDelay,
                costLimit);
    }

    /** Which statement. */
    public enum Verb {
        VACUUM("vacuum"),
        ANALYZE("analyze"),
        /** VACUUM (FULL): rewrites the table under ACCESS EXCLUSIVE. */
        FULL("vacuum-full"),
        /** REPACK (CONCURRENTLY): rewrites it without, PostgreSQL 19. */
        REPACK("repack");

        private final String stepKind;

        Verb(String stepKind) {
            this.stepKind = stepKind;
        }

        /** Kind of the step that does it. */
        public String stepKind() {
            return stepKind;
        }
    }

    /** INDEX_CLEANUP. */
    public enum IndexCleanup {
        AUTO,
        ON,
        OFF
    }
}
