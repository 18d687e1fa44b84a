package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.ALICE;
import static dev.caretaker.server.run.engine.TestEngine.sessions;
import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Paces through the engine. A run that is alone has two sessions at the target, one beside others has one; the batches of a gentle
 * one are made of several pieces.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GivingWayToOthersTest {
    private static final Predicate<RunEvent.Throttled> OTHERS =
            event -> event.signal() == ThrottleSignal.OTHERS_AT_WORK;

    private static final int PIECE = 20;

    private final Database target = TestPostgres.newest().database();
    private TestEngine engine;

    @BeforeAll
    void start() {
        engine = TestEngine.start(TestPostgres.controlStore(), target);
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    private static UUID start(TestEngine engine, Pace pace, StepSpec... steps) {
        Tuning tuning = TestEngine.TUNING.at(Optional.of(pace));
        return engine.start(tuning, Optional.empty(), Optional.empty(), RowLimits.NONE, steps);
    }

    private static List<RunEvent.Throttled> throttled(TestEngine engine, UUID runId) {
        return engine.soFar(engine.runs().get(runId), RunEvent.Throttled.class);
    }

    private static void untilThrottled(TestEngine engine, UUID runId, Predicate<RunEvent.Throttled> event) {
        engine.await(
                runId,
                run -> engine.soFar(run, RunEvent.Throttled.class).stream().anyMatch(event));
    }

    private void untilSessions(UUID runId, long number) {
        Awaitility.await()
                .atMost(TestEngine.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> sessions(target, runId) == number);
    }

    /** In pieces of 20 rows, and of two milliseconds or so. */
    private StepSpec endless(String table) {
        table(target, table, 200_000);
        return slowDelete(target, table, PIECE, 1);
    }

    private void untilBatches(UUID runId, long sequence, Predicate<Long> rows) {
        engine.await(
                runId,
                run -> engine.soFar(run, RunEvent.Progress.class).stream()
                        .skip(sequence)
                        .anyMatch(progress -> rows.test(progress.batchRows())));
    }

    @Test
    void beside_an_application_a_run_gives_way_says_so_and_is_fast_again_when_it_has_gone() {
        StepSpec step = endless("adaptive");
        UUID runId;
        try (Application application = Application.start(target)) {
            runId = start(engine, Pace.ADAPTIVE, step);
            untilThrottled(engine, runId, OTHERS);
            assertThat(sessions(target, runId)).isEqualTo(1);
            // Their sessions are seen at once, how many transactions they make only after some batches.
            untilThrottled(engine, runId, OTHERS.and(event -> event.value() > 10));
            assertThat(throttled(engine, runId)).filteredOn(OTHERS).allSatisfy(event -> {
                assertThat(event.threshold()).isEqualTo(10);
                assertThat(event.pause()).isPositive();
            });
        }
        untilSessions(runId, 2);
        engine.runs().cancel(runId, ALICE, "seen enough");
        engine.awaitEnd(runId);
    }

    @Test
    void a_run_that_is_alone_becomes_gentle_when_an_application_comes() {
        UUID runId = start(engine, Pace.ADAPTIVE, endless("surprised"));
        untilSessions(runId, 2);
        try (Application application = Application.start(target)) {
            untilThrottled(engine, runId, OTHERS);
            untilSessions(runId, 1);
            engine.runs().cancel(runId, ALICE, "seen enough");
            engine.awaitEnd(runId);
        }
    }

    @Test
    void fast_gives_way_to_nobody_and_can_be_asked_for_while_the_run_works() {
        StepSpec step = endless("hurried");
        try (Application application = Application.start(target)) {
            UUID runId = start(engine, Pace.POLITE, step);
            untilBatches(runId, 0, rows -> rows > PIECE);
            engine.runs().tune(runId, ALICE, "", tuning -> tuning.at(Optional.of(Pace.FAST)));
            untilBatches(runId, 1, rows -> rows == PIECE);
            assertThat(throttled(engine, runId)).noneMatch(OTHERS);
            assertThat(sessions(target, runId)).isEqualTo(1);
            engine.runs().tune(runId, ALICE, "", tuning -> tuning.at(Optional.of(Pace.ADAPTIVE)));
            untilThrottled(engine, runId, OTHERS);
            engine.runs().cancel(runId, ALICE, "seen enough");
            engine.awaitEnd(runId);
        }
    }

    @Test
    void polite_works_in_pieces_though_nobody_is_there() {
        UUID runId = start(engine, Pace.POLITE, endless("polite"));
        untilBatches(runId, 0, rows -> rows > PIECE);
        assertThat(sessions(target, runId)).isEqualTo(1);
        assertThat(throttled(engine, runId)).noneMatch(OTHERS);
        engine.runs().cancel(runId, ALICE, "seen enough");
        engine.awaitEnd(runId);
    }

    @Test
    void a_role_that_sees_nothing_of_others_goes_by_transaction_ids_and_says_so() {
        Database blind = TestPostgres.newest().database();
        String role = "blind_" + blind.name();
        table(blind, "unseen", 200_000);
        StepSpec step = slowDelete(blind, "unseen", PIECE, 1);
        blind.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'blind'", "ALTER TABLE unseen OWNER TO " + role);
        try (TestEngine blindEngine = TestEngine.start(
                        TestPostgres.controlStore().url(),
                        blind.url() + "?user=" + role + "&password=blind",
                        Map.of());
                Application application = Application.start(target)) {
            UUID runId = start(blindEngine, Pace.ADAPTIVE, step);
            untilThrottled(blindEngine, runId, OTHERS);
            blindEngine.await(
                    runId,
                    run -> blindEngine.soFar(run, RunEvent.Warning.class).stream()
                            .anyMatch(warning -> warning.code().equals("PACE_SEES_LITTLE")));
            blindEngine.runs().cancel(runId, ALICE, "seen enough");
            blindEngine.awaitEnd(runId);
        }
    }

    /** A statement notes its own work_mem, and the next one, which is no longer gentle, too. */
    private StepSpec notesSettings(String table) {
        target.execute("CREATE TABLE " + table + " (work_mem text)");
        String note = "INSERT INTO " + table + " SELECT current_setting('work_mem')";
        return TestEngine.statements(
                target, table, RunStatements.Parameters.of(TestEngine.oid(target, table), note, note));
    }

    private String noted(String table) {
        return (String) target.value("SELECT string_agg(DISTINCT work_mem, ',') FROM " + table);
    }

    @Test
    void statements_get_their_gentle_settings_beside_an_application_and_tell() {
        StepSpec step = notesSettings("beside");
        try (Application application = Application.start(target)) {
            UUID runId = start(engine, Pace.ADAPTIVE, step);
            engine.awaitEnd(runId);
            assertThat(noted("beside")).isEqualTo("123kB");
            assertThat(throttled(engine, runId)).isNotEmpty().allSatisfy(event -> {
                assertThat(event.signal()).isEqualTo(ThrottleSignal.OTHERS_AT_WORK);
                assertThat(event.value()).isGreaterThan(10);
                assertThat(event.pause()).isEqualTo(Duration.ofMillis(2));
            });
        }
    }

    @Test
    void statements_run_as_they_are_where_nobody_is_or_where_that_is_wanted() {
        UUID alone = start(engine, Pace.ADAPTIVE, notesSettings("alone"));
        engine.awaitEnd(alone);
        assertThat(noted("alone")).isEqualTo("4MB");
        assertThat(throttled(engine, alone)).isEmpty();

        StepSpec step = notesSettings("fast");
        try (Application application = Application.start(target)) {
            engine.awaitEnd(start(engine, Pace.FAST, step));
        }
        assertThat(noted("fast")).isEqualTo("4MB");

        engine.awaitEnd(start(engine, Pace.POLITE, notesSettings("always")));
        assertThat(noted("always")).isEqualTo("123kB");
    }

    @Test
    void a_statement_that_began_alone_tells_once_that_it_does_not_give_way_to_who_comes_later() {
        target.execute("CREATE TABLE lonely ()");
        UUID runId = start(
                engine,
                Pace.ADAPTIVE,
                TestEngine.statements(
                        target,
                        "lonely",
                        RunStatements.Parameters.of(
                                TestEngine.oid(target, "lonely"), "DO 'BEGIN PERFORM pg_sleep(60); END'")));
        engine.await(
                runId,
                run -> TestEngine.look(
                                target,
                                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                                        + " AND application_name = 'caretaker/" + runId + "'")
                        == 1);
        try (Application application = Application.start(target)) {
            engine.await(
                    runId,
                    run -> engine.soFar(run, RunEvent.Warning.class).stream()
                            .anyMatch(warning -> warning.code().equals("PACE_IS_FIXED")));
        }
        engine.runs().cancel(runId, ALICE, "seen enough");
        engine.awaitEnd(runId);
    }

    @Test
    void a_vacuum_beside_an_application_has_a_cost_delay_and_one_whose_delay_was_chosen_keeps_it() {
        table(target, "swept", 5_000);
        StepSpec usual = vacuum("swept", VacuumOptions.DEFAULT);
        VacuumOptions chosen = new VacuumOptions(
                VacuumOptions.Verb.VACUUM,
                true,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofMillis(1)),
                Optional.empty());
        try (Application application = Application.start(target)) {
            UUID runId = start(engine, Pace.ADAPTIVE, usual);
            engine.awaitEnd(runId);
            assertThat(throttled(engine, runId))
                    .singleElement()
                    .satisfies(event -> assertThat(event.pause()).isPositive());

            UUID own = start(engine, Pace.ADAPTIVE, vacuum("swept", chosen));
            engine.awaitEnd(own);
            assertThat(throttled(engine, own)).isEmpty();
        }
    }

    private StepSpec vacuum(String table, VacuumOptions options) {
        TableName name = new TableName("public", table);
        VacuumRequest request = VacuumRequest.of(TestEngine.oid(target, table), name, options, "named");
        return new StepSpec(request.stepKind(), name, "", 0, request);
    }
}
