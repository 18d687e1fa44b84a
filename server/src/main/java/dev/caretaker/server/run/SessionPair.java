package dev.caretaker.server.run;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of a step, and while its batches overlap another one beside it, under the same fence. That one is opened in the
 * background, so that nothing waits for it: early if there will be more than one batch, else when a second one begins. It is
 * closed as soon as a batch does without it. Used by the run's own thread.
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

    /** Lets another session in under the fence that the first has taken. */
    void share() throws SQLException {
        first.shareFence(step.fencedOid());
        boolean many = scope.step().rowsExpected() > step.sizing().initial();
        if (many && step.overlaps() && scope.control().tuning().hasNoCaps()) {
            second();
        }
    }

    /** The one beside the session; empty as long as it is not there yet, or if it cannot be had. */
    Optional<Session> beside(Session session) {
        if (session != first) {
            return Optional.of(first);
        }
        CompletableFuture<Session> opening = second();
        return opening.isDone() && !opening.isCompletedExceptionally() ? Optional.of(opening.join()) : Optional.empty();
    }

    private CompletableFuture<Session> second() {
        CompletableFuture<Session> opening = second.orElseGet(() -> CompletableFuture.supplyAsync(
                this::open, task -> Thread.ofVirtual().name("second-session").start(task)));
        second = Optional.of(opening);
        return opening;
    }

    private Session open() {
        try {
            Session session = scope.target().openSession(scope.sessionName());
            try {
                require(session);
                return session;
            } catch (SQLException | CaretakerException e) {
                close(session);
                throw e;
            }
        } catch (SQLException | CaretakerException e) {
            LOG.info("run {}: batches do not overlap: {}", scope.run().id(), e.getMessage());
            throw new IllegalStateException(e);
        }
    }

    private void require(Session session) throws SQLException {
        if (!session.identity().sameIncarnation(first.identity())) {
            throw CaretakerException.of(Reason.TARGET_UNREACHABLE, "another server answers now");
        }
        if (!session.joinFence(step.fencedOid())) {
            throw CaretakerException.of(Reason.LOCK_NOT_AVAILABLE, "the fence is not to be shared");
        }
    }

    /** Closes the second, also if it is still being opened. */
    @Override
    public void close() {
        second.ifPresent(opening -> opening.thenAccept(SessionPair::close));
        second = Optional.empty();
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.debug("closing a session failed: {}", e.getMessage());
        }
    }
}
