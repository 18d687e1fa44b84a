package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.engine.RunExecutor.Then;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server's work on one run under one lease: its steps in order. A failing step does not stop the next. */
final class RunWork {
    private static final Logger LOG = LoggerFactory.getLogger(RunWork.class);
    /** A run that waits looks again after a quarter of what it has waited already, within these. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(200);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final RunRow run;
    private final Lease lease;
    private final Control control;
    private final Engine engine;
    private final StepScope.Pace pace;
    private final RunSteps steps;
    private final Lineage lineage;
    private final RunDebts debts;
    private final BeforeAndAfter looks;
    private final SessionKeeper sessions = new SessionKeeper();
    private final Beginning beginning;
    private final Ending ending;

    RunWork(RunRow run, Lease lease, Control control, Engine engine) {
        this.run = run;
        this.lease = lease;
        this.control = control;
        this.engine = engine;
        this.pace = new StepScope.Pace(engine.config().progressInterval());
        this.steps = new RunSteps(engine.runs(), run.id());
        this.lineage = new Lineage(steps, lease);
        this.debts = new RunDebts(engine.debts(), run, lease, engine.clock());
        this.looks = new BeforeAndAfter(engine.observer(), run, this::tables);
        this.beginning = new Beginning(run, steps, control, engine);
        this.ending = new Ending(run, steps, lease, engine, looks, sessions);
    }

    /** Steps that were put off get their turn when the others have had theirs. */
    Then run() {
        settleEarlier();
        try (sessions) {
            while (!steps.open().isEmpty()) {
                Optional<Then> then = withoutBackup().or(this::round);
                if (then.isPresent()) {
                    return then.get();
                }
            }
        }
        ending.allEnded();
        return new Then.Leave();
    }

    private Optional<Then> withoutBackup() {
        return beginning.withoutBackup().map(refusal -> {
            ending.refused(refusal);
            return new Then.Leave();
        });
    }

    /** What earlier runs left on these tables is in the way of this one, and whoever looks at it wants to see it gone. */
    private void settleEarlier() {
        if (control.atBoundary().isEmpty()) {
            new EarlierDebts(engine, run, lease).settle(steps.all());
        }
    }

    private List<TableName> tables() {
        return steps.all().stream().map(StepRow::table).distinct().toList();
    }

    /** Steps that would wait behind a backup let the others go first, unless their order counts. */
    private Optional<Then> round() {
        List<StepRow> open = steps.open();
        List<Waited> behind = new ArrayList<>();
        for (StepRow step : open) {
            Optional<Halt> halt = control.atBoundary();
            if (halt.isEmpty()) {
                control.limit().start(engine.clock().instant(), lease);
            }
            boolean unsettled = step.pending().isPresent();
            StepResult result = halt.isPresent() && !(unsettled && halt.get().isFinal())
                    ? leave(step, halt.get())
                    : beginning.obstacle(step).orElseGet(() -> work(step, StepRunner::run));
            steps.refresh(step.ordinal());
            if (result instanceof StepResult.Behind backup && run.kind() != RunKind.CLEANUP) {
                behind.add(new Waited(step.ordinal(), backup));
                continue;
            }
            Optional<Then> then = after(step.ordinal(), result);
            if (then.isPresent()) {
                return then;
            }
        }
        return behind.isEmpty() || behind.size() < open.size()
                ? Optional.empty()
                : after(behind.getFirst().ordinal(), behind.getFirst().result());
    }

    /** A step that would wait behind a backup. In a cleanup none goes before it: rows go in the order of their foreign keys. */
    private record Waited(int ordinal, StepResult.Behind result) {}

    /** A step that waits is worked on by nobody: what only its going on justifies is taken back here. */
    private StepResult leave(StepRow row, Halt halt) {
        return row.position().isEmpty() ? new StepResult.Halted(halt) : work(row, runner -> runner.leave(halt));
    }

    private StepResult work(StepRow row, Function<StepRunner, StepResult> what) {
        try (var _ = RunLog.ofStep(row.ordinal())) {
            StepScope scope = new StepScope(
                    run,
                    row,
                    engine.targets().get(run.target()),
                    lease,
                    control,
                    new StepJournal(lease, row),
                    steps.rowsDeleted() - row.totals().rowsDeleted(),
                    steps.rowsDeleted(row.policy()) - row.totals().rowsDeleted(),
                    () -> engine.runs().signals(run.id()),
                    beginning::backupAtWork,
                    lineage,
                    sessions,
                    looks,
                    pace,
                    engine.config(),
                    engine.clock(),
                    engine.gate());
            RunContext context = new RunContext(run, steps, row.ordinal(), lease, control, debts, engine.clock());
            Step step = engine.kinds().open(row.kind(), row.parameters(), context);
            return what.apply(new StepRunner(scope, step));
        } catch (LeaseLost e) {
            throw e;
        } catch (RuntimeException e) {
            Failure failure = Failure.of(run.target(), e);
            if (failure.kind() == Failure.Kind.STORE) {
                throw e;
            }
            LOG.warn("run {}: step {} failed", run.id(), row.ordinal(), e);
            return StepResult.Ended.failed(failure.error(), known(row));
        }
    }

    /** What a step has done that ends with a batch in doubt, if there is one. */
    private static Totals known(StepRow step) {
        return step.pending().isEmpty() ? step.totals() : step.totals().inexact();
    }

    /** Empty: on to the next step. */
    private Optional<Then> after(int ordinal, StepResult result) {
        return switch (result) {
            case StepResult.Ended ended -> over(ordinal, ended);
            case StepResult.Halted halted
            when halted.halt() == Halt.ROW_LIMIT -> {
                StepRow step = steps.get(ordinal);
                yield over(
                        ordinal,
                        StepResult.Ended.stopped(
                                step,
                                Outcome.DEADLINE,
                                "The row limit of policy " + step.policy() + " allows no more."));
            }
            case StepResult.Halted halted -> Optional.of(halted(ordinal, halted));
            case StepResult.PutOff ignored -> Optional.empty();
            case StepResult.Behind behind -> waits(ordinal, new StepResult.Waiting(behind.reason(), Optional.empty()));
            case StepResult.Waiting waiting -> waits(ordinal, waiting);
        };
    }

    private Optional<Then> waits(int ordinal, StepResult.Waiting waiting) {
        Instant now = engine.clock().instant();
        Duration waited =
                lease.state() == RunState.WAITING_LOCK ? Duration.between(run.stateSince(), now) : Duration.ZERO;
        if (waiting.unreachable().isPresent()
                && waited.compareTo(engine.config().unreachableLimit()) > 0) {
            return over(ordinal, StepResult.Ended.failed(waiting.unreachable().get(), known(steps.get(ordinal))));
        }
        if (waiting.frozen()) {
            control.limit().stop(now, lease);
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
        return switch (halted.halt()) {
            case CANCEL -> stop(Outcome.CANCELLED, reason("Cancelled"), ordinal, halted);
            case DEADLINE -> stop(Outcome.DEADLINE, "The deadline was reached.", ordinal, halted);
            case CLOSED -> stop(Outcome.DEADLINE, ended(), ordinal, halted);
            case ROW_LIMIT -> throw new IllegalStateException("a row limit ends the steps of its policy, not the run");
            case PAUSE -> {
                if (control.isFrozen()) {
                    control.limit().stop(engine.clock().instant(), lease);
                }
                lease.state(RunState.PAUSED, reason("Paused"), control.actor());
                yield new Then.Leave();
            }
            case WINDOW -> {
                control.limit().stop(engine.clock().instant(), lease);
                lease.state(RunState.WAITING_WINDOW, "Waits: " + control.closed() + ".", Optional.empty());
                yield new Then.ComeBack(control.nextOpening());
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

    /** It may have opened again since it was seen closed. */
    private String ended() {
        return control.stopped()
                .map(window -> "Its window " + window.start() + "-" + window.end() + " " + window.zone() + " closed.")
                .orElse("Its window closed.");
    }

    private String reason(String done) {
        return control.request().map(request -> request.sentence(done)).orElse(done + ".");
    }

    private Then stop(Outcome outcome, String reason, int ordinal, StepResult.Halted halted) {
        ending.stopped(outcome, reason, ordinal, halted.left());
        return new Then.Leave();
    }

    private Optional<Then> over(int ordinal, StepResult.Ended ended) {
        return ending.step(ordinal, ended) ? Optional.of(new Then.Leave()) : Optional.empty();
    }
}
