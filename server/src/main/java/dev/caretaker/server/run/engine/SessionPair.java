package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of a step, and while its batches overlap another one beside it, under the same fence. That one is opened in the
 * background, so that nothing waits for it: early if there will be more than one batch, else when a second one begins. It is
 * closed as soon as something holds batches back. Used by the run's own thread.
 */
final class SessionPair implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionPair.class);

    private final StepScope scope;
    private final BatchStep<?> step;
    private final Session first;
    private Optional<CompletableFuture<Session>> second = Optional.empty();

    SessionPair(StepScope scope, BatchStep<?> step, Session first) {
        this.scope = scope;
        this.step = step;
        this.first = first;
    }

    Session first() {
        return first;
    }

    /**
     * Lets another session in under the fence that the first has taken, and expects more batches than one where more rows are
     * expected than that takes: a guess where batches are not sized in rows. What is in doubt may take long to be settled; then
     * it is too early.
     */
    void share() throws SQLException {
        first.shareFence(step.fencedOid());
        boolean many = scope.step().rowsExpected() > step.sizing().initial();
        boolean soon = scope.journal().pending().isEmpty();
        if (many && soon && step.overlaps() && scope.control().tuning().isUncapped()) {
            second();
        }
    }

    /** The one beside the session; empty as long as it is not there yet, or if it cannot be had. */
    Optional<Session> beside(Session session) {
        if (session != first) {
            return Optional.of(first);
        }
        CompletableFuture<Session> opening = second();
        return isOpen(opening) ? Optional.of(opening.join()) : Optional.empty();
    }

    private CompletableFuture<Session> second() {
        if (second.isEmpty()) {
            CompletableFuture<Session> opening = new CompletableFuture<>();
            second = Optional.of(opening);
            Thread.ofVirtual().name("second-session").start(() -> open(opening));
        }
        return second.get();
    }

    /** @param opening cancelled if the session is not wanted any more */
    private void open(CompletableFuture<Session> opening) {
        try {
            Session session = scope.target().openHelper(scope.sessionName());
            boolean taken = false;
            try {
                taken = !opening.isCancelled() && joins(session) && opening.complete(session);
            } finally {
                if (!taken) {
                    session.closeQuietly();
                }
            }
        } catch (SQLException | RuntimeException e) {
            LOG.info("run {}: batches do not overlap: {}", scope.run().id(), e.getMessage());
            opening.completeExceptionally(e);
        }
    }

    private boolean joins(Session session) throws SQLException {
        if (!session.identity().sameIncarnation(first.identity())) {
            throw CaretakerException.of(Reason.TARGET_UNREACHABLE, "another server answers now");
        }
        if (!session.joinFence(step.fencedOid())) {
            throw CaretakerException.of(Reason.LOCK_NOT_AVAILABLE, "the fence is not to be shared");
        }
        ApplicationPath.enter(session.connection());
        scope.target().actForOwner(session, step.fencedOid());
        return true;
    }

    private static boolean isOpen(CompletableFuture<Session> opening) {
        return opening.isDone() && !opening.isCompletedExceptionally();
    }

    /** Closes the second; one that is still being opened closes itself. */
    @Override
    public void close() {
        second.filter(opening -> !opening.cancel(false) && isOpen(opening))
                .ifPresent(opening -> opening.join().closeQuietly());
        second = Optional.empty();
    }
}
