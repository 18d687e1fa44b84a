package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.ALICE;
import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands against dropping partitions, and the triggers that a drop or a DELETE from a partition would pass over. */
class RootTriggersTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void statement_triggers_of_the_table_see_every_row_that_goes_from_its_partitions(TestPostgres server) {
        Database db = server.database();
        readings(db);
        try (CleanupBench bench = CleanupBench.start(db)) {
            Plan plan = bench.plan(policy("readings", "readings"));

            assertThat(plan.steps()).noneMatch(step -> step.work() instanceof Work.DropPartition);
            assertThat(plan.steps().getFirst().reason())
                    .contains("it is not dropped: its delete triggers would not fire");
            assertThat(plan.steps().getFirst().sql().getLast()).contains("DELETE FROM \"public\".\"readings\" AS t");
            assertThat(warning(plan, Code.DELETE_TRIGGER).message()).contains("in the name of public.readings");
            assertThat(warning(plan, Code.TRIGGER_NOT_FIRED))
                    .extracting(PlanWarning::blocking, PlanWarning::message)
                    .containsExactly(
                            false,
                            "Statement triggers of public.readings_q1 do not fire, as they would not for a DELETE from"
                                    + " public.readings: between (AFTER each statement, public.gone).");

            RunView run = ended(bench, plan, Code.LARGE_SHARE);

            assertThat(run.outcome()).as(run.toString()).contains(Outcome.COMPLETE);
            assertThat(run.totals().rowsDeleted()).isEqualTo(450);
            assertThat(db.number("SELECT count(*) FROM readings")).isEqualTo(150);
            assertThat(db.number("SELECT n FROM total")).isEqualTo(150);
            assertThat(db.number("SELECT count(*) FROM total")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void only_triggers_that_fire_in_an_ordinary_session_count(TestPostgres server) {
        Database db = server.database();
        readings(db);
        db.execute("DROP TRIGGER between ON readings_q1");
        try (CleanupBench bench = CleanupBench.start(db)) {
            for (String state : new String[] {"DISABLE", "ENABLE REPLICA"}) {
                db.execute("ALTER TABLE readings " + state + " TRIGGER keep_total");
                assertThat(bench.plan(policy("r " + state, "readings"))
                                .steps()
                                .getFirst()
                                .work())
                        .as(state)
                        .isInstanceOf(Work.DropPartition.class);
            }
            db.execute("ALTER TABLE readings ENABLE ALWAYS TRIGGER keep_total");
            assertThat(bench.plan(policy("always", "readings"))
                            .steps()
                            .getFirst()
                            .work())
                    .isInstanceOf(Work.RemoveRows.class);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void where_they_cannot_fire_the_plan_blocks(TestPostgres server) {
        Database db = server.database();
        readings(db);
        db.execute(
                "CREATE TABLE readings_rest PARTITION OF readings DEFAULT",
                "INSERT INTO readings SELECT 1, 'a', '2025-06-01Z' FROM generate_series(1, 10)",
                "ANALYZE readings_rest");
        try (CleanupBench bench = CleanupBench.start(db)) {
            PlanWarning missed = warning(bench.plan(policy("rest", "readings")), Code.TRIGGER_NOT_FIRED);
            assertThat(missed.blocking()).isTrue();
            assertThat(missed.message()).contains("do not fire for deletes from public.readings_rest: keep_total");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_keeps_partitions_from_being_dropped_or_may_is_in_the_plan(TestPostgres server) throws SQLException {
        Database db = server.database();
        db.execute(
                "CREATE TABLE ev (id int, at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z')",
                "CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM ('2026-02-01Z') TO ('2026-03-01Z')",
                "CREATE TABLE ev_6 PARTITION OF ev FOR VALUES FROM ('2026-06-01Z') TO ('2026-07-01Z')",
                "CREATE SEQUENCE ids OWNED BY ev_1.id",
                "ALTER TABLE ev ALTER id SET DEFAULT nextval('ids')",
                "INSERT INTO ev SELECT i, '2026-01-15Z' FROM generate_series(1, 100) AS i",
                "INSERT INTO ev SELECT i, '2026-02-15Z' FROM generate_series(1, 100) AS i",
                "INSERT INTO ev SELECT i, '2026-06-14Z' FROM generate_series(1, 900) AS i",
                "ANALYZE ev",
                "CREATE FUNCTION fine() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
                "CREATE EVENT TRIGGER audit ON sql_drop EXECUTE FUNCTION fine()");
        try (Connection old = db.connect();
                CleanupBench bench = CleanupBench.start(db)) {
            Plan plan = bench.plan(policy("ev", "ev"));
            assertThat(plan.steps().getFirst().work()).isInstanceOf(Work.DropPartition.class);
            assertThat(plan.steps().get(1).work()).isInstanceOf(Work.RemoveRows.class);
            assertThat(warning(plan, Code.NOT_DROPPED).message())
                    .startsWith(
                            "public.ev_1 is old as a whole, but it is deleted by rows and not dropped: default value")
                    .contains("depends on sequence ids, which goes with it");
            assertThat(warning(plan, Code.EVENT_TRIGGER).message()).contains("audit (public.fine)");
            assertThat(warning(plan, Code.EVENT_TRIGGER).blocking()).isFalse();

            old.setAutoCommit(false);
            old.createStatement().execute("SELECT count(*) FROM ev");
            assertThatThrownBy(() -> db.execute(
                            "SET lock_timeout = '300ms'", "ALTER TABLE ev DETACH PARTITION ev_6 CONCURRENTLY"))
                    .hasMessageContaining("lock timeout");
            old.rollback();
            PlanWarning pending = warning(bench.plan(policy("ev again", "ev")), Code.DETACH_PENDING);
            assertThat(pending.blocking()).isTrue();
            db.execute(pending.remediationSql());
            assertThat(ended(bench, bench.plan(policy("ev at last", "ev")), Code.LARGE_SHARE)
                            .outcome())
                    .contains(Outcome.COMPLETE);
            assertThat(db.number("SELECT count(*) FROM ev")).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void triggers_on_truncate_do_not_keep_partitions_from_being_dropped_but_are_told(TestPostgres server) {
        Database db = server.database();
        readings(db);
        db.execute(
                "DROP TRIGGER between ON readings_q1",
                "DROP TRIGGER keep_total ON readings",
                "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''never''; END'",
                "CREATE TRIGGER guard BEFORE TRUNCATE ON readings EXECUTE FUNCTION never()",
                "CREATE TRIGGER leaf BEFORE TRUNCATE ON readings_a EXECUTE FUNCTION never()",
                "CREATE TRIGGER off BEFORE TRUNCATE ON readings_q1 EXECUTE FUNCTION never()",
                "ALTER TABLE readings_q1 DISABLE TRIGGER off");
        try (CleanupBench bench = CleanupBench.start(db)) {
            Plan plan = bench.plan(policy("readings", "readings"));
            assertThat(plan.steps().getFirst().work()).isInstanceOf(Work.DropPartition.class);
            assertThat(plan.warnings()).noneMatch(warning -> warning.code() == Code.DELETE_TRIGGER);
            assertThat(warning(plan, Code.TRIGGER_NOT_FIRED))
                    .extracting(PlanWarning::blocking, PlanWarning::message)
                    .containsExactly(
                            false,
                            "Triggers on TRUNCATE of public.readings, public.readings_a do not fire where partitions"
                                    + " are dropped: guard (BEFORE each statement, public.never), leaf (BEFORE each"
                                    + " statement, public.never). Dropped are public.readings_q1.");
            assertThat(ended(bench, plan, Code.LARGE_SHARE).outcome()).contains(Outcome.COMPLETE);
            assertThat(db.number("SELECT count(*) FROM readings")).isEqualTo(150);
        }
    }

    private static void readings(Database db) {
        db.execute(
                "CREATE TABLE total (n bigint)",
                "CREATE TABLE readings (id bigint, kind text, at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE readings_q1 PARTITION OF readings FOR VALUES FROM ('2026-01-01Z') TO ('2026-04-01Z')"
                        + " PARTITION BY LIST (kind)",
                "CREATE TABLE readings_a PARTITION OF readings_q1 FOR VALUES IN ('a')",
                "CREATE TABLE \"Readings \"\"b\"\"?\" PARTITION OF readings_q1 FOR VALUES IN ('b', '?')",
                "CREATE TABLE readings_q2 PARTITION OF readings FOR VALUES FROM ('2026-04-01Z') TO ('2026-07-01Z')",
                "CREATE INDEX ON readings_a (at)",
                "INSERT INTO readings SELECT i, 'a', '2026-02-01Z' FROM generate_series(1, 150) AS i",
                "INSERT INTO readings SELECT i, 'b', '2026-02-01Z' FROM generate_series(1, 150) AS i",
                "INSERT INTO readings SELECT i, 'a', '2026-05-01Z' FROM generate_series(1, 150) AS i",
                "INSERT INTO readings SELECT i, 'a', '2026-06-01Z' FROM generate_series(1, 150) AS i",
                "INSERT INTO total SELECT count(*) FROM readings",
                "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN UPDATE total SET n = n - (SELECT count(*) FROM gone); RETURN NULL; END'",
                "CREATE TRIGGER keep_total AFTER DELETE ON readings REFERENCING OLD TABLE AS gone"
                        + " FOR EACH STATEMENT EXECUTE FUNCTION gone()",
                "CREATE TRIGGER between AFTER DELETE ON readings_q1 REFERENCING OLD TABLE AS gone"
                        + " FOR EACH STATEMENT EXECUTE FUNCTION gone()",
                "ANALYZE readings");
    }

    private static PlanWarning warning(Plan plan, Code code) {
        return plan.warnings().stream()
                .filter(warning -> warning.code() == code)
                .findFirst()
                .orElseThrow(() -> new AssertionError(code + " is not among " + plan.warnings()));
    }

    private static RunView ended(CleanupBench bench, Plan plan, Code... overrides) {
        RunView run = bench.plans()
                .execute(new ExecuteRequest(
                        plan.id(),
                        Optional.empty(),
                        Set.of(overrides),
                        UnaryOperator.identity(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        ALICE));
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> bench.runs().get(run.id()), view -> view.state().isTerminal());
    }
}
