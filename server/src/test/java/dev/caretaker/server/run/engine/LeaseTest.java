package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.LeaseStore;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LeaseTest {
    @Test
    void a_stale_lease_writes_nothing_at_all() {
        Database target = TestPostgres.newest().database();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            UUID runId = paused(engine, target);
            LeaseStore leases = engine.bean(LeaseStore.class);
            RunRow first = leases.claim(runId, "first").orElseThrow();
            Lease stale = new Lease(leases, new Bell(), Clock.systemUTC(), first, RunListener.Work.UNHEARD);
            StepRow step = engine.bean(RunStore.class).steps(runId).getFirst();
            StepJournal journal = new StepJournal(stale, step);
            RunRow second = leases.claim(runId, "second").orElseThrow();
            long events = engine.runs().get(runId).lastSequence();

            assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
            assertThatThrownBy(journal::settle).isInstanceOf(LeaseLost.class);
            assertThatThrownBy(() -> stale.state(RunState.RUNNING, "", Optional.empty()))
                    .isInstanceOf(LeaseLost.class);
            assertThatThrownBy(() -> stale.event(new RunEvent.Warning("X", "", 0, Map.of())))
                    .isInstanceOf(LeaseLost.class);
            StepResult.Ended ended = new StepResult.Ended(Outcome.COMPLETE, "", Totals.NONE, Optional.empty());
            assertThatThrownBy(() -> stale.endStep(Views.step(step), journal.end(ended)))
                    .isInstanceOf(LeaseLost.class);
            assertThatThrownBy(() -> stale.end(
                            Outcome.COMPLETE,
                            "",
                            Optional.empty(),
                            Views.finished(Outcome.COMPLETE, List.of(step), Optional.empty(), List.of())))
                    .isInstanceOf(LeaseLost.class);

            RunView run = engine.runs().get(runId);
            assertThat(run.lastSequence()).isEqualTo(events);
            assertThat(run.server()).isEqualTo("second");
            assertThat(run.outcome()).isEmpty();
        }
    }

    @Test
    void what_waits_for_the_next_write_is_written_before_it_or_not_at_all() {
        Database target = TestPostgres.newest().database();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            UUID runId = paused(engine, target);
            LeaseStore leases = engine.bean(LeaseStore.class);
            Lease lease = new Lease(
                    leases,
                    new Bell(),
                    Clock.systemUTC(),
                    leases.claim(runId, "first").orElseThrow(),
                    RunListener.Work.UNHEARD);
            long events = engine.runs().get(runId).lastSequence();

            lease.withNext(() -> lease.event(new RunEvent.Warning("QUEUED", "", 0, Map.of())));
            assertThat(engine.runs().get(runId).lastSequence()).isEqualTo(events);
            assertThatThrownBy(() -> lease.together(() -> {
                        throw new IllegalStateException("the next write fails");
                    }))
                    .hasMessage("the next write fails");
            assertThat(engine.runs().get(runId).lastSequence()).isEqualTo(events);
            lease.event(new RunEvent.Warning("NEXT", "", 0, Map.of()));
            lease.flush();
            assertThat(warnings(engine, runId)).containsSequence("QUEUED", "NEXT");
            assertThat(engine.runs().get(runId).lastSequence()).isEqualTo(events + 2);

            lease.withNext(() -> lease.event(new RunEvent.Warning("LATE", "", 0, Map.of())));
            var _ = leases.claim(runId, "second").orElseThrow();
            assertThatThrownBy(lease::flush).isInstanceOf(LeaseLost.class);
            assertThat(warnings(engine, runId)).doesNotContain("LATE");
        }
    }

    /** Codes of the warnings that are stored; the run goes on. */
    private static List<String> warnings(TestEngine engine, UUID runId) {
        return engine.soFar(engine.runs().get(runId), RunEvent.Warning.class).stream()
                .map(RunEvent.Warning::code)
                .toList();
    }

    @Test
    void a_step_that_ended_together_with_its_run_has_not_if_the_run_could_not() {
        Database target = TestPostgres.newest().database();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            UUID runId = paused(engine, target);
            LeaseStore leases = engine.bean(LeaseStore.class);
            Lease lease = new Lease(
                    leases,
                    new Bell(),
                    Clock.systemUTC(),
                    leases.claim(runId, "first").orElseThrow(),
                    RunListener.Work.UNHEARD);
            StepRow step = engine.bean(RunStore.class).steps(runId).getFirst();
            StepResult.Ended ended = new StepResult.Ended(Outcome.COMPLETE, "", Totals.NONE, Optional.empty());
            long events = engine.runs().get(runId).lastSequence();

            assertThatThrownBy(() -> lease.together(() -> {
                        lease.endStep(Views.step(step), new StepJournal(lease, step).end(ended));
                        throw new IllegalStateException("the server stops here");
                    }))
                    .hasMessage("the server stops here");

            assertThat(engine.bean(RunStore.class).steps(runId).getFirst().outcome())
                    .isEmpty();
            assertThat(engine.runs().get(runId).lastSequence()).isEqualTo(events);
        }
    }

    @Test
    void a_run_ends_once_and_nothing_is_told_of_it_afterwards() {
        Database target = TestPostgres.newest().database();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            UUID runId = paused(engine, target);
            LeaseStore leases = engine.bean(LeaseStore.class);
            Lease lease = new Lease(
                    leases,
                    new Bell(),
                    Clock.systemUTC(),
                    leases.claim(runId, "first").orElseThrow(),
                    RunListener.Work.UNHEARD);
            RunEvent.Finished finished = Views.finished(Outcome.CANCELLED, List.of(), Optional.empty(), List.of());

            lease.end(Outcome.CANCELLED, "once", Optional.empty(), finished);
            assertThatThrownBy(() -> lease.end(Outcome.COMPLETE, "twice", Optional.empty(), finished))
                    .isInstanceOf(LeaseLost.class);
            assertThatThrownBy(() -> lease.event(new RunEvent.Warning("X", "", 0, Map.of())))
                    .isInstanceOf(LeaseLost.class);

            RunView run = engine.runs().get(runId);
            assertThat(run.outcome()).contains(Outcome.CANCELLED);
            assertThat(engine.events(runId)).hasSize((int) run.lastSequence());
        }
    }

    /** A run that nobody works on, with one step. */
    private static UUID paused(TestEngine engine, Database target) {
        table(target, "leased", 100);
        UUID runId = engine.start(slowDelete(target, "leased", 1, 100));
        engine.runs().pause(runId, TestEngine.ALICE, "");
        engine.awaitState(runId, RunState.PAUSED);
        return runId;
    }
}
