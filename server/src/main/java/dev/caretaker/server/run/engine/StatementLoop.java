package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.StatementProgress;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The statements of one step on one session: ask what is next, journal the intent, run it, let the step look at the result.
 * Whatever goes wrong, the step's own look at the catalog decides how to go on.
 *
 * @param <M> memory of the step
 */
final class StatementLoop<M extends Record> implements Monitor.Watched {
    private final StepScope scope;
    private final StatementStep<M> step;
    private final StepJournal journal;
    private final Retries retries;
    private final Session session;
    private final ProgressMeter meter;
    private final GivingWay givingWay;
    private final StatementPace pace;
    private volatile M memory;
    /** When the latest statement began, by System.nanoTime. */
    private long began = System.nanoTime();

    StatementLoop(StepScope scope, StatementStep<M> step, Session session) {
        this.scope = scope;
        this.step = step;
        this.session = session;
        this.journal = scope.journal();
        this.retries = scope.retries();
        this.meter = new ProgressMeter(0, journal.fraction(), 0, System.nanoTime());
        this.givingWay = new GivingWay(scope.target().lockTimeout());
        this.pace = new StatementPace(scope);
    }

    StepResult run() throws SQLException {
        if (journal.pending().isPresent()) {
            Fence.evict(session, journal.pending().get().backend());
        }
        scope.target().actForOwner(session, step.fencedOid());
        Optional<M> stored = journal.position(step.memoryType());
        remember(stored.isPresent() ? stored.get() : step.begin(session));
        if (stored.isPresent()) {
            settle();
        }
        while (true) {
            Optional<Halt> halt = scope.atBoundary();
            if (halt.isPresent() && !(halt.get().isFinal() && step.mustFinish(memory))) {
                return halted(halt.get());
            }
            try {
                StatementStep.Next<M> next = step.next(session, memory);
                switch (next) {
                    case StatementStep.Done<M> done -> {
                        return ended(Outcome.COMPLETE, done.message(), done.totals());
                    }
                    case StatementStep.Failed<M> failed -> {
                        Totals all = journal.totals().plus(failed.totals());
                        return StepResult.Ended.failed(failed.error(), all);
                    }
                    case StatementStep.Skip<M> skip -> {
                        return ended(Outcome.SKIPPED, skip.reason(), Totals.NONE);
                    }
                    case StatementStep.OverLimit<M> over -> {
                        return ended(Outcome.DEADLINE, over.reason(), Totals.NONE);
                    }
                    case StatementStep.Later<M> later -> {
                        return putOff(later);
                    }
                    case StatementStep.Await<M> awaiting -> {
                        return await(awaiting);
                    }
                    case StatementStep.Again<M> again -> {
                        remember(again.memory());
                        settle();
                    }
                    case StatementStep.Run<M> run -> {
                        Optional<String> backup = halt.isEmpty() ? behindBackup(run) : Optional.empty();
                        if (backup.isPresent()) {
                            return behind(backup.get());
                        }
                        perform(run);
                    }
                }
            } catch (SQLException | CaretakerException e) {
                Failure failure = scope.failure(e);
                if (failure.leavesSession()) {
                    throw e;
                }
                Optional<StepResult> result = recover(e, failure);
                if (result.isPresent()) {
                    return result.get();
                }
            }
        }
    }

    private Optional<String> behindBackup(StatementStep.Run<M> run) {
        return step.excludesReaders(run.statement()) ? scope.backups().get() : Optional.empty();
    }

    /** What it has left standing for its own sake stays: to take that back needs locks that the backup keeps it from, too. */
    private StepResult behind(String reason) {
        if (!step.mustFinish(memory)) {
            journal.didNotHappen();
        }
        settle();
        return new StepResult.Behind(reason);
    }

    private void perform(StatementStep.Run<M> run) throws SQLException {
        M before = memory;
        remember(run.memory());
        Map<String, String> gentle = pace.begin(session, step, run.statement());
        scope.control().update(journal.begin(intent(run.statement())));
        scope.control().requireLease();
        givingWay.begin(run.statement());
        began = System.nanoTime();
        long written = 0;
        List<SQLWarning> warnings;
        try (Monitor monitor = scope.monitor(session, this).start()) {
            StatementRun.Ran ran = new StatementRun(session, monitor, gentle).run(step, run);
            warnings = ran.warnings();
            written = ran.walBytes();
        } catch (SQLException e) {
            Optional<M> goesOn = step.tolerate(before, run.statement(), e);
            Optional<CaretakerException> known = step.explain(run.statement(), e);
            if (goesOn.isEmpty() && known.isEmpty()) {
                throw e;
            }
            remember(goesOn.orElse(before));
            if (goesOn.isEmpty()) {
                throw known.get();
            }
            journal.didNotHappen();
            settle();
            return;
        } finally {
            givingWay.end();
            pace.end();
            journal.worked(written, Duration.ofNanos(System.nanoTime() - began));
        }
        retries.reset();
        remember(step.completed(session, memory, run.statement(), warnings));
        if (!step.mustFinish(memory)) {
            journal.didNotHappen(); // no longer in doubt: what happened is in the memory
        }
        // Written with what comes next. Until then it is in doubt, as it was while the statement ran.
    }

    /** Written with the next entry. */
    private void remember(M now) {
        memory = now;
        journal.moveTo(now);
    }

    private void settle() {
        scope.control().update(journal.settle());
    }

    private Pending intent(StatementStep.Statement statement) {
        return new Pending(
                statement.label(),
                session.identity(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Totals.NONE,
                0,
                scope.clock().instant());
    }

    /** Who is to stop by now stops here: once it waits, nobody looks after what it started. */
    private StepResult await(StatementStep.Await<M> awaiting) throws SQLException {
        remember(awaiting.memory());
        settle();
        Optional<Halt> halt = scope.atBoundary().filter(Halt::isFinal);
        return halt.isPresent() ? halted(halt.get()) : new StepResult.Waiting(awaiting.reason(), Optional.empty());
    }

    private StepResult putOff(StatementStep.Later<M> later) throws SQLException {
        if (step.guarded(memory)) {
            repair();
        }
        remember(later.memory());
        settle();
        scope.warn("STEP_PUT_OFF", later.reason(), Map.of());
        return new StepResult.PutOff();
    }

    private StepResult ended(Outcome outcome, String message, Totals totals) {
        Totals all = journal.totals().plus(totals);
        Outcome graver = all.rowsResidual() > 0 ? outcome.and(Outcome.RESIDUAL) : outcome;
        return new StepResult.Ended(graver, message, all, Optional.empty());
    }

    /** Between two statements, or after one that was broken off and repaired. */
    private StepResult halted(Halt halt) throws SQLException {
        Optional<String> left = halt.isFinal() || step.guarded(memory) ? repair() : Optional.empty();
        if (!step.mustFinish(memory)) {
            journal.didNotHappen();
        }
        journal.settle();
        return new StepResult.Halted(halt, left);
    }

    private Optional<StepResult> recover(Exception exception, Failure failure) throws SQLException {
        scope.control().requireLease();
        boolean byUs = Failure.isCancelled(exception) && (givingWay.gaveWay() || breaksOff());
        boolean ends = byUs && scope.atBoundary().filter(Halt::isFinal).isPresent(); // the boundary repairs
        boolean kept = step.guarded(memory) && failure.kind() == Failure.Kind.RETRY; // until it is given up
        Optional<String> left = step.mustFinish(memory) || ends || kept ? Optional.empty() : repair();
        if (byUs && !givingWay.gaveWay()) {
            return Optional.empty(); // the boundary says what comes next
        }
        scope.failed(false, Duration.ofNanos(System.nanoTime() - began), failure.error());
        boolean refused = exception instanceof CaretakerException;
        if (failure.kind() == Failure.Kind.FATAL && (refused || !step.mustFinish(memory))) {
            return Optional.of(StepResult.Ended.failed(failure.error(), left, journal.totals()));
        }
        return retry(givingWay.gaveWay() ? queued(failure) : failure.error(), left);
    }

    private Optional<StepResult> retry(CaretakerException error, Optional<String> left) throws SQLException {
        journal.retried();
        Optional<Duration> backoff = retries.next();
        if (backoff.isEmpty()) {
            Optional<String> leaves = step.guarded(memory) ? repair() : left;
            return Optional.of(StepResult.Ended.failed(error, leaves, journal.totals()));
        }
        scope.warn(
                "STATEMENT_RETRIED",
                "A statement is tried again: " + error.getMessage(),
                Map.of("attempt", Integer.toString(retries.failures())));
        scope.pause(backoff.get());
        return Optional.empty();
    }

    private static CaretakerException queued(Failure failure) {
        return CaretakerException.of(
                Reason.LOCK_NOT_AVAILABLE,
                "The statement gave way: it waited for an exclusive lock while others queued behind it.",
                failure.error().metadata());
    }

    /** On a session of its own: the old one may still get the late cancellation of what it ran before. */
    private Optional<String> repair() throws SQLException {
        try (Session fresh = scope.target().openRepair(scope.sessionName())) {
            scope.target().actForOwner(fresh, step.fencedOid());
            return step.repair(fresh, memory);
        }
    }

    @Override
    public boolean breakOff(Pressure pressure) {
        pace.observe(pressure);
        return breaksOff() || givingWay.isDue(pressure);
    }

    private boolean breaksOff() {
        boolean ending =
                scope.control().inFlight().isPresent() || scope.control().isStopping();
        return ending && !step.mustFinish(memory);
    }

    @Override
    public Duration sampleInterval() {
        return givingWay.sampleInterval();
    }

    @Override
    public void observe(Session observer) throws SQLException {
        Optional<StatementProgress> progress =
                step.progress(observer, session.identity().pid());
        if (progress.isPresent() && scope.pace().due()) {
            tell(progress.get());
        }
    }

    private void tell(StatementProgress now) {
        meter.at(0, now.fraction(), System.nanoTime());
        Totals totals = journal.totals();
        scope.lease()
                .event(new RunEvent.Progress(
                        journal.ordinal(),
                        totals.rowsDeleted(),
                        scope.step().rowsExpected(),
                        now.bytesDone(),
                        totals.walBytes(),
                        0,
                        Duration.ZERO,
                        0,
                        meter.eta(),
                        meter.fraction(),
                        now.phase(),
                        scope.rowsDeleted()));
    }
}
