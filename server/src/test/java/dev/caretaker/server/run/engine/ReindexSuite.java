package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.reindex.Leftovers;
import dev.caretaker.server.reindex.ReindexRequest;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Rebuilds as runs, broken off in every phase. Transactions of others hold a phase; where none can, rows do that take their
 * time to be indexed while the gate is shut.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReindexSuite {
    private static final String INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

    private final TestPostgres server;
    private Database target;
    private TestEngine engine;

    ReindexSuite(TestPostgres server) {
        this.server = server;
    }

    @BeforeAll
    void start() {
        target = server.database();
        engine = TestEngine.start(server.database(), target);
        target.execute("CREATE TABLE gate (shut int)", """
                CREATE FUNCTION gated(number bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$
                BEGIN
                    IF EXISTS (SELECT FROM public.gate) THEN
                        PERFORM pg_catalog.pg_sleep(0.05);
                    END IF;
                    RETURN number;
                END $$""");
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @BeforeEach
    void openTheGate() {
        target.execute("TRUNCATE gate");
    }

    @Test
    void cancel_while_it_waits_for_its_lock_leaves_nothing_behind() throws SQLException {
        table("waiting");
        try (Connection other = begin("LOCK TABLE waiting IN SHARE UPDATE EXCLUSIVE MODE")) {
            var run = engine.start(reindex("waiting"));
            awaitRebuilding(run, " AND wait_event_type = 'Lock'", 1);
            cancelledWithoutTrace(run, "waiting", other);
        }
    }

    @Test
    void cancel_while_it_waits_for_writers_before_the_build_leaves_nothing_behind() throws SQLException {
        table("before_build");
        try (Connection writer = writing("before_build")) {
            var run = engine.start(reindex("before_build"));
            awaitPhase(run, "before_build", "waiting for writers before build");
            cancelledWithoutTrace(run, "before_build", writer);
        }
    }

    @Test
    void cancel_while_it_builds_leaves_nothing_behind() throws SQLException {
        table("building");
        target.execute("INSERT INTO gate VALUES (1)");
        var run = engine.start(reindex("building"));
        awaitPhase(run, "building", "building index%");
        cancelledWithoutTrace(run, "building");
    }

    @Test
    void cancel_while_it_waits_for_writers_before_validation_leaves_nothing_behind() throws SQLException {
        table("before_validation");
        try (Connection first = writing("before_validation")) {
            var run = engine.start(reindex("before_validation"));
            awaitPhase(run, "before_validation", "waiting for writers before build");
            try (Connection second = writing("before_validation", 2)) {
                first.rollback();
                awaitPhase(run, "before_validation", "waiting for writers before validation");
                cancelledWithoutTrace(run, "before_validation", second);
            }
        }
    }

    @Test
    void cancel_while_it_validates_leaves_nothing_behind() throws SQLException {
        table("validating");
        try (Connection first = writing("validating")) {
            var run = engine.start(reindex("validating"));
            awaitPhase(run, "validating", "waiting for writers before build");
            // Rows that the build does not see are added when it validates.
            try (Connection second =
                    begin("INSERT INTO validating SELECT i, false, 'late' FROM generate_series(10001, 11000) AS i")) {
                first.rollback();
                awaitPhase(run, "validating", "waiting for writers before validation");
                target.execute("INSERT INTO gate VALUES (1)");
                second.commit();
                awaitPhase(run, "validating", "index validation: scanning table");
                cancelledWithoutTrace(run, "validating");
            }
        }
    }

    @Test
    void cancel_while_it_waits_for_old_snapshots_leaves_nothing_behind() throws SQLException {
        table("snapshots");
        try (Connection old = target.connect()) {
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            old.setAutoCommit(false);
            old.createStatement().execute("SELECT count(*) FROM gate");
            var run = engine.start(reindex("snapshots"));
            awaitPhase(run, "snapshots", "waiting for old snapshots");
            engine.await(
                    run,
                    view -> soFar(view).stream().anyMatch(event -> event.phase().contains("now for postgres")));
            cancelledWithoutTrace(run, "snapshots", old);
        }
    }

    @Test
    void cancel_after_the_names_were_swapped_leaves_nothing_behind() throws SQLException {
        table("swapped");
        long before = TestEngine.oid(target, "swapped_gated");
        try (Connection reader = reading("swapped")) {
            var run = engine.start(reindex("swapped"));
            awaitPhase(run, "swapped", "waiting for readers before marking dead");
            cancelledWithoutTrace(run, "swapped", reader);
        }
        assertThat(TestEngine.oid(target, "swapped_gated")).isNotEqualTo(before);
    }

    @Test
    void cancel_before_the_old_index_is_dropped_leaves_nothing_behind() throws SQLException {
        table("dropping");
        try (Connection first = reading("dropping")) {
            var run = engine.start(reindex("dropping"));
            awaitPhase(run, "dropping", "waiting for readers before marking dead");
            try (Connection second = reading("dropping")) {
                first.rollback();
                awaitPhase(run, "dropping", "waiting for readers before dropping");
                cancelledWithoutTrace(run, "dropping", second);
            }
        }
    }

    @Test
    void a_deadline_holds_though_a_transaction_keeps_the_leftover_and_the_next_rebuild_drops_it() throws SQLException {
        table("late");
        try (Connection writer = writing("late")) {
            RunView ended = engine.awaitEnd(startLate("late"));
            assertInTime(ended);
            assertThat(ended.steps().getFirst().message())
                    .contains("The deadline was reached.", "public.late_gated_ccnew")
                    .contains("DROP INDEX CONCURRENTLY IF EXISTS \"public\".\"late_gated_ccnew\";");
            assertThat(engine.warnings(ended.id())).contains("LEFTOVER_STAYS");
            assertThat(target.number(INVALID)).isEqualTo(1);
        }
        RunView again = engine.awaitEnd(engine.start(reindex("late")));
        assertThat(again.outcome()).contains(Outcome.COMPLETE);
        assertThat(again.steps().getFirst().message()).contains("Rebuilt");
        assertThat(target.number(INVALID)).isZero();
    }

    @Test
    void what_a_deadline_left_is_cleaned_on_request_too() throws SQLException {
        table("later");
        try (Connection writer = writing("later")) {
            assertInTime(engine.awaitEnd(startLate("later")));
        }
        Leftovers leftovers = engine.bean(Leftovers.class);
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> leftovers.drop("shop").stream().allMatch(Leftovers.Result::dropped));
        assertThat(target.number(INVALID)).isZero();
    }

    @Test
    void leftovers_of_a_table_and_of_its_toast_table_go_at_once() throws SQLException {
        target.execute("CREATE TABLE wide (id int PRIMARY KEY, what text)");
        try (Connection reader = target.connect();
                Connection builder = target.connect();
                Statement read = reader.createStatement();
                Statement rebuild = builder.createStatement()) {
            reader.setAutoCommit(false);
            read.execute("SELECT FROM wide");
            rebuild.execute("SET statement_timeout = '500ms'");
            assertThatThrownBy(() -> rebuild.execute("REINDEX TABLE CONCURRENTLY wide"))
                    .hasMessageContaining("statement timeout");
        }
        assertThat(engine.bean(Leftovers.class).drop("shop")).hasSize(2).allMatch(Leftovers.Result::dropped, "dropped");
    }

    private UUID startLate(String table) {
        return engine.start(
                TestEngine.TUNING,
                Optional.of(Instant.now().plusSeconds(2)),
                Optional.empty(),
                RowLimits.NONE,
                reindex(table));
    }

    private static void assertInTime(RunView ended) {
        assertThat(ended.outcome()).contains(Outcome.DEADLINE);
        assertThat(Duration.between(
                        ended.deadline().orElseThrow(), ended.ended().orElseThrow()))
                .isLessThan(Duration.ofSeconds(2));
    }

    /** Cancels, lets the others go, and looks whether all is as it was. */
    private void cancelledWithoutTrace(UUID run, String table, Connection... others) throws SQLException {
        engine.runs().cancel(run, TestEngine.ALICE, "enough");
        awaitRebuilding(run, "", 0);
        for (Connection other : others) {
            other.rollback();
        }
        RunView ended = engine.awaitEnd(run);
        assertThat(ended.outcome()).contains(Outcome.CANCELLED);
        assertThat(ended.steps().getFirst().message()).isEqualTo("Cancelled by alice: enough");
        assertThat(target.value("SELECT string_agg(indexrelid::regclass::text || ' ' || indisvalid, ', ' ORDER BY 1)"
                        + " FROM (SELECT * FROM pg_index ORDER BY indexrelid::regclass::text) i"
                        + " WHERE indrelid = '" + table + "'::regclass"))
                .isEqualTo(table + "_gated true, " + table + "_pkey true");
        engine.awaitNoSessions(target, run);
        assertThat(soFar(ended)).extracting(RunEvent.Progress::fraction).isSorted();
    }

    private void awaitRebuilding(UUID run, String condition, int sessions) {
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> target.number("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                                + " AND query LIKE 'REINDEX%' AND application_name = 'caretaker/" + run + "'"
                                + condition)
                        == sessions);
    }

    private void awaitPhase(UUID run, String table, String phase) {
        Awaitility.await(phase)
                .atMost(20, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> target.number("SELECT count(*) FROM pg_stat_progress_create_index p"
                                + " JOIN pg_stat_activity a USING (pid) WHERE p.relid = '" + table + "'::regclass"
                                + " AND a.application_name = 'caretaker/" + run + "' AND p.phase LIKE '" + phase + "'")
                        == 1);
    }

    private List<RunEvent.Progress> soFar(RunView run) {
        return engine.soFar(run, RunEvent.Progress.class);
    }

    /** Its second index takes its time while the gate is shut. */
    private void table(String name) {
        TestEngine.table(target, name, 1_000);
        target.execute("CREATE INDEX " + name + "_gated ON " + name + " (gated(id))");
    }

    private Connection writing(String table) throws SQLException {
        return writing(table, 1);
    }

    private Connection writing(String table, int id) throws SQLException {
        return begin("UPDATE " + table + " SET payload = 'y' WHERE id = " + id);
    }

    /** Without a snapshot: an idle transaction that has read. */
    private Connection reading(String table) throws SQLException {
        return begin("LOCK TABLE " + table + " IN ACCESS SHARE MODE");
    }

    private Connection begin(String statement) throws SQLException {
        Connection connection = target.connect();
        connection.setAutoCommit(false);
        connection.createStatement().execute(statement);
        return connection;
    }

    private StepSpec reindex(String table) {
        TableName index = new TableName("public", table + "_gated");
        ReindexRequest request = new ReindexRequest(
                TestEngine.oid(target, index.name()),
                index,
                TestEngine.oid(target, table),
                new TableName("public", table),
                "named",
                Optional.empty(),
                false);
        return new StepSpec(ReindexRequest.STEP_KIND, index, "", 0, request);
    }
}
