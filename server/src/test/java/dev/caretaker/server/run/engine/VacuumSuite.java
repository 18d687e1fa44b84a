package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Vacuums as runs: locks of others, cancel and deadline. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VacuumSuite {
    private final TestPostgres server;
    private Database target;
    private TestEngine engine;

    VacuumSuite(TestPostgres server) {
        this.server = server;
    }

    @BeforeAll
    void start() {
        target = server.database();
        engine = TestEngine.start(server.database(), target);
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void a_locked_table_is_put_off_and_vacuumed_when_the_others_are_done() throws SQLException {
        TestEngine.table(target, "locked_a_while", 10);
        TestEngine.table(target, "free", 200_000);
        target.execute("UPDATE free SET payload = payload");
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE locked_a_while");
            var run = engine.start(
                    vacuum("locked_a_while", VacuumOptions.DEFAULT), vacuum("free", VacuumOptions.DEFAULT));
            engine.await(
                    run,
                    view -> engine.soFar(view, RunEvent.Warning.class).stream()
                            .anyMatch(e -> e.code().equals("STEP_PUT_OFF")));
            other.rollback();
            RunView ended = engine.awaitEnd(run);
            assertThat(ended.outcome()).contains(Outcome.COMPLETE);
            assertThat(ended.steps()).extracting(StepView::outcome).containsOnly(Optional.of(Outcome.COMPLETE));
            assertThat(ended.steps().get(0).ended().orElseThrow())
                    .isAfter(ended.steps().get(1).ended().orElseThrow());
        }
    }

    @Test
    void a_table_that_stays_locked_is_skipped_with_who_locks_it() throws SQLException {
        TestEngine.table(target, "locked", 10);
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SET application_name = 'the culprit'");
            other.createStatement().execute("LOCK TABLE locked");
            VacuumOptions skip = new VacuumOptions(
                    Verb.VACUUM,
                    true,
                    false,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            RunView ended =
                    engine.awaitEnd(engine.start(vacuum("locked", VacuumOptions.DEFAULT), vacuum("locked", skip)));
            assertThat(ended.steps()).extracting(StepView::outcome).containsOnly(Optional.of(Outcome.SKIPPED));
            assertThat(ended.steps())
                    .allSatisfy(step -> assertThat(step.message())
                            .contains("could not be locked, twice", "the culprit", "AccessExclusiveLock"));
        }
        assertThat(target.value("SELECT last_vacuum FROM pg_stat_user_tables WHERE relname = 'locked'"))
                .isNull();
    }

    @Test
    void a_deadline_ends_a_slow_vacuum_within_two_seconds() {
        TestEngine.table(target, "slow", 200_000);
        target.execute("UPDATE slow SET payload = payload");
        Instant deadline = Instant.now().plusSeconds(2);
        var run = engine.start(
                TestEngine.TUNING, Optional.of(deadline), Optional.empty(), RowLimits.NONE, vacuum("slow", slowly()));
        RunView ended = engine.awaitEnd(run);
        assertThat(ended.outcome()).contains(Outcome.DEADLINE);
        assertThat(Duration.between(deadline, ended.ended().orElseThrow())).isLessThan(Duration.ofSeconds(2));
        engine.awaitNoSessions(target, run);
    }

    @Test
    void cancel_stops_it_in_the_server_and_progress_never_went_back() {
        TestEngine.table(target, "cancelled", 200_000);
        target.execute("UPDATE cancelled SET payload = payload");
        var run = engine.start(vacuum("cancelled", slowly()), vacuum("cancelled", VacuumOptions.DEFAULT));
        engine.await(run, view -> engine.soFar(view, RunEvent.Progress.class).size() >= 3);
        engine.runs().cancel(run, TestEngine.ALICE, "enough");
        RunView ended = engine.awaitEnd(run);
        assertThat(ended.state()).isEqualTo(RunState.ENDED);
        assertThat(ended.outcome()).contains(Outcome.CANCELLED);
        engine.awaitNoSessions(target, run);
        assertThat(engine.soFar(ended, RunEvent.Progress.class).stream()
                        .map(RunEvent.Progress::fraction)
                        .toList())
                .isSorted();
        assertThat(engine.soFar(ended, RunEvent.Progress.class))
                .anySatisfy(event -> assertThat(event.phase()).contains("scanning heap"));
    }

    @Test
    void cancel_before_it_begins_leaves_the_table_as_it_was() throws SQLException {
        TestEngine.table(target, "not_begun", 10);
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE not_begun IN SHARE UPDATE EXCLUSIVE MODE");
            StepSpec step = vacuum("not_begun", VacuumOptions.DEFAULT);
            var run = engine.start(step, step, step, step, step);
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> target.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND query LIKE 'VACUUM%' AND application_name = 'caretaker/" + run + "'")
                            == 1);
            cancelledWithoutTrace(run);
        }
        assertThat(target.value("SELECT last_vacuum FROM pg_stat_user_tables WHERE relname = 'not_begun'"))
                .isNull();
    }

    @Test
    void cancel_while_indexes_are_vacuumed_stops_it_in_the_server() {
        TestEngine.table(target, "many_indexes", 50_000);
        for (int i = 0; i < 20; i++) {
            target.execute("CREATE INDEX ON many_indexes (id)");
        }
        target.execute("DELETE FROM many_indexes WHERE id % 10 = 0");
        var run = engine.start(vacuum("many_indexes", slowly(1_000)));
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> target.number("SELECT count(*) FROM pg_stat_progress_vacuum"
                                + " WHERE relid = 'many_indexes'::regclass AND phase = 'vacuuming indexes'")
                        == 1);
        RunView ended = cancelledWithoutTrace(run);
        assertThat(engine.soFar(ended, RunEvent.Progress.class))
                .extracting(RunEvent.Progress::fraction)
                .isSorted();
    }

    @Test
    void cancel_between_two_tables_keeps_what_the_first_became() throws SQLException {
        TestEngine.table(target, "first", 1_000);
        TestEngine.table(target, "second", 1_000);
        try (Connection other = target.connect()) {
            other.createStatement()
                    .execute("SELECT pg_advisory_lock(" + Session.FENCE_CLASS + ", 'second'::regclass::oid::int)");
            var run = engine.start(vacuum("first", VacuumOptions.DEFAULT), vacuum("second", VacuumOptions.DEFAULT));
            engine.awaitState(run, RunState.WAITING_LOCK);
            RunView ended = cancelledWithoutTrace(run);
            assertThat(ended.steps())
                    .extracting(step -> step.outcome().orElseThrow())
                    .containsExactly(Outcome.COMPLETE, Outcome.CANCELLED);
        }
    }

    private RunView cancelledWithoutTrace(UUID run) {
        engine.runs().cancel(run, TestEngine.ALICE, "enough");
        RunView ended = engine.awaitEnd(run);
        assertThat(ended.outcome()).contains(Outcome.CANCELLED);
        engine.awaitNoSessions(target, run);
        return ended;
    }

    @Test
    void who_keeps_dead_rows_is_told_before_and_after() throws SQLException {
        TestEngine.table(target, "kept", 5_000);
        try (Connection old = target.connect()) {
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            old.setAutoCommit(false);
            old.createStatement().execute("SET application_name = 'the report'");
            old.createStatement().execute("SELECT count(*) FROM kept");
            target.execute("DELETE FROM kept WHERE id <= 2000");
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> target.number("SELECT count(*) FROM pg_stat_activity JOIN pg_stat_user_tables"
                                    + " ON relname = 'kept' AND n_dead_tup = 2000 WHERE application_name = 'the report'"
                                    + " AND xact_start < clock_timestamp() - interval '1100 ms'")
                            == 1);
            RunView ended = engine.awaitEnd(engine.start(vacuum("kept", VacuumOptions.DEFAULT)));
            assertThat(engine.soFar(ended, RunEvent.Warning.class))
                    .singleElement()
                    .satisfies(warning -> {
                        assertThat(warning.code()).isEqualTo("XMIN_HELD");
                        assertThat(warning.message()).contains("public.kept", "the report");
                    });
            assertThat(ended.steps().getFirst().message()).contains("2,000 dead rows had to stay", "the report");
            assertThat(ended.totals().space().deadAfter()).isEqualTo(2_000);
        }
    }

    @Test
    void a_rewrite_returns_space_and_says_how_much() {
        TestEngine.table(target, "rewritten", 20_000);
        target.execute("DELETE FROM rewritten WHERE id % 2 = 0");
        RunView ended = engine.awaitEnd(engine.start(vacuum("rewritten", VacuumOptions.DEFAULT.with(Verb.FULL, true))));
        assertThat(ended.outcome()).contains(Outcome.COMPLETE);
        assertThat(ended.totals().bytesReturned()).isGreaterThan(500_000);
        assertThat(ended.steps().getFirst().message()).contains("Rewritten", "before and", "now");
    }

    private static VacuumOptions slowly() {
        return slowly(10);
    }

    private static VacuumOptions slowly(int costLimit) {
        return new VacuumOptions(
                Verb.VACUUM,
                false,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofMillis(100)),
                Optional.of(costLimit));
    }

    private StepSpec vacuum(String table, VacuumOptions options) {
        TableName name = new TableName("public", table);
        VacuumRequest request = VacuumRequest.of(TestEngine.oid(target, table), name, options, "");
        return new StepSpec(request.stepKind(), name, "", 0, request);
    }
}
