package dev.caretaker.server.detect;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that may be wrong with a database, and the statement that finds it. Read from a file by {@link CheckFile}.
 *
 * @param id in kebab case; never changes
 * @param category for example indexes, tables, activity
 * @param severity of its findings unless a finding says otherwise
 * @param confidence of its findings unless a finding says otherwise
 * @param needs all of them must be met
 * @param primaryOnly whether a replica would answer something else
 * @param onRequest whether it runs only when asked for by name
 * @param subject what it runs once for
 * @param blocksVacuum whether its findings keep vacuum from cleaning
 * @param blocksCleanup whether its findings keep a cleanup from running well
 * @param quotes whether its messages quote what a server answered, which may hold rows or SQL
 * @param custom whether an operator added it
 */
public record Check(
        String id,
        String title,
        String category,
        Severity severity,
        Confidence confidence,
        ImpactUnit impactUnit,
        List<Threshold> thresholds,
        List<Need> needs,
        boolean primaryOnly,
        boolean onRequest,
        Subject subject,
        boolean blocksVacuum,
        boolean blocksCleanup,
        boolean quotes,
        String meaning,
        String remedy,
        boolean custom,
        CheckSql sql) {
    /** Whether people elsewhere are told only the names of what it finds: its messages may hold rows. */
    boolean isPrivate() {
        return quotes || custom;
    }

    /** Threshold of checks that run for each index: seconds after which the rest is left out. */
    static final String BUDGET = "budget_seconds";

    /** What the statement of a check runs once for. */
    public enum Subject {
        /** The whole database. */
        DATABASE(Set.of(), Set.of()),
        /** Each valid btree index, smallest first, until {@link #budget} is used up. */
        INDEX(Set.of("index_oid", "schema_name", "index_name", "index_bytes"), Set.of()),
        /** Each stored policy of the target. */
        POLICY(
                Set.of("policy", "schema_name", "table_name", "cutoff"),
                Set.of("table", "time", "eligible", "held", "holders")),
        /** Each table with much TOAST data. */
        WIDE_TABLE(Set.of("schema_name", "table_name", "sample_percent"), Set.of("table", "widths")),
        /** Each table that has policies. */
        TABLE_WITH_POLICIES(Set.of("schema_name", "table_name", "policies"), Set.of("table", "reached"));

        private final Set<String> parameters;
        private final Set<String> macros;

        Subject(Set<String> parameters, Set<String> macros) {
            this.parameters = parameters;
            this.macros = macros;
        }

        /** Parameters it gives to the statement. */
        public Set<String> parameters() {
            return parameters;
        }

        /** Names that are written as {@code @name@} in the statement and stand for a piece of SQL. */
        public Set<String> macros() {
            return macros;
        }
    }

    /** Longest time for all that it runs for together, where it has a threshold for that. */
    Optional<Duration> budget() {
        return thresholds.stream()
                .filter(threshold -> threshold.name().equals(BUDGET))
                .findFirst()
                .map(threshold ->
                        Duration.ofMillis(Math.round(threshold.number().doubleValue() * 1_000)));
    }

    /** The same check with other thresholds. */
    Check with(List<Threshold> others) {
        return new Check(
                id,
                title,
                category,
                severity,
                confidence,
                impactUnit,
                others,
                needs,
                primaryOnly,
                onRequest,
                subject,
                blocksVacuum,
                blocksCleanup,
                quotes,
                meaning,
                remedy,
                custom,
                sql);
    }
}
