package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.KeptChild;
import dev.caretaker.server.cleanup.step.Kinship;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.step.RowRemoval;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.target.catalog.KeyColumn;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that delete rows to which foreign keys cascade. */
class CascadesThroughEngineTest {
    private static final TableName TABLE = new TableName("public", "t");
    private static final Tuning TUNING = new Tuning(Pace.FAST, Duration.ofMillis(50), 0, 0, 0, 0, 0);

    /**
     * The keys of the last 150 rows are looked for in a partition without an index, so that a batch of a size that was right
     * before takes many seconds, also where all others take long, until somebody makes the index.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_batch_that_meets_a_key_without_an_index_is_broken_off_made_smaller_and_told(boolean kin)
            throws SQLException {
        Database target = TestPostgres.newest().database();
        target.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, parent int REFERENCES t)",
                "INSERT INTO t SELECT i, timestamptz '2025-01-01' + (i - 3151) * interval '1 minute'"
                        + " FROM generate_series(1, 4000) i",
                "CREATE INDEX t_at ON t (at)",
                "CREATE INDEX t_parent ON t (parent)",
                "CREATE TABLE child (t int) PARTITION BY RANGE (t)",
                "CREATE TABLE early PARTITION OF child FOR VALUES FROM (0) TO (3001)",
                "CREATE TABLE late PARTITION OF child FOR VALUES FROM (3001) TO (5000)",
                "INSERT INTO child SELECT 4000 FROM generate_series(1, 1000000)",
                "INSERT INTO child SELECT i * 10 FROM generate_series(1, 315) i",
                "ALTER TABLE child ADD FOREIGN KEY (t) REFERENCES t ON DELETE CASCADE",
                "ANALYZE");
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            UUID runId = start(engine, removal(target, 3_150, kin));

            await().atMost(TestEngine.PATIENCE.multipliedBy(4))
                    .until(
                            () -> engine.runs().get(runId),
                            seen -> seen.state().isTerminal()
                                    || !brokenOff(engine, seen).isEmpty());
            target.execute("CREATE INDEX CONCURRENTLY ON late (t)");
            RunView run = engine.awaitLateEnd(runId);

            TestEngine.assertComplete(run, 3_150);
            assertThat(run.totals().rowsCascaded()).isEqualTo(315);
            assertThat(run.totals().retries()).isPositive();
            assertThat(brokenOff(engine, run))
                    .isNotEmpty()
                    .allSatisfy(
                            warning -> assertThat(number(warning, "next_size")).isLessThan(number(warning, "size")));
        }
        assertThat(target.number("SELECT count(*) FROM t")).isEqualTo(850);
        assertThat(target.number("SELECT count(*) FROM child")).isEqualTo(1_000_000);
    }

    private static List<RunEvent.Warning> brokenOff(TestEngine engine, RunView run) {
        return engine.soFar(run, RunEvent.Warning.class).stream()
                .filter(warning -> warning.code().equals("BATCH_BROKEN_OFF"))
                .toList();
    }

    private static long number(RunEvent.Warning warning, String key) {
        return Long.parseLong(warning.metadata().get(key));
    }

    @Test
    void batches_overlap_and_a_row_that_refers_to_rows_of_two_of_them_is_counted_once() throws SQLException {
        Database target = referredTwice();
        AtomicInteger together = new AtomicInteger();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            engine.gate().act(runId -> {
                if (together.get() < 5 && anotherWorks(target, runId)) {
                    together.incrementAndGet();
                }
            });
            RunView run = engine.awaitEnd(start(engine, removal(target, 9_000, false)));

            TestEngine.assertComplete(run, 9_000);
            assertThat(run.totals().rowsCascaded()).isEqualTo(9_000);
            assertThat(together.get()).isPositive();
        }
        assertThat(target.number("SELECT count(*) FROM child")).isEqualTo(900);
    }

    @Test
    void where_a_trigger_of_users_fires_they_do_not() throws SQLException {
        Database target = referredTwice();
        target.execute(
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
                "CREATE TRIGGER nothing BEFORE DELETE ON child FOR EACH ROW EXECUTE FUNCTION nothing()");
        AtomicInteger together = new AtomicInteger();
        AtomicInteger commits = new AtomicInteger();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            engine.gate().act(runId -> {
                if (commits.incrementAndGet() == 4 && anotherWorks(target, runId)) {
                    together.incrementAndGet();
                }
            });
            TestEngine.assertComplete(engine.awaitEnd(start(engine, removal(target, 9_000, false))), 9_000);
        }
        assertThat(commits.get()).isGreaterThanOrEqualTo(4);
        assertThat(together.get()).isZero();
    }

    /** Sessions die now and then, so that batches that were worked ahead are worked again. */
    @Test
    void they_overlap_where_children_are_kept_and_each_row_is_kept_once() throws SQLException {
        Database target = referredTwice();
        AtomicInteger together = new AtomicInteger();
        AtomicInteger commits = new AtomicInteger();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            engine.gate().act(runId -> {
                if (together.get() < 3 && anotherWorks(target, runId)) {
                    together.incrementAndGet();
                } else if (commits.incrementAndGet() % 3 == 2 && commits.get() < 9) {
                    target.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                            + " WHERE application_name = 'caretaker/" + runId + "'");
                }
            });
            RunView run = engine.awaitEnd(start(engine, keeping(removal(target, 9_000, false), target)));

            TestEngine.assertComplete(run, 9_000);
            assertThat(run.totals().rowsCascaded()).isEqualTo(9_000);
            assertThat(together.get()).isPositive();
        }
        assertThat(target.number("SELECT count(DISTINCT id) FROM old_t")).isEqualTo(9_000);
        assertThat(target.number("SELECT count(*) FROM old_t")).isEqualTo(9_000);
        assertThat(target.number("SELECT count(*) FROM (SELECT t FROM child UNION SELECT t FROM old_child) AS u"))
                .isEqualTo(9_900);
        assertThat(target.number("SELECT count(*) FROM old_child")).isEqualTo(9_000);
    }

    private static StepSpec keeping(StepSpec step, Database target) throws SQLException {
        TableName child = new TableName("public", "child");
        KeptChild kept = new KeptChild(
                TestEngine.oid(target, "child"),
                child,
                new Keeper.Table(new TableName("public", "old_child"), child, List.of("t", "later"), false),
                Stream.of("t", "later")
                        .map(column -> new KeptChild.Way(
                                KeptChild.STEP,
                                new Eligibility.ReferencingKey(
                                        "child_" + column + "_fkey", child, List.of(KeyColumn.plain("id", column)))))
                        .toList(),
                40);
        RowRemoval removal = ((RowRemoval) step.parameters())
                .keptBy(new Keeper.Table(new TableName("public", "old_t"), TABLE, List.of("id", "at"), false))
                .withChildren(List.of(kept));
        return new StepSpec(step.kind(), TABLE, "p", step.rowsExpected(), removal);
    }

    /** Each row of the child refers to a row and to one a little later. */
    private static Database referredTwice() throws SQLException {
        Database target = TestPostgres.newest().database();
        target.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz)",
                "INSERT INTO t SELECT i, timestamptz '2025-01-01' + (i - 9001) * interval '1 minute'"
                        + " FROM generate_series(1, 10000) i",
                "CREATE INDEX t_at ON t (at)",
                "CREATE TABLE child (t int REFERENCES t ON DELETE CASCADE, later int REFERENCES t ON DELETE CASCADE)",
                "INSERT INTO child SELECT i, i + 100 FROM generate_series(1, 9900) i",
                "CREATE INDEX ON child (t)",
                "CREATE INDEX ON child (later)",
                "ANALYZE");
        return target;
    }

    private static boolean anotherWorks(Database target, UUID runId) {
        long giveUp = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (System.nanoTime() < giveUp) {
            if (target.number("SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                            + " AND application_name = 'caretaker/" + runId + "'")
                    == 2) {
                return true;
            }
            Waits.sleep(Duration.ofMillis(5));
        }
        return false;
    }

    private static UUID start(TestEngine engine, StepSpec step) {
        return engine.start(TUNING, Optional.empty(), Optional.empty(), RowLimits.NONE, step);
    }

    private static StepSpec removal(Database target, long rows, boolean kin) throws SQLException {
        RelationState state;
        try (Connection connection = target.connect()) {
            state = RelationState.read(connection, TestEngine.oid(target, "t")).orElseThrow();
        }
        Eligibility eligible = new Eligibility(
                state.oid(),
                TABLE,
                "at",
                TimeColumn.Kind.TIMESTAMPTZ,
                "timestamp with time zone",
                "2025-01-01 00:00:00+00",
                Optional.empty(),
                Map.of(),
                List.of(),
                List.of());
        RowRemoval removal = new RowRemoval(
                eligible,
                state.fingerprint(),
                state.relfilenode(),
                50,
                Optional.of(new RowRemoval.IndexPath(new TableName("public", "t_at"), List.of(Map.of()))),
                List.of(new TableName("public", "child")),
                false);
        return new StepSpec("index-range", TABLE, "p", rows, kin ? removal.with(itself(eligible), true) : removal);
    }

    private static Kinship itself(Eligibility eligible) {
        Eligibility.ReferencingKey key =
                new Eligibility.ReferencingKey("t_parent_fkey", TABLE, List.of(KeyColumn.plain("id", "parent")));
        Kinship.Table all = new Kinship.Table(
                TABLE,
                List.of("id"),
                List.of(new Kinship.Part(eligible.oid(), TABLE)),
                List.of(new Kinship.Rows(eligible, List.of(eligible.oid()))));
        return new Kinship(List.of(all), List.of(new Kinship.Key(0, 0, key, true)));
    }
}
