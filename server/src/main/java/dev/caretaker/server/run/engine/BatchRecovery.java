package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What becomes of a step whose batch has failed and was rolled back: tried again, with less, after a while, or given up. */
final class BatchRecovery {
    private final StepScope scope;
    private final BatchStep<?> step;
    private final Session session;
    private final StepJournal journal;
    private final Monitor monitor;
    private final BatchSizer sizer;
    private final BreakOff breakOff;
    private final Pacer pacer;
    private final Retries retries;

    BatchRecovery(
            StepScope scope,
            BatchStep<?> step,
            Session session,
            Monitor monitor,
            BatchSizer sizer,
            BreakOff breakOff,
            Pacer pacer) {
        this.scope = scope;
        this.step = step;
        this.session = session;
        this.journal = scope.journal();
        this.monitor = monitor;
        this.sizer = sizer;
        this.breakOff = breakOff;
        this.pacer = pacer;
        this.retries = scope.retries();
    }

    /** A batch was committed that moved the cursor: what failed before counts no more. */
    void gotOn() {
        retries.reset();
    }

    /**
     * Decides what a failed batch, now rolled back, means; empty to try again.
     *
     * @param took time until it failed
     */
    Optional<StepResult> recover(Exception exception, Failure failure, Duration took) {
        if (Failure.isCancelled(exception)
                && (scope.control().isLost() || scope.control().inFlight().isPresent())) {
            return Optional.empty(); // by us: the boundary says what comes next
        }
        scope.failed(true, took, failure.error());
        if (breakOff.happened() && Failure.isCancelled(exception)) {
            tooLong();
            return Optional.empty();
        }
        Optional<Duration> backoff = failure.kind() == Failure.Kind.RETRY ? retries.next() : Optional.empty();
        if (backoff.isEmpty()) {
            journal.settle(); // how far the step got is known here only
            return Optional.of(StepResult.Ended.failed(explained(exception, failure), journal.totals()));
        }
        journal.retried();
        journal.settle(); // it may be long until the next batch gets that far
        sizer.shrink();
        scope.warn(
                "BATCH_RETRIED",
                "A batch was rolled back and is tried again: " + failure.error().getMessage() + holders(failure),
                Map.of(
                        "sqlstate", failure.error().sqlState().orElse(""),
                        "attempt", Integer.toString(retries.failures()),
                        "size", Long.toString(sizer.size())));
        scope.pause(backoff.get());
        return Optional.empty();
    }

    /** It is tried again at once, with less; how often that may be, {@link BreakOff} says. */
    private void tooLong() {
        long size = sizer.size();
        journal.retried();
        sizer.brokenOff();
        pacer.brokenOff();
        long target = scope.control().tuning().batchTarget().toMillis();
        scope.warn(
                "BATCH_BROKEN_OFF",
                "A batch of size " + size + " took more than " + BreakOff.TOO_LONG + " times its target of " + target
                        + " ms; it was rolled back, and a batch of size " + sizer.size() + " is tried.",
                Map.of(
                        "size", Long.toString(size),
                        "next_size", Long.toString(sizer.size()),
                        "target_ms", Long.toString(target)));
    }

    /** Who held the lock that was not had, as seen while the batch waited for it. */
    private String holders(Failure failure) {
        String holders = monitor.pressure().holders();
        return failure.error().reason() == Reason.LOCK_NOT_AVAILABLE && !holders.isEmpty()
                ? " Held by " + holders + "."
                : "";
    }

    /** A statement that fails for good often does so because its table is not what it was. */
    private CaretakerException explained(Exception exception, Failure failure) {
        boolean said = !(exception instanceof SQLException) && failure.error().reason() != Reason.UNEXPECTED_QUERY_PLAN;
        if (failure.kind() != Failure.Kind.FATAL || said) {
            return failure.error();
        }
        try {
            session.connection().setAutoCommit(true);
            step.requireUnchanged(session);
        } catch (CaretakerException e) {
            e.addSuppressed(failure.error());
            return e;
        } catch (SQLException e) {
            failure.error().addSuppressed(e);
        }
        return failure.error();
    }
}
