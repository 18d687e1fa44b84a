package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.kept.Mechanism;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.List;

/** Tests that share a database, and the tables that most of them plan for. */
interface OnPlans {
    TestPostgres server();

    Database db();

    CleanupBench bench();

    /** 1,000 rows, one an hour, the newest of now: 279 of them are older than 30 days. */
    default void hourly(String table, String... more) {
        db().execute(
                        "CREATE TABLE " + table
                                + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, status int)",
                        "INSERT INTO " + table
                                + " (at, status) SELECT timestamptz '2026-06-15 12:00Z' - i * interval '1 hour', i % 4"
                                + " FROM generate_series(0, 999) AS i ORDER BY i DESC");
        db().execute(more);
        db().execute("ANALYZE " + table);
    }

    /** Partitions of March, May and June; a row an hour. */
    default void monthly(String table) {
        db().execute(
                        "CREATE TABLE " + table + " (id bigint, at timestamptz) PARTITION BY RANGE (at)",
                        partition(table, "03", "2026-03-01Z", "2026-04-01Z"),
                        partition(table, "05", "2026-05-01Z", "2026-06-01Z"),
                        partition(table, "06", "2026-06-01Z", "2026-07-01Z"),
                        "INSERT INTO " + table + " SELECT i, timestamptz '2026-03-01Z' + i * interval '1 hour'"
                                + " FROM generate_series(0, 743) AS i",
                        "INSERT INTO " + table + " SELECT i, timestamptz '2026-05-01Z' + i * interval '1 hour'"
                                + " FROM generate_series(0, 1000) AS i",
                        "ANALYZE " + table);
    }

    default String partition(String table, String suffix, String from, String to) {
        return "CREATE TABLE " + table + "_" + suffix + " PARTITION OF " + table + " FOR VALUES FROM ('" + from
                + "') TO ('" + to + "')";
    }

    default Filter equal(String column, long value) {
        return new Filter.Compare(
                column, Filter.Operator.EQUAL, new Constant(Constant.Kind.INT64, Long.toString(value)));
    }

    default List<Code> codes(Plan plan) {
        return plan.warnings().stream().map(PlanWarning::code).toList();
    }

    default PlanWarning warning(Plan plan, Code code) {
        return plan.warnings().stream()
                .filter(warning -> warning.code() == code)
                .findFirst()
                .orElseThrow(() -> new AssertionError(code + " is not among " + plan.warnings()));
    }

    default List<String> work(Plan plan) {
        return plan.steps().stream()
                .map(step -> step.mechanism().map(Mechanism::name).orElse("VACUUM") + " "
                        + step.relation().name())
                .toList();
    }

    default List<String> drops(Plan plan) {
        return work(plan).stream().filter(step -> step.startsWith("DROP")).toList();
    }
}
