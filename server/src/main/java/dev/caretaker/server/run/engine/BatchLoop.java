package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The batches of one step: work, journal, commit, wait, until the step says it was the last or the run is to stop. While
 * nothing holds it back, and if the step allows it, batches {@linkplain Overlap overlap}. Leaves with an exception only when
 * the connection, the lease or the control store is gone.
 *
 * @param <C> cursor of the step
 */
final class BatchLoop<C extends Record> implements Monitor.Watched {
    /** How much of its target a batch aims at, in percent: half of all batches take longer than they aim at. */
    private static final int AIM_PERCENT = 95;

    /** How often to look at what others do: adaptive pace goes by it, and while it is gentle it goes by averages. */
    private static final Duration SAMPLE_INTERVAL = Duration.ofMillis(500);

    private static final Duration GENTLE_INTERVAL = Duration.ofMillis(100);
    /** After a batch that took less the next one is journalled soon. */
    private static final Duration SOON = Duration.ofMillis(500);

    private final StepScope scope;
    private final BatchStep<C> step;
    private final Session session;
    private final StepJournal journal;
    private final BatchSizer sizer;
    private final ProgressMeter meter;
    private final Monitor monitor;
    private final BatchTransaction<C> transaction;
    private final BatchBrake brake;
    private final BreakOff breakOff;
    private final Pacer pacer;
    private final BatchRecovery recovery;
    private final Overlap<C> overlap;
    private C cursor;
    /** When the latest batch began, by System.nanoTime. */
    private long began;

    BatchLoop(StepScope scope, BatchStep<C> step, SessionPair sessions) {
        this.scope = scope;
        this.step = step;
        this.session = sessions.first();
        this.journal = scope.journal();
        BatchSizing sizing = step.sizing();
        this.sizer = new BatchSizer(sizing, journal.batchSize() > 0 ? journal.batchSize() : sizing.initial());
        this.breakOff = new BreakOff(step::sizedSince);
        this.meter = new ProgressMeter(
                scope.step().rowsExpected(),
                journal.fraction(),
                journal.totals().rowsDone(),
                System.nanoTime());
        this.monitor = scope.monitor(session, this);
        this.pacer = new Pacer(sizing);
        this.transaction = new BatchTransaction<>(scope, step, monitor, pacer);
        this.overlap = new Overlap<>(transaction, sessions);
        this.brake = new BatchBrake(scope, session, monitor, sizer);
        this.recovery = new BatchRecovery(scope, step, session, monitor, sizer, breakOff, pacer);
    }

    /** @param from where to go on, as the step's prepare said */
    StepResult run(C from) throws SQLException {
        cursor = from;
        pacer.tuned(scope.control().tuning());
        if (step.divides() || step.overlaps()) {
            pacer.begin(monitor.first(session), System.nanoTime());
        }
        try (var _ = monitor.start();
                overlap) {
            Optional<StepResult> result = Optional.empty();
            while (result.isEmpty()) {
                result = batch();
            }
            return result.get();
        }
    }

    /** One batch and the wait after it, or one that was rolled back; empty to go on. */
    private Optional<StepResult> batch() throws SQLException {
        if (!overlap.isAhead()) {
            Optional<Halt> halt = scope.atBoundary();
            if (halt.isPresent()) {
                return Optional.of(halted(halt.get()));
            }
        }
        Optional<Committed<C>> batch;
        began = System.nanoTime();
        try {
            if (!overlap.isAhead() && scope.rowsLeft() == 0) {
                return Optional.of(atLimit());
            }
            pacer.tuned(scope.control().tuning());
            breakOff.next(sizer.isSmallest(), sizer.fixedCosts());
            Worked<C> worked = overlap.work(cursor, sizer.size());
            breakOff.worked();
            if (worked.batch().done().rowsDeleted() > scope.rowsLeft()) {
                overlap.undo(worked);
                return overLimit();
            }
            sizeNext(worked);
            goAhead(worked);
            batch = overlap.settle(worked);
            if (batch.isEmpty()) {
                return Optional.empty(); // the boundary says why
            }
            if (batch.get().batch().last()) {
                return Optional.of(end(batch.get()));
            }
        } catch (SQLException | CaretakerException e) {
            Failure failure = scope.failure(e);
            if (failure.leavesSession()) {
                throw e;
            }
            return recovery.recover(e, failure, Duration.ofNanos(System.nanoTime() - began));
        }
        advance(batch.get());
        if (overlap.isAhead()) {
            overlap.lookAhead(batch.get(), sizer.size());
        } else if (brake.hold()) {
            transaction.waited();
        }
        return Optional.empty();
    }

    private void sizeNext(Worked<C> worked) {
        Duration target = scope.control().tuning().batchTarget();
        worked.planning().ifPresent(sizer::planned);
        transaction.tellPlanning(worked);
        if (worked.gently()) {
            return;
        }
        sizer.worked(
                target.multipliedBy(AIM_PERCENT).dividedBy(100),
                worked.work(),
                worked.walBytes(),
                worked.batch().fill());
    }

    /**
     * The batch after this one need not wait for its commit, unless the step says so, something holds batches back or others are
     * at work.
     */
    private void goAhead(Worked<C> worked) {
        boolean free = step.overlaps()
                && pacer.mayOverlap()
                && brake.isFree()
                && scope.atBoundary().isEmpty();
        boolean more = !worked.batch().last() && worked.batch().done().rowsDeleted() < scope.rowsLeft();
        if (!free || !more) {
            overlap.goAlone();
        } else if (step.mayOverlap(worked.batch().next())) {
            overlap.goAhead(worked, sizer.size());
        }
    }

    @Override
    public boolean breakOff(Pressure pressure) {
        return scope.control().inFlight().isPresent()
                || breakOff.isDue(scope.control().tuning().batchTarget(), pressure, System.nanoTime());
    }

    @Override
    public Duration sampleInterval() {
        return pacer.isGentle() ? GENTLE_INTERVAL : SAMPLE_INTERVAL;
    }

    private void advance(Committed<C> done) {
        if (!done.batch().next().equals(cursor)) {
            recovery.gotOn(); // a batch that got nowhere proves nothing
        }
        cursor = done.batch().next();
        sizer.committed(done.overhead());
        journal.learned(sizer.size());
        brake.account(done);
        pacer.batch(
                done.worked().seen(), done.commit(), done.worked().walBytes(), monitor.pressure(), System.nanoTime());
        pacer.reason().ifPresent(brake::tellGentle);
        tell(done);
    }

    private StepResult end(Committed<C> done) throws SQLException {
        cursor = done.batch().next();
        tell(done);
        session.connection().setAutoCommit(true);
        return finish();
    }

    /** The policy's row limit is used up: it was just enough, or something stays. */
    private StepResult atLimit() throws SQLException {
        session.connection().setAutoCommit(true);
        if (step.isDone(session)) {
            return finish();
        }
        return halted(Halt.ROW_LIMIT);
    }

    private StepResult halted(Halt halt) {
        journal.settle();
        return new StepResult.Halted(halt);
    }

    private StepResult finish() throws SQLException {
        Totals totals = journal.totals().plus(step.finish(session));
        return new StepResult.Ended(outcome(totals), "", totals, Optional.empty());
    }

    private static Outcome outcome(Totals totals) {
        Outcome residual = totals.rowsResidual() > 0 ? Outcome.RESIDUAL : Outcome.COMPLETE;
        return totals.rowsPinned() > 0 ? residual.and(Outcome.PINNED) : residual;
    }

    /** The batch would have gone over the policy's row limit: take less, or stop if it cannot be less. */
    private Optional<StepResult> overLimit() {
        long before = sizer.size();
        sizer.limit(Math.min(before / 2, scope.rowsLeft()));
        return sizer.size() < before ? Optional.empty() : Optional.of(halted(Halt.ROW_LIMIT));
    }

    private void tell(Committed<C> done) {
        long rows = journal.totals().rowsDone();
        meter.at(rows, done.batch().fraction(), System.nanoTime());
        journal.told(meter.fraction());
        if (!done.worked().onlyEnds() && !done.batch().searched()) {
            scope.lease()
                    .batch(new RunListener.BatchReport(
                            journal.ordinal(),
                            done.took(),
                            scope.control().tuning().batchTarget(),
                            done.batch().done().rowsDeleted()));
        }
        if (!scope.pace().due()) {
            return;
        }
        RunEvent progress = new RunEvent.Progress(
                journal.ordinal(),
                rows,
                scope.step().rowsExpected(),
                journal.totals().bytesDeleted(),
                journal.totals().walBytes(),
                meter.rowsPerSecond(),
                done.took(),
                done.batch().done().rowsDeleted(),
                meter.eta(),
                meter.fraction(),
                done.batch().phase(),
                scope.rowsDeleted());
        if (done.took().compareTo(SOON) < 0) {
            scope.lease().eventWithNext(progress); // the next batch's journal is at hand
        } else {
            scope.lease().event(progress);
        }
    }
}
