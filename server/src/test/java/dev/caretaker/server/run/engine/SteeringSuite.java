package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.ALICE;
import static dev.caretaker.server.run.engine.TestEngine.TUNING;
import static dev.caretaker.server.run.engine.TestEngine.assertComplete;
import static dev.caretaker.server.run.engine.TestEngine.delete;
import static dev.caretaker.server.run.engine.TestEngine.old;
import static dev.caretaker.server.run.engine.TestEngine.sessions;
import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Origin;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.run.WorkingHours;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How runs are paused, cancelled and bounded by deadline, window, row limit and pace. */
interface SteeringSuite extends OnEngine {

    @Test
    default void a_paused_run_holds_nothing_and_goes_on_from_its_cursor() {
        table(target(), "paused", 5_000);
        UUID runId = engine().start(slowDelete(target(), "paused", 100, 20));
        engine().awaitRows(runId, 300);

        engine().runs().pause(runId, ALICE, "lunch");
        RunView paused = engine().awaitState(runId, RunState.PAUSED);

        assertThat(paused.stateReason()).contains("alice").contains("lunch");
        assertThat(sessions(target(), runId)).isZero();
        assertThat(paused.totals().rowsDeleted()).isEqualTo(4_500 - old(target(), "paused"));

        engine().runs().resume(runId, ALICE, "");
        RunView run = engine().awaitEnd(runId);
        assertComplete(run, 4_500);
        assertThat(run.epoch()).isEqualTo(2);
        assertThat(engine().events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(
                                RunEvent.StepStarted.class,
                                started -> assertThat(started.resumed()).isTrue()));
    }

    @Test
    default void a_cancel_in_the_middle_of_a_batch_rolls_it_back() {
        table(target(), "cancelled", 1_000);
        UUID runId = engine().start(slowDelete(target(), "cancelled", 100, 60_000));
        engine().awaitState(runId, RunState.RUNNING);
        org.awaitility.Awaitility.await()
                .until(() -> target().number(
                                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep($1%' AND state = 'active'"
                                                + " AND application_name = 'caretaker/" + runId + "'")
                        == 1);

        RunView asked = engine().runs().cancel(runId, ALICE, "wrong table");
        assertThat(asked.state()).isEqualTo(RunState.CANCELLING);

        RunView run = engine().awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.CANCELLED);
        assertThat(run.totals().rowsDeleted()).isZero();
        assertThat(old(target(), "cancelled")).isEqualTo(900);
        assertThatThrownBy(() -> engine().runs().cancel(runId, ALICE, ""))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RUN_ENDED));
    }

    @Test
    default void a_paused_run_is_cancelled_at_once() {
        table(target(), "parked", 5_000);
        UUID runId = engine().start(slowDelete(target(), "parked", 100, 20));
        engine().awaitRows(runId, 300);
        engine().runs().pause(runId, ALICE, "");
        engine().awaitState(runId, RunState.PAUSED);

        RunView run = engine().runs().cancel(runId, ALICE, "enough");

        assertThat(run.state()).isEqualTo(RunState.ENDED);
        assertThat(run.outcome()).contains(Outcome.CANCELLED);
        assertThat(run.steps().getFirst().outcome()).contains(Outcome.CANCELLED);
        assertThat(run.totals().rowsDeleted()).isEqualTo(4_500 - old(target(), "parked"));
        assertThat(engine().events(runId).getLast().event()).isInstanceOf(RunEvent.Finished.class);
    }

    @Test
    default void the_steps_of_a_cancelled_run_end_alike_whether_or_not_somebody_worked_on_it() {
        List.of("cut_gone", "cut_begun", "cut_behind").forEach(name -> table(target(), name, 5_000));
        StepSpec[] steps = {
            delete(target(), "cut_gone"), slowDelete(target(), "cut_begun", 10, 20), delete(target(), "cut_behind")
        };
        target().execute("DROP TABLE cut_gone");
        UUID working = engine().start(steps);
        engine().awaitRows(working, 10);
        engine().runs().cancel(working, ALICE, "enough");
        UUID parked = engine().start(steps);
        engine().awaitRows(parked, 10);
        engine().runs().pause(parked, ALICE, "");
        engine().awaitState(parked, RunState.PAUSED);
        assertThat(engine().runs().cancel(parked, ALICE, "enough").state()).isEqualTo(RunState.ENDED);

        for (UUID runId : List.of(working, parked)) {
            RunView run = engine().awaitEnd(runId);
            assertThat(run.outcome()).contains(Outcome.FAILED);
            assertThat(run.error()).isPresent();
            assertThat(run.steps().subList(1, 3))
                    .extracting(step -> step.outcome().orElseThrow(), StepView::message)
                    .containsExactly(
                            tuple(Outcome.CANCELLED, "Cancelled by alice: enough"),
                            tuple(Outcome.CANCELLED, "Not begun. Cancelled by alice: enough"));
            List<RunEvent> events = engine().events(runId).stream()
                    .map(TestEngine.Numbered::event)
                    .toList();
            assertThat(events.subList(events.size() - 3, events.size()))
                    .satisfiesExactly(
                            event -> assertEnded(event, run.steps().get(1)),
                            event -> assertEnded(event, run.steps().get(2)),
                            event -> assertThat(event).isInstanceOfSatisfying(RunEvent.Finished.class, finished -> {
                                assertThat(finished.outcome()).isEqualTo(Outcome.FAILED);
                                assertThat(finished.error()).isEqualTo(run.error());
                            }));
        }
    }

    private static void assertEnded(RunEvent event, StepView stored) {
        assertThat(event)
                .isInstanceOfSatisfying(
                        RunEvent.StepFinished.class,
                        finished -> assertThat(finished.step())
                                .usingRecursiveComparison()
                                .ignoringFields("ended") // the control store keeps microseconds
                                .isEqualTo(stored));
    }

    @Test
    default void an_unknown_run_is_not_found() {
        assertThatThrownBy(() -> engine().runs().get(UUID.randomUUID()))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RUN_NOT_FOUND));
    }

    @Test
    default void a_deadline_stops_a_batch_within_two_seconds() {
        table(target(), "late", 1_000);
        Instant deadline = Instant.now().plusSeconds(2);

        UUID runId = engine().start(
                        TUNING,
                        Optional.of(deadline),
                        Optional.empty(),
                        RowLimits.NONE,
                        slowDelete(target(), "late", 100, 60_000));

        RunView run = engine().awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.DEADLINE);
        assertThat(run.ended().orElseThrow()).isBetween(deadline, deadline.plusSeconds(2));
        assertThat(old(target(), "late")).isEqualTo(900);
    }

    @Test
    default void a_run_waits_for_its_window_and_holds_nothing() {
        table(target(), "windowed", 100);
        LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        RunWindow later = new RunWindow(now.plusHours(2), now.plusHours(3), ZoneId.of("UTC"));

        UUID runId = engine().start(
                        TUNING, Optional.empty(), Optional.of(later), RowLimits.NONE, delete(target(), "windowed"));

        RunView run = engine().awaitState(runId, RunState.WAITING_WINDOW);
        assertThat(run.stateReason())
                .isEqualTo("Waits: its window " + now.plusHours(2) + "-" + now.plusHours(3) + " UTC is closed until "
                        + later.nextOpening(Instant.now()) + ".");
        assertThat(run.server()).isEmpty();
        assertThat(sessions(target(), runId)).isZero();
        assertThat(old(target(), "windowed")).isEqualTo(90);
        assertThat(engine().runs().cancel(runId, ALICE, "").state()).isEqualTo(RunState.ENDED);
    }

    @Test
    default void time_counts_from_the_first_work_and_not_while_the_window_is_closed() {
        table(target(), "unhurried", 100);
        LocalTime soon = LocalTime.now(ZoneOffset.UTC).plusSeconds(4);
        RunWindow window = new RunWindow(soon, soon.plusHours(1), ZoneOffset.UTC);
        Instant tooSoon = Instant.now().plusSeconds(3);

        UUID runId = engine().start(
                        TUNING,
                        Optional.of(tooSoon),
                        Optional.of(window),
                        RowLimits.NONE,
                        delete(target(), "unhurried"));

        RunView waiting = engine().awaitState(runId, RunState.WAITING_WINDOW);
        assertThat(waiting.deadline()).isEmpty();
        assertThat(waiting.timeLeft().orElseThrow()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
        RunView run = engine().awaitEnd(runId);
        assertComplete(run, 90);
        assertThat(run.timeLeft()).isEmpty();
        assertThat(run.deadline().orElseThrow()).isAfter(run.started().orElseThrow());
    }

    @Test
    default void time_stands_still_when_the_window_closes_in_the_middle() {
        table(target(), "nightly", 1_000);
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        RunWindow window = new RunWindow(now.minusHours(1), now.plusSeconds(3), ZoneOffset.UTC);

        UUID runId = engine().start(
                        TUNING,
                        Optional.of(Instant.now().plusSeconds(60)),
                        Optional.of(window),
                        RowLimits.NONE,
                        slowDelete(target(), "nightly", 10, 200));

        RunView waiting = engine().awaitState(runId, RunState.WAITING_WINDOW);
        assertThat(waiting.started()).isPresent();
        assertThat(waiting.deadline()).isEmpty();
        assertThat(waiting.timeLeft().orElseThrow()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(59));
        engine().runs().cancel(runId, ALICE, "");
    }

    @Test
    default void a_run_that_is_to_ends_when_the_window_of_its_schedule_closes() {
        table(target(), "shift", 1_000);
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        RunWindow window = new RunWindow(now.minusHours(1), now.plusSeconds(3), ZoneOffset.UTC);

        UUID runId = Origin.within(
                new Origin(Optional.empty(), List.of(new WorkingHours(window, true))),
                () -> engine().start(
                                TUNING,
                                Optional.empty(),
                                Optional.empty(),
                                RowLimits.NONE,
                                slowDelete(target(), "shift", 10, 200)));

        RunView run = engine().awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.DEADLINE);
        assertThat(run.stateReason()).startsWith("Its window ").endsWith(" closed.");
        assertThat(run.totals().rowsDeleted()).isPositive().isEqualTo(900 - old(target(), "shift"));
    }

    @Test
    default void a_run_works_only_within_all_of_its_windows_and_is_refused_if_they_never_meet() {
        table(target(), "shifts", 100);
        LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        RunWindow open = new RunWindow(now.minusHours(1), now.plusHours(4), ZoneOffset.UTC);
        RunWindow later = new RunWindow(now.plusHours(2), now.plusHours(3), ZoneOffset.UTC);
        RunWindow never = new RunWindow(now.plusHours(5), now.plusHours(6), ZoneOffset.UTC);

        UUID runId = startWithin(later, open);
        assertThat(engine().awaitState(runId, RunState.WAITING_WINDOW).stateReason())
                .contains(later.closedUntil(Instant.now()));
        engine().runs().cancel(runId, ALICE, "");
        assertThatThrownBy(() -> startWithin(never, open))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_FIELD));
    }

    private UUID startWithin(RunWindow schedule, RunWindow own) {
        return Origin.within(
                new Origin(Optional.empty(), List.of(WorkingHours.pausing(schedule))),
                () -> engine().start(
                                TUNING,
                                Optional.empty(),
                                Optional.of(own),
                                RowLimits.NONE,
                                delete(target(), "shifts")));
    }

    @Test
    default void a_run_whose_window_has_just_opened_goes_on() {
        table(target(), "opened", 100);
        LocalTime soon = LocalTime.now(ZoneOffset.UTC).plusSeconds(2);
        RunWindow window = new RunWindow(soon, soon.plusHours(1), ZoneOffset.UTC);

        UUID runId = engine().start(
                        TUNING, Optional.empty(), Optional.of(window), RowLimits.NONE, delete(target(), "opened"));

        engine().awaitState(runId, RunState.WAITING_WINDOW);
        assertComplete(engine().awaitEnd(runId), 90);
    }

    @Test
    default void never_more_rows_than_the_limit_are_deleted() {
        table(target(), "limited", 5_000);

        UUID runId =
                engine().start(TUNING, Optional.empty(), Optional.empty(), limit(1_234), delete(target(), "limited"));

        RunView run = engine().awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.DEADLINE);
        assertThat(run.totals().rowsDeleted()).isEqualTo(1_234);
        assertThat(old(target(), "limited")).isEqualTo(4_500 - 1_234);
    }

    @Test
    default void a_policy_at_its_limit_ends_and_the_next_one_goes_on() {
        List.of("first_half", "second_half", "unlimited").forEach(name -> table(target(), name, 1_000));
        RowLimits limits = new RowLimits(Map.of("tight", 1_000L, "wide", 10_000L));

        UUID runId = engine().start(
                        TUNING,
                        Optional.empty(),
                        Optional.empty(),
                        limits,
                        of("tight", delete(target(), "first_half")),
                        of("tight", delete(target(), "second_half")),
                        of("tight", delete(target(), "second_half")),
                        of("wide", delete(target(), "unlimited")));

        RunView run = engine().awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.DEADLINE);
        assertThat(run.steps())
                .extracting(
                        step -> step.outcome().orElseThrow(),
                        step -> step.totals().rowsDeleted())
                .containsExactly(
                        tuple(Outcome.COMPLETE, 900L),
                        tuple(Outcome.DEADLINE, 100L),
                        tuple(Outcome.DEADLINE, 0L),
                        tuple(Outcome.COMPLETE, 900L));
        assertThat(run.steps().get(2).message()).isEqualTo("The row limit of policy tight allows no more.");
        assertThat(old(target(), "second_half")).isEqualTo(800);
        assertThat(old(target(), "unlimited")).isZero();
    }

    @Test
    default void a_cap_holds_the_run_back_until_it_is_tuned_away() {
        table(target(), "capped", 5_000);
        Tuning capped = new Tuning(Pace.FAST, Duration.ofMillis(20), 50, 0, 0, 0, 0);
        UUID runId = engine().start(
                        capped,
                        Optional.empty(),
                        Optional.empty(),
                        RowLimits.NONE,
                        slowDelete(target(), "capped", 200, 0));
        engine().awaitState(runId, RunState.THROTTLED);

        engine().runs()
                .tune(runId, ALICE, "night", tuning -> new Tuning(Pace.FAST, tuning.batchTarget(), 0, 0, 0, 0, 0));

        RunView run = engine().awaitEnd(runId);
        assertComplete(run, 4_500);
        assertThat(Duration.between(run.created(), run.ended().orElseThrow())).isLessThan(Duration.ofSeconds(15));
        assertThat(engine().events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(RunEvent.Warning.class, tuned -> {
                            assertThat(tuned.code()).isEqualTo("TUNED");
                            assertThat(tuned.message()).isEqualTo("Settings changed by " + ALICE.name() + ": night");
                            assertThat(tuned.metadata()).containsKeys("before", "after");
                        }));
        assertThat(engine().events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(RunEvent.Throttled.class, throttled -> {
                            assertThat(throttled.signal()).isEqualTo(ThrottleSignal.ROWS_PER_SECOND);
                            assertThat(throttled.threshold()).isEqualTo(50);
                            assertThat(throttled.pause()).isPositive();
                        }));
    }

    private static StepSpec of(String policy, StepSpec step) {
        return new StepSpec(step.kind(), step.relation(), policy, step.rowsExpected(), step.parameters());
    }

    private static RowLimits limit(long rows) {
        return new RowLimits(Map.of("old-rows", rows));
    }
}
