package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.engine.RunExecutor.Then;
import dev.caretaker.server.store.LeaseStore.StepEnd;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server's work on one run under one lease: its steps in order. A failing step does not stop the next. */
final class RunWork {
    private static final Logger LOG = LoggerFactory.getLogger(RunWork.class);
    /** A run that waits looks again after a quarter of what it has waited already, within these. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(200);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final String ALL_ENDED = "All steps have ended.";

    private final RunRow run;
    private final Lease lease;
    private final Control control;
    private final Engine engine;
    private final StepScope.Pace pace;
    private final RunSteps steps;
    private final Lineage lineage;
    private final RunDebts debts;
    private final BeforeAndAfter looks;
    private final List<NeededBackup> needed;
    private final SessionKeeper sessions = new SessionKeeper();

    RunWork(RunRow run, Lease lease, Control control, Engine engine) {
        this.run = run;
        this.lease = lease;
        this.control = control;
        this.engine = engine;
        this.pace = new StepScope.Pace(engine.config().progressInterval());
        this.steps = new RunSteps(engine.runs(), run.id());
        this.lineage = new Lineage(steps, lease);
        this.debts = new RunDebts(engine.debts(), run, lease, engine.clock());
        this.needed = Rows.backups(run);
        this.looks = new BeforeAndAfter(engine.observer(), run, this::tables);
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
        return end(ALL_ENDED, () -> {});
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

    /** Nobody waits for a target that could not be reached. */
    private boolean isAway() {
        return steps.error()
                .filter(error -> error.reason().equals(Reason.TARGET_UNREACHABLE.name()))
                .isPresent();
    }

    /**
     * One that needs a backup does not begin without it, whatever was when it was ordered: since then it has waited, for its window, for a
     * server, or behind others. One that has begun goes on: half of it is no better than all.
     */
    private Optional<Then> withoutBackup() {
        if (needed.isEmpty()
                || control.atBoundary().isPresent()
                || steps.all().stream()
                        .anyMatch(step ->
                                step.started().isPresent() || step.outcome().isPresent())) {
            return Optional.empty();
        }
        return engine.backups().objectionNow(run.target(), needed).map(why -> {
            CaretakerException refusal =
                    CaretakerException.of(Reason.BACKUP_TOO_OLD, "Not begun. " + why, Map.of("target", run.target()));
            return end(
                    why,
                    () -> steps.open()
                            .forEach(step -> endStep(
                                    step.ordinal(), StepResult.Ended.failed(refusal, step.totals()), Runnable::run)));
        });
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
                    : held(step).or(() -> behindBackup(step)).orElseGet(() -> work(step, StepRunner::run));
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

    /** What a hold freezes that was set while the run waited to begin, or that follows steps which it lets pass. */
    private Optional<StepResult> held(StepRow step) {
        return step.started().isPresent()
                ? Optional.empty()
                : engine.held()
                        .before(run, step, steps.all(), engine.clock().instant())
                        .map(sentence -> new StepResult.Waiting(sentence, Optional.empty(), true));
    }

    /** A step that excludes readers is not begun while a backup reads; one that has begun looks before each statement. */
    private Optional<StepResult> behindBackup(StepRow step) {
        if (step.started().isPresent() || !engine.kinds().excludesReaders(step.kind())) {
            return Optional.empty();
        }
        return backupAtWork().map(StepResult.Behind::new);
    }

    private Optional<String> backupAtWork() {
        return engine.backupsAtWork().at(run.target());
    }

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
                    this::backupAtWork,
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
            case CANCEL -> stop(Outcome.CANCELLED, reason("Cancelled"), ordinal, halted.left());
            case DEADLINE -> stop(Outcome.DEADLINE, "The deadline was reached.", ordinal, halted.left());
            case CLOSED -> stop(Outcome.DEADLINE, ended(), ordinal, halted.left());
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

    /** A step is over, and with the last one the run: then both are written at once, else with the start of the next step. */
    private Optional<Then> over(int ordinal, StepResult.Ended ended) {
        boolean last = steps.open().stream().allMatch(step -> step.ordinal() == ordinal);
        if (last) {
            return Optional.of(end(ALL_ENDED, () -> endStep(ordinal, ended, Runnable::run)));
        }
        endStep(ordinal, ended, lease::withNext);
        return Optional.empty();
    }

    /** Ends the run and all its open steps; that one left something behind. */
    private Then stop(Outcome outcome, String reason, int ordinal, Optional<String> left) {
        return end(reason, () -> {
            for (StepRow step : steps.open()) {
                boolean leaves = step.ordinal() == ordinal && left.isPresent();
                endStep(
                        step.ordinal(),
                        StepResult.Ended.stopped(step, outcome, leaves ? reason + " " + left.get() : reason),
                        Runnable::run);
            }
        });
    }

    /** @param before what is still to be written, in the same transaction */
    private Then end(String reason, Runnable before) {
        // Nothing of the run is left at the target before anybody is told that it has ended.
        looks.end(isAway(), sessions.leave(() -> engine.targets().get(run.target())));
        lease.together(() -> {
            before.run();
            lease.end(
                    steps.outcome(),
                    reason,
                    steps.error(),
                    Views.finished(
                            steps.outcome(),
                            steps.all(),
                            steps.error(),
                            engine.debts().of(run.id())));
        });
        LOG.info("run {}: {}. {}", run.id(), steps.outcome(), reason);
        return new Then.Leave();
    }

    /** @param when when to write it */
    private void endStep(int ordinal, StepResult.Ended ended, Consumer<Runnable> when) {
        StepRow row = steps.get(ordinal);
        Instant now = engine.clock().instant();
        StepView view = Views.ended(row, ended, now);
        StepEnd end = new StepJournal(lease, row).end(ended);
        when.accept(() -> lease.endStep(view, end));
        steps.ended(row, end, now);
    }
}
