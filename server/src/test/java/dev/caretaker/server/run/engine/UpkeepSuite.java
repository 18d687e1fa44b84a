package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.partition.upkeep.step.DefaultAdoption;
import dev.caretaker.server.partition.upkeep.step.NewPartition;
import dev.caretaker.server.partition.upkeep.step.PartitionCreation;
import dev.caretaker.server.partition.upkeep.step.PartitionRetirement;
import dev.caretaker.server.partition.upkeep.step.RetiredReattachment;
import dev.caretaker.server.partition.upkeep.step.UpkeepKinds;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Steps of upkeep on the engine: what is steered, broken off and stood in the way of. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UpkeepSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LEFT = "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'";
    /** As long as nobody of the application may wait. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final String WAITING =
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0) * 1000"
                    + " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                    + " WHERE NOT l.granted AND a.application_name = 'application'";

    private final TestPostgres postgres;
    private Database target;
    private TestEngine engine;

    UpkeepSuite(TestPostgres postgres) {
        this.postgres = postgres;
    }

    @BeforeAll
    void start() {
        target = postgres.database();
        engine = TestEngine.start(TestPostgres.controlStore(), target);
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void the_check_of_an_adoption_goes_at_a_pause_and_the_adoption_goes_on_afterwards() throws SQLException {
        UUID run;
        try (Connection reader = adoptable("paused")) {
            run = engine.start(adoption("paused"));
            awaitCheck();
            engine.runs().pause(run, TestEngine.ALICE, "test");
            engine.awaitState(run, RunState.PAUSED);
            assertThat(target.number(LEFT)).isZero();
            reader.rollback();
        }
        engine.runs().resume(run, TestEngine.ALICE, "test");
        assertThat(engine.awaitEnd(run).outcome()).contains(Outcome.COMPLETE);
        assertThat(target.number("SELECT count(*) FROM \"paused rows\"")).isEqualTo(100);
        assertThat(target.number(LEFT)).isZero();
    }

    @Test
    void the_check_of_an_adoption_goes_at_a_cancel_and_nothing_is_changed() throws SQLException {
        try (Connection reader = adoptable("cancelled")) {
            UUID run = engine.start(adoption("cancelled"));
            awaitCheck();
            engine.runs().cancel(run, TestEngine.ALICE, "test");
            assertThat(engine.awaitEnd(run).outcome()).contains(Outcome.CANCELLED);
            assertThat(target.number(LEFT)).isZero();
            reader.rollback();
        }
        assertThat(target.number("SELECT count(*) FROM cancelled_default")).isEqualTo(100);
    }

    @Test
    void an_adoption_that_never_gets_its_lock_fails_says_why_and_leaves_no_check() throws SQLException {
        try (Connection reader = adoptable("stuck")) {
            UUID run = engine.start(adoption("stuck"));
            RunView ended = engine.awaitEnd(run);
            assertThat(ended.outcome()).contains(Outcome.FAILED);
            assertThat(ended.error().orElseThrow().message())
                    .contains("the report")
                    .contains("public.stuck_owners");
            assertThat(target.number(LEFT)).isZero();
            reader.rollback();
        }
    }

    @Test
    void one_that_fails_never_stops_another_and_no_session_of_the_application_waits_long() throws Exception {
        target.execute(
                "CREATE TABLE busy_owners (id int PRIMARY KEY)",
                "INSERT INTO busy_owners SELECT generate_series(1, 10)",
                "CREATE TABLE busy (id bigint, at timestamptz, owner int REFERENCES busy_owners)"
                        + " PARTITION BY RANGE (at)",
                "CREATE INDEX ON busy (at)",
                "CREATE TABLE busy_now PARTITION OF busy FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')",
                "CREATE TABLE busy_default PARTITION OF busy DEFAULT",
                "CREATE VIEW busy_4 AS SELECT 1 AS taken");
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> application = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            application.add(CompletableFuture.runAsync(() -> work(
                    stop,
                    "INSERT INTO busy VALUES (1, '2025-01-10', 1)",
                    "INSERT INTO busy VALUES (1, '2030-01-10', 2)",
                    "SELECT count(*) FROM busy JOIN busy_owners o ON o.id = owner",
                    "UPDATE busy_owners SET id = id WHERE id = 3",
                    "DELETE FROM busy")));
        }
        CompletableFuture<Double> watcher = CompletableFuture.supplyAsync(() -> watch(stop));
        List<StepSpec> steps = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            steps.add(creation("busy", "busy_" + i, 2_000 + i));
        }
        RunView ended = engine.awaitEnd(engine.start(steps.toArray(StepSpec[]::new)));
        stop.set(true);
        for (CompletableFuture<Void> worker : application) {
            worker.get();
        }
        assertThat(ended.outcome()).contains(Outcome.FAILED);
        assertThat(ended.steps())
                .filteredOn(step -> step.outcome().equals(Optional.of(Outcome.COMPLETE)))
                .hasSize(11);
        assertThat(watcher.get()).as("longest wait in ms").isLessThan(LONGEST_WAIT.toMillis());
        assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'busy'::regclass"))
                .isEqualTo(13);
    }

    @Test
    void no_session_of_the_application_waits_long_for_an_adoption_a_plain_detach_and_an_attach() throws Exception {
        adoptable("exchanged").close();
        target.execute(
                "CREATE TABLE exchanged_old PARTITION OF exchanged FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "INSERT INTO exchanged VALUES (1, '2020-01-10', 1)",
                "CREATE VIEW exchanged_seen AS SELECT * FROM exchanged");
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> application = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            application.add(CompletableFuture.runAsync(() -> work(
                    stop,
                    "INSERT INTO exchanged VALUES (0, '2025-06-10', 1)",
                    "SELECT count(*) FROM exchanged JOIN exchanged_owners o ON o.id = owner",
                    "DELETE FROM exchanged WHERE id = 0")));
        }
        for (String read : List.of("exchanged_seen", "exchanged_owners")) {
            application.add(CompletableFuture.runAsync(() -> work(
                    stop, "BEGIN", "SELECT count(*), pg_sleep(0.15) FROM " + read, "COMMIT", "SELECT pg_sleep(0.15)")));
        }
        CompletableFuture<Double> watcher = CompletableFuture.supplyAsync(() -> watch(stop));
        long old = TestEngine.oid(target, "exchanged_old");
        List<StepSpec> steps = List.of(adoption("exchanged"), retirement("exchanged", "exchanged_old", old));
        for (StepSpec step : steps) {
            assertThat(engine.awaitEnd(engine.start(step)).outcome()).contains(Outcome.COMPLETE);
        }
        assertThat(target.number("SELECT count(*) FROM exchanged WHERE at < '2021-01-01'"))
                .isZero();
        TableName partition = new TableName("public", "exchanged_old");
        UUID again = engine.start(new StepSpec(
                UpkeepKinds.REATTACH,
                partition,
                "",
                0,
                new RetiredReattachment(
                        "exchanged",
                        target.number("SELECT system_identifier FROM pg_control_system()"),
                        old,
                        partition,
                        new TableName("public", "exchanged"),
                        "2020-01-01 00:00:00+00",
                        "2021-01-01 00:00:00+00")));
        assertThat(engine.awaitEnd(again).outcome()).contains(Outcome.COMPLETE);
        stop.set(true);
        for (CompletableFuture<Void> worker : application) {
            worker.get();
        }
        assertThat(watcher.get()).as("longest wait in ms").isLessThan(LONGEST_WAIT.toMillis());
        assertThat(target.number("SELECT count(*) FROM exchanged WHERE id > 0")).isEqualTo(101);
        assertThat(target.number("SELECT count(*) FROM \"exchanged rows\" WHERE id > 0"))
                .isEqualTo(100);
    }

    private void work(AtomicBoolean stop, String... statements) {
        try (Connection connection = target.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET application_name = 'application'");
            while (!stop.get()) {
                for (String each : statements) {
                    statement.execute(each);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private double watch(AtomicBoolean stop) {
        double longest = 0;
        try (Connection connection = target.connect();
                var statement = connection.createStatement()) {
            while (!stop.get()) {
                var rows = statement.executeQuery(WAITING);
                rows.next();
                longest = Math.max(longest, rows.getDouble(1));
                statement.execute("SELECT pg_sleep(0.02)");
            }
            return longest;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void case_2_a_detach_that_is_cancelled_while_it_waits_is_brought_to_its_end_and_recorded() throws SQLException {
        target.execute(
                "CREATE TABLE old (at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE old_1 PARTITION OF old FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "INSERT INTO old VALUES ('2020-01-10')");
        UUID run;
        try (Connection reader = target.connect()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM old");
            run = engine.start(retirement("old", "old_1", TestEngine.oid(target, "old_1")));
            await("it is half detached")
                    .atMost(PATIENCE)
                    .until(() -> target.number(
                                    "SELECT count(*) FROM pg_inherits WHERE inhrelid = 'old_1'::regclass AND inhdetachpending")
                            == 1);
            engine.runs().cancel(run, TestEngine.ALICE, "test");
            reader.rollback();
        }
        engine.awaitEnd(run);
        await("the detach is finished, by the run or as its debt")
                .atMost(PATIENCE)
                .until(() -> target.number("SELECT count(*) FROM pg_inherits WHERE inhrelid = 'old_1'::regclass") == 0);
        assertThat(target.number("SELECT count(*) FROM old_1")).isEqualTo(1);
    }

    /** A table with 100 rows in its default partition, and somebody who reads the table that it references. */
    private Connection adoptable(String table) throws SQLException {
        target.execute(
                "CREATE TABLE " + table + "_owners (id int PRIMARY KEY)",
                "INSERT INTO " + table + "_owners VALUES (1)",
                "CREATE TABLE " + table + " (id int, at timestamptz, owner int REFERENCES " + table + "_owners)"
                        + " PARTITION BY RANGE (at)",
                "CREATE TABLE " + table + "_default PARTITION OF " + table + " DEFAULT",
                "INSERT INTO " + table + " SELECT i, '2025-06-01', 1 FROM generate_series(1, 100) i");
        Connection reader = target.connect();
        reader.setAutoCommit(false);
        reader.createStatement().execute("SET application_name = 'the report'");
        reader.createStatement().execute("SELECT count(*) FROM " + table + "_owners");
        return reader;
    }

    private void awaitCheck() {
        await("the check is validated").atMost(PATIENCE).until(() -> target.number(LEFT + " AND convalidated") == 1);
    }

    private StepSpec adoption(String table) {
        TableName name = new TableName("public", table + "_default");
        return new StepSpec(
                UpkeepKinds.ADOPT,
                name,
                "",
                0,
                new DefaultAdoption(
                        table,
                        TestEngine.oid(target, table),
                        new TableName("public", table),
                        TestEngine.oid(target, table + "_default"),
                        name,
                        new TableName("public", table + " rows"),
                        "at",
                        "timestamp with time zone",
                        "2025-01-01 00:00:00+00",
                        "2026-01-01 00:00:00+00",
                        10));
    }

    /** Of the year 2020. */
    private StepSpec retirement(String table, String partition, long oid) {
        TableName name = new TableName("public", partition);
        return new StepSpec(
                UpkeepKinds.RETIRE,
                name,
                "",
                0,
                new PartitionRetirement(
                        table,
                        TestEngine.oid(target, table),
                        new TableName("public", table),
                        oid,
                        name,
                        "2020-01-01 00:00:00+00",
                        "2021-01-01 00:00:00+00",
                        Optional.of(Duration.ofDays(7))));
    }

    private StepSpec creation(String table, String partition, int year) {
        TableName name = new TableName("public", partition);
        return new StepSpec(
                UpkeepKinds.CREATE,
                name,
                "",
                0,
                new PartitionCreation(
                        table,
                        TestEngine.oid(target, table),
                        new TableName("public", table),
                        List.of(new NewPartition(
                                name,
                                Optional.of(year + 100 + "-01-01 00:00:00+00"),
                                Optional.of(year + 101 + "-01-01 00:00:00+00")))));
    }
}
