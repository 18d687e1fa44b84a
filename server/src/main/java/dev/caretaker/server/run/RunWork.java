package dev.caretaker.server.run;

import dev.caretaker.server.run.RunExecutor.Then;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server's work on one run under one lease: its steps in order. A failing step does not stop the next. */
final class RunWork {
    private static final Logger LOG = LoggerFactory.getLogger(RunWork.class);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final RunRow run;
    private final Lease lease;
    private final Control control;
    private final Engine engine;
    private final StepScope.Pace pace;
    private final List<StepRow> steps;
    private final SessionKeeper sessions = new SessionKeeper();

    RunWork(RunRow run, Lease lease, Control control, Engine engine) {
        this.run = run;
        this.lease = lease;
        this.control = control;
        this.engine = engine;
        this.pace = new StepScope.Pace(engine.config().progressInterval());
        this.steps = new ArrayList<>(engine.runs().steps(run.id()));
    }

    /** Steps that were put off get their turn when the others have had theirs. */
    Then run() {
        try (sessions) {
            while (steps.stream().anyMatch(step -> step.outcome().isEmpty())) {
                Optional<Then> then = round();
                if (then.isPresent()) {
                    return then.get();
                }
            }
        }
        return end("Done.");
    }

    private Optional<Then> round() {
        for (StepRow step : List.copyOf(steps)) {
            if (step.outcome().isPresent()) {
                continue;
            }
            Optional<Halt> halt = control.atBoundary();
            boolean unsettled = step.pending().isPresent();
            StepResult result = halt.isPresent() && !(unsettled && halt.get().isFinal())
                    ? new StepResult.Halted(halt.get())
                    : work(step);
            refresh(step.ordinal());
            Optional<Then> then = after(step.ordinal(), result);
            if (then.isPresent()) {
                return then;
            }
        }
        return Optional.empty();
    }

    private StepResult work(StepRow row) {
        try {
            StepScope scope = new StepScope(
                    run,
                    row,
                    engine.targets().get(run.target()),
                    lease,
                    control,
                    new StepJournal(lease, row),
                    Views.total(steps).rowsDeleted() - row.totals().rowsDeleted(),
                    rowsDeleted(row.policy()) - row.totals().rowsDeleted(),
                    () -> engine.runs().signals(run.id()),
                    sessions,
                    pace,
                    engine.config(),
                    engine.clock(),
                    engine.gate());
            Step step = engine.kinds().open(row.kind(), row.parameters(), new Context(row.ordinal()));
            return new StepRunner(scope, step).run();
        } catch (LeaseLost e) {
            throw e;
        } catch (RuntimeException e) {
            Failure failure = Failure.of(run.target(), e);
            if (failure.kind() == Failure.Kind.STORE) {
                throw e;
            }
            LOG.warn("run {}: step {} failed", run.id(), row.ordinal(), e);
            return StepResult.Ended.failed(failure.error(), row.totals());
        }
    }

    /** Empty: on to the next step. */
    private Optional<Then> after(int ordinal, StepResult result) {
        return switch (result) {
            case StepResult.Ended ended -> {
                endStep(ordinal, ended);
                yield Optional.empty();
            }
            case StepResult.Halted halted
            when halted.halt() == Halt.ROW_LIMIT -> {
                stopStep(
                        step(ordinal),
                        Outcome.DEADLINE,
                        "The row limit of policy " + step(ordinal).policy() + " was reached.");
                yield Optional.empty();
            }
            case StepResult.Halted halted -> Optional.of(halted(ordinal, halted));
            case StepResult.PutOff ignored -> Optional.empty();
            case StepResult.Waiting waiting -> waits(ordinal, waiting);
        };
    }

    private Optional<Then> waits(int ordinal, StepResult.Waiting waiting) {
        Instant now = engine.clock().instant();
        Duration waited =
                lease.state() == RunState.WAITING_LOCK ? Duration.between(run.stateSince(), now) : Duration.ZERO;
        if (waiting.unreachable().isPresent()
                && waited.compareTo(engine.config().unreachableLimit()) > 0) {
            endStep(
                    ordinal,
                    StepResult.Ended.failed(
                            waiting.unreachable().get(), step(ordinal).totals()));
            return Optional.empty();
        }
        lease.state(RunState.WAITING_LOCK, waiting.reason(), Optional.empty());
        Duration wait = clamp(waited.dividedBy(4));
        return Optional.of(new Then.ComeBack(control.notAfterDeadline(now.plus(wait))));
    }

    private static Duration clamp(Duration wait) {
        if (wait.compareTo(SHORTEST_WAIT) < 0) {
            return SHORTEST_WAIT;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private Then halted(int ordinal, StepResult.Halted halted) {
        Optional<Actor> actor = control.actor();
        return switch (halted.halt()) {
            case CANCEL -> stop(Outcome.CANCELLED, reason("Cancelled"), ordinal, halted.left());
            case DEADLINE -> stop(Outcome.DEADLINE, "The deadline was reached.", ordinal, halted.left());
            case ROW_LIMIT -> throw new IllegalStateException("a row limit ends the steps of its policy, not the run");
            case PAUSE -> {
                lease.state(RunState.PAUSED, reason("Paused"), actor);
                yield new Then.Leave();
            }
            case WINDOW -> {
                lease.state(RunState.WAITING_WINDOW, "Waits for its window to open.", Optional.empty());
                yield new Then.ComeBack(control.notAfterDeadline(control.nextOpening()));
            }
            case SHUTDOWN -> {
                lease.state(
                        RunState.QUEUED,
                        "Waits for a server: the one that worked on it was stopped.",
                        Optional.empty());
                yield new Then.ComeBack(engine.clock().instant());
            }
        };
    }

    private String reason(String done) {
        return control.request()
                .map(request -> done + " by " + request.actor().name()
                        + (request.reason().isEmpty() ? "." : ": " + request.reason()))
                .orElse(done + ".");
    }

    /** Ends the run and all its open steps; that one left something behind. */
    private Then stop(Outcome outcome, String reason, int ordinal, Optional<String> left) {
        for (StepRow step : List.copyOf(steps)) {
            if (step.outcome().isEmpty()) {
                boolean leaves = step.ordinal() == ordinal && left.isPresent();
                stopStep(step, outcome, leaves ? reason + " " + left.get() : reason);
            }
        }
        return end(reason);
    }

    private void stopStep(StepRow step, Outcome outcome, String reason) {
        String message = step.started().isPresent() ? reason : "Not begun. " + reason;
        endStep(step.ordinal(), new StepResult.Ended(outcome, message, step.totals(), Optional.empty()));
    }

    private Then end(String reason) {
        sessions.close(); // before anybody is told that it has ended
        Outcome outcome =
                steps.stream().flatMap(step -> step.outcome().stream()).reduce(Outcome.COMPLETE, Outcome::and);
        Optional<RunError> error = steps.stream()
                .flatMap(step -> step.error().stream())
                .findFirst()
                .map(json -> Json.read(json, RunError.class));
        lease.end(outcome, reason, error, Views.finished(outcome, steps, error));
        return new Then.Leave();
    }

    private void endStep(int ordinal, StepResult.Ended ended) {
        StepRow row = step(ordinal);
        StepView view = Views.ended(row, ended, engine.clock().instant());
        lease.endStep(view, new StepJournal(lease, row).end(ended));
        refresh(ordinal);
    }

    /** One step only: runs may have thousands. */
    private void refresh(int ordinal) {
        steps.set(ordinal - 1, engine.runs().step(run.id(), ordinal));
    }

    private StepRow step(int ordinal) {
        return steps.get(ordinal - 1);
    }

    private long rowsDeleted(String policy) {
        return steps.stream()
                .filter(step -> step.policy().equals(policy))
                .mapToLong(step -> step.totals().rowsDeleted())
                .sum();
    }

    /** What a step may know. */
    private final class Context implements StepContext {
        private final int ordinal;

        Context(int ordinal) {
            this.ordinal = ordinal;
        }

        @Override
        public UUID runId() {
            return run.id();
        }

        @Override
        public String target() {
            return run.target();
        }

        @Override
        public Clock clock() {
            return engine.clock();
        }

        @Override
        public Map<TableName, Totals> doneSoFar() {
            Map<TableName, Totals> done = new HashMap<>();
            steps.stream()
                    .filter(step -> step.ordinal() < ordinal)
                    .forEach(step -> done.merge(step.relation(), step.totals(), Totals::plus));
            return done;
        }

        @Override
        public long rowsLeft() {
            String policy = step(ordinal).policy();
            return control.rowsLeft(policy, rowsDeleted(policy));
        }

        @Override
        public void warn(String code, String message, Map<String, String> metadata) {
            lease.event(new RunEvent.Warning(code, message, ordinal, metadata));
        }
    }
}
