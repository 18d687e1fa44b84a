package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.PartitionDrop;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.step.RowRemoval;
import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.DebtStore;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The steps of a cleanup, run by the engine. */
class CleanupThroughEngineTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    /** With next to no pause after each batch: then they do not overlap, and DDL that waits gets in between. */
    private static final Tuning ONE_BY_ONE = new Tuning(Pace.FAST, Duration.ofMillis(100), 0, 0.001, 0, 0, 0);
    /** Whoever waits holds nothing back. */
    private static final Tuning OVERLAPPING = new Tuning(Pace.FAST, Duration.ofMillis(50), 0, 0, 0, 0, 0);

    @ParameterizedTest
    @MethodSource(BOTH)
    void partitions_ranges_lists_and_the_vacuum_after_them_make_one_run(TestPostgres server) throws SQLException {
        Database target = server.database();
        partitioned(target);
        for (String name : List.of("by_index", "by_blocks", "by_list")) {
            table(target, name);
        }
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            UUID runId = engine.start(
                    drop(target),
                    removal(target, "index-range", "by_index"),
                    removal(target, "block-range", "by_blocks"),
                    removal(target, "row-list", "by_list"),
                    vacuum(target, "by_blocks"));
            RunView run = engine.awaitEnd(runId);
            TestEngine.assertComplete(run, 100 + 3 * 4_000);
            assertThat(run.steps()).extracting(StepView::outcome).containsOnly(Optional.of(Outcome.COMPLETE));
            assertThat(run.totals().bytesReturned()).isPositive();
            assertThat(run.steps().getLast().message()).startsWith("Vacuumed");
            assertThat(run.steps()).allSatisfy(step -> {
                assertThat(step.totals().busy()).isPositive();
                assertThat(step.totals().walBytes()).isPositive();
            });
            assertThat(engine.warnings(runId)).isEmpty();
        }
        assertThat(target.number("SELECT count(*) FROM events")).isEqualTo(50);
        assertThat(target.number("SELECT count(*) FROM by_index")).isEqualTo(1_000);
    }

    @Test
    void the_end_of_a_step_and_the_start_of_the_next_share_a_commit() throws SQLException {
        Database target = TestPostgres.newest().database();
        Database control = TestPostgres.controlStore();
        partitioned(target);
        table(target, "next");
        try (TestEngine engine = TestEngine.start(control, target)) {
            UUID runId = engine.start(drop(target), removal(target, "index-range", "next"));
            TestEngine.assertComplete(engine.awaitEnd(runId), 100 + 4_000);
            assertThat(engine.bean(DebtStore.class).of(runId)).isEmpty();
            String ofRun = " FROM caretaker.run_event WHERE run_id = '" + runId + "' AND CAST(body AS text) ";
            assertThat(control.number("SELECT count(DISTINCT CAST(xmin AS text))" + ofRun
                            + "~ 'step-finished|step-started' AND sequence > (SELECT min(sequence)" + ofRun
                            + "~ 'step-started') AND sequence < (SELECT max(sequence)" + ofRun + "~ 'step-finished')"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void sessions_killed_before_their_commits_lose_no_row_and_no_count(TestPostgres server) throws SQLException {
        Database target = server.database();
        for (String kind : List.of("index-range", "block-range", "row-list")) {
            String name = kind.replace('-', '_');
            table(target, name);
            AtomicInteger kills = new AtomicInteger();
            try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
                engine.gate().act(runId -> {
                    if (kills.incrementAndGet() % 3 == 2 && kills.get() < 12) {
                        target.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                                + " WHERE application_name = 'caretaker/" + runId + "'");
                    }
                });
                TestEngine.assertComplete(engine.awaitEnd(engine.start(removal(target, kind, name))), 4_000);
            }
            assertThat(kills.get()).isGreaterThanOrEqualTo(3);
            assertThat(target.number("SELECT count(*) FROM " + name)).isEqualTo(1_000);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_whose_rows_are_referenced_fails_the_run_at_once_and_stays(TestPostgres server)
            throws SQLException {
        Database target = server.database();
        partitioned(target);
        target.execute(
                "CREATE TABLE child (id int, at timestamptz, FOREIGN KEY (id, at) REFERENCES events (id, at))",
                "INSERT INTO child SELECT id, at FROM events WHERE id = 7");
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            RunView run = engine.awaitEnd(engine.start(drop(target)));
            assertThat(run.outcome()).contains(Outcome.FAILED);
            assertThat(run.error().orElseThrow().reason()).hasToString("PINNED_BY_FOREIGN_KEY");
            assertThat(run.totals().retries()).isZero();
        }
        assertThat(target.number("SELECT count(*) FROM events")).isEqualTo(150);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void the_application_is_never_queued_behind_a_detach_for_longer_than_the_lock_timeout(TestPostgres server)
            throws Exception {
        Database target = server.database();
        partitioned(target);
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target);
                Connection reader = target.connect();
                Connection other = target.connect()) {
            reader.setAutoCommit(false);
            Sql.of("SELECT count(*) FROM old").one(reader, row -> row.getLong(1));
            UUID runId = engine.start(drop(target));
            await().atMost(TestEngine.PATIENCE)
                    .until(() -> target.number("SELECT count(*) FROM pg_locks WHERE NOT granted"
                                    + " AND mode = 'AccessExclusiveLock' AND relation = 'old'::regclass")
                            == 1);

            Instant asked = Instant.now();
            assertThat(Sql.of("SELECT count(*) FROM old").<Long>one(other, row -> row.getLong(1)))
                    .isEqualTo(100);
            // The lock timeout of tests is 300 ms; the rest is for a machine that is busy.
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofMillis(1_500));
            reader.rollback();

            RunView run = engine.awaitEnd(runId);
            TestEngine.assertComplete(run, 100);
            assertThat(run.totals().retries()).isPositive();
            assertThat(engine.warnings(runId)).contains("STATEMENT_RETRIED");
        }
        assertThat(target.value("SELECT to_regclass('old')::text")).isNull();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void once_the_detach_began_a_cancel_brings_it_to_its_end(TestPostgres server) throws Exception {
        Database target = server.database();
        partitioned(target);
        table(target, "next");
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target);
                Connection reader = target.connect()) {
            reader.setAutoCommit(false);
            Sql.of("SELECT count(*) FROM events").one(reader, row -> row.getLong(1));
            UUID runId = engine.start(drop(target), removal(target, "index-range", "next"));
            await().atMost(TestEngine.PATIENCE)
                    .until(() -> target.number("SELECT count(*) FROM pg_inherits WHERE inhdetachpending") == 1);

            engine.runs().cancel(runId, TestEngine.ALICE, "changed my mind");
            engine.awaitState(runId, RunState.CANCELLING);
            assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhdetachpending"))
                    .isEqualTo(1);
            reader.rollback();

            RunView run = engine.awaitEnd(runId);
            assertThat(run.outcome()).contains(Outcome.CANCELLED);
            assertThat(run.steps())
                    .extracting(step -> step.outcome().orElseThrow())
                    .containsExactly(Outcome.COMPLETE, Outcome.CANCELLED);
            assertThat(run.totals().rowsDeleted()).isEqualTo(100);
        }
        assertThat(target.value("SELECT to_regclass('old')::text")).isNull();
        assertThat(target.number("SELECT count(*) FROM next")).isEqualTo(5_000);
    }

    /** What others may do to a table while a run deletes from it. */
    private enum Change {
        RENAMED("ALTER TABLE %s RENAME TO %<s_moved", "%s_moved"),
        SWAPPED("ALTER TABLE %s RENAME TO %<s_moved; CREATE TABLE %<s AS SELECT * FROM %<s_moved", "%s_moved"),
        DROPPED("DROP TABLE %s", ""),
        RETYPED("ALTER TABLE %s ALTER COLUMN at TYPE date", "%s"),
        REWRITTEN("VACUUM FULL %s", "%s");

        final String ddl;
        final String keptIn;

        Change(String ddl, String keptIn) {
            this.ddl = ddl;
            this.keptIn = keptIn;
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_happens_to_a_table_during_its_run_loses_no_other_row_and_no_count(TestPostgres server)
            throws SQLException {
        Database target = server.database();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            for (String kind : List.of("index-range", "block-range", "row-list")) {
                for (Change change : Change.values()) {
                    changed(engine, target, kind, change, 4_000, ONE_BY_ONE);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void nor_does_what_happens_between_batches_that_overlap(TestPostgres server) throws SQLException {
        Database target = server.database();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            for (Change change : List.of(Change.SWAPPED, Change.REWRITTEN)) {
                changed(engine, target, "index-range", change, 40_000, OVERLAPPING);
            }
        }
    }

    /** Has somebody change a table once the first batch is ready to be committed, and compares what is left of it. */
    private static void changed(
            TestEngine engine, Database target, String kind, Change change, int eligible, Tuning tuning)
            throws SQLException {
        String name = (kind.replace('-', '_') + "_" + change).toLowerCase(Locale.ROOT);
        table(target, name, eligible);
        AtomicInteger commits = new AtomicInteger();
        engine.gate().act(runId -> {
            if (commits.incrementAndGet() == 1) {
                queue(target, change.ddl.formatted(name), name);
            }
        });
        RunView run = engine.awaitEnd(
                engine.start(tuning, Optional.empty(), Optional.empty(), RowLimits.NONE, removal(target, kind, name)));
        if (change == Change.REWRITTEN) {
            TestEngine.assertComplete(run, eligible);
        } else {
            assertThat(run.outcome()).as(name + run).contains(Outcome.FAILED);
            assertThat(run.error().map(RunError::reason)).as(name).contains("RELATION_CHANGED");
        }
        if (!change.keptIn.isEmpty()) {
            assertThat(target.number("SELECT count(*) FROM " + change.keptIn.formatted(name))
                            + run.totals().rowsDeleted())
                    .as(name)
                    .isEqualTo(eligible + 1_000);
        }
        if (change == Change.SWAPPED) {
            assertThat(target.number("SELECT count(*) FROM " + name))
                    .isEqualTo(target.number("SELECT count(*) FROM " + name + "_moved"));
        }
    }

    /** Has a statement wait for the lock that the batch before its commit holds, so that it comes before the next. */
    private static void queue(Database target, String statements, String table) {
        Thread.ofVirtual().start(() -> {
            try (Connection other = target.connect();
                    Statement statement = other.createStatement()) {
                statement.execute(statements); // several make one transaction
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> target.number("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '" + table
                        + "'::regclass AND mode = 'AccessExclusiveLock'")
                == 1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_disk_that_is_full_fails_the_run_with_its_reason_and_the_next_one_goes_on(TestPostgres server)
            throws SQLException {
        Database target = server.database();
        table(target, "crowded");
        target.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$",
                "CREATE TRIGGER full_disk BEFORE DELETE ON crowded FOR EACH ROW WHEN (OLD.id = 3000)"
                        + " EXECUTE FUNCTION full_disk()");
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            RunView run = engine.awaitEnd(engine.start(removal(target, "index-range", "crowded")));
            assertThat(run.outcome()).contains(Outcome.FAILED);
            assertThat(run.error().map(RunError::sqlState)).contains("53100");
            assertThat(run.error().orElseThrow().message()).contains("could not extend file");
            assertThat(run.totals().rowsDeleted())
                    .isPositive()
                    .isEqualTo(5_000 - target.number("SELECT count(*) FROM crowded"));

            target.execute("DROP TRIGGER full_disk ON crowded");
            RunView next = engine.awaitEnd(engine.start(removal(target, "index-range", "crowded")));
            TestEngine.assertComplete(next, 4_000 - run.totals().rowsDeleted());
        }
    }

    private static void partitioned(Database target) {
        target.execute(
                "CREATE TABLE events (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE old PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
                "CREATE TABLE p2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                "INSERT INTO events SELECT i, '2024-06-01' FROM generate_series(1, 100) i",
                "INSERT INTO events SELECT i, '2025-06-01' FROM generate_series(101, 150) i");
    }

    /** 5,000 rows, 4,000 of them eligible. */
    private static void table(Database target, String name) {
        table(target, name, 4_000);
    }

    /** So many eligible rows and 1,000 others. */
    private static void table(Database target, String name, int eligible) {
        target.execute(
                "CREATE TABLE " + name + " (id int, at timestamptz, filler text)",
                "INSERT INTO " + name + " SELECT i, timestamptz '2025-01-01' + (i - " + eligible
                        + " - 1) * interval '1 minute', repeat('x', 500) FROM generate_series(1, " + eligible
                        + " + 1000) i",
                "CREATE INDEX " + name + "_at ON " + name + " (at)",
                "ANALYZE " + name);
    }

    private static StepSpec removal(Database target, String kind, String name) throws SQLException {
        TableName table = new TableName("public", name);
        RelationState state = state(target, name);
        Eligibility eligible = new Eligibility(
                state.oid(),
                table,
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
                500,
                Optional.of(new RowRemoval.IndexPath(new TableName("public", name + "_at"), List.of(Map.of()))),
                List.of(),
                false);
        return new StepSpec(kind, table, "p", 4_000, removal);
    }

    private static StepSpec drop(Database target) throws SQLException {
        RelationState state = state(target, "old");
        PartitionDrop drop = new PartitionDrop(
                state.oid(),
                state.table(),
                TestEngine.oid(target, "events"),
                new TableName("public", "events"),
                state.fingerprint(),
                true,
                100,
                false);
        return new StepSpec("drop-partition", state.table(), "p", 100, drop);
    }

    private static StepSpec vacuum(Database target, String name) {
        TableName table = new TableName("public", name);
        VacuumRequest request = VacuumRequest.followUp(
                TestEngine.oid(target, name), table, VacuumRequest.Mode.AUTO, 1_000, 0.05, 5_000);
        return new StepSpec(request.stepKind(), table, "", 0, request);
    }

    private static RelationState state(Database target, String name) throws SQLException {
        try (Connection connection = target.connect()) {
            return RelationState.read(connection, TestEngine.oid(target, name)).orElseThrow();
        }
    }
}
