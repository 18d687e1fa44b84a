package dev.caretaker.server.run.job;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A job as batches of the engine: a batch is a moment in which the job may work. So it is paused, throttled, cancelled, limited in
 * time and shown like any other step. What ends the session, or moves the run to another server, ends the attempt; the next one
 * begins at the begin.
 */
public final class JobStep implements BatchStep<JobCursor> {
    private static final Duration MOMENT = Duration.ofMillis(400);
    private final Job job;
    private final StepContext context;
    private final Jobs jobs;
    private final long fencedOid;
    private final Optional<String> notTwice;
    private final Around around;
    private int lost;

    /** What is done on the run's own thread, where debts are written down and struck. */
    public interface Around {
        Around NOTHING = new Around() {};

        /** Before an attempt begins. */
        default void before() {}

        /** After it ended, in whatever way. */
        default void after() {}
    }

    /**
     * @param notTwice why a second attempt cannot be made, one sentence; such a job waits while its run is paused. Empty if it can be
     *     begun again, as it is after a pause
     */
    public JobStep(Job job, StepContext context, Jobs jobs, long fencedOid, Optional<String> notTwice, Around around) {
        this.job = job;
        this.context = context;
        this.jobs = jobs;
        this.fencedOid = fencedOid;
        this.notTwice = notTwice;
        this.around = around;
    }

    @Override
    public long fencedOid() {
        return fencedOid;
    }

    @Override
    public Class<JobCursor> cursorType() {
        return JobCursor.class;
    }

    @Override
    public JobCursor prepare(Session session, Optional<JobCursor> stored) {
        if (stored.isPresent()
                && stored.get().begun()
                && notTwice.isPresent()
                && jobs.find(context.runId(), context.epoch()).isEmpty()) {
            throw CaretakerException.of(Reason.STATEMENT_FAILED, notTwice.get());
        }
        return stored.orElse(new JobCursor(false));
    }

    @Override
    public BatchSizing sizing() {
        return new BatchSizing(1, 1, 1);
    }

    @Override
    public Batch<JobCursor> next(Session session, JobCursor from, long size) throws SQLException {
        if (!from.begun()) {
            return new Batch<>(
                    new JobCursor(true), false, Totals.NONE, 1, 0, "beginning"); // journalled before it works
        }
        if (jobs.find(context.runId(), context.epoch()).isEmpty()) {
            around.before();
        }
        JobRun run = jobs.findOrBegin(context.runId(), context.epoch(), job, notTwice.isPresent());
        run.open();
        try {
            Optional<String> end = run.await(MOMENT);
            end.ifPresent(_ -> over(run));
            return new Batch<>(
                    from, end.isPresent(), Totals.NONE, 1, end.isPresent() ? 1 : run.fraction(), run.phase());
        } catch (Gate.EndedException e) {
            jobs.forget(context.runId(), run);
            return new Batch<>(from, false, Totals.NONE, 1, 0, "beginning again");
        } catch (SQLException | RuntimeException e) {
            over(run);
            requireAnotherTry(e);
            throw e;
        } catch (IOException e) {
            over(run);
            throw new UncheckedIOException(e);
        } finally {
            run.warnings(warning -> context.warn(warning.code(), warning.message(), Map.of()));
        }
    }

    /**
     * Every attempt begins at the begin, so that none gets further than the one before: those that lost their connection are counted, however
     * long each was at work.
     */
    private void requireAnotherTry(Exception e) {
        if (!isLoss(e) || ++lost <= jobs.retries()) {
            return;
        }
        CaretakerException told = e instanceof SQLException sql
                ? PostgresErrors.translate(context.target(), sql)
                : (CaretakerException) e;
        CaretakerException last = CaretakerException.of(
                told.reason(),
                "It was begun " + Amounts.count(lost, "time", "times")
                        + ", and its connection was lost each time. At last: " + told.getMessage(),
                told.metadata());
        last.addSuppressed(e); // no cause: nothing is tried again for this one
        throw last;
    }

    private static boolean isLoss(Exception e) {
        return switch (e) {
            case SQLException sql -> PostgresErrors.isConnectionLoss(sql);
            case CaretakerException known ->
                known.getCause() instanceof SQLException sql && PostgresErrors.isConnectionLoss(sql);
            default -> false;
        };
    }

    private void over(JobRun run) {
        jobs.forget(context.runId(), run);
        around.after();
    }

    @Override
    public long remaining(Session session, JobCursor from, JobCursor to) {
        return 0;
    }

    /** The batches change nothing. */
    @Override
    public boolean goesOnBehind() {
        return true;
    }

    @Override
    public Optional<JobCursor> startedOver(JobCursor cursor) {
        return Optional.of(cursor);
    }
}
