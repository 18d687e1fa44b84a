package dev.caretaker.server.run.engine;

import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Works a step's batches one after the other, each on the session that is not busy: where it may, the next one is worked
 * {@linkplain Ahead ahead} while the one before it is journalled and committed. A batch that was worked ahead is never
 * journalled before the one before it is committed; if that one fails, both are undone.
 *
 * @param <C> cursor of the step
 */
final class Overlap<C extends Record> implements AutoCloseable {
    /** A shorter look would hardly get anywhere. */
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(5);

    private final BatchTransaction<C> transaction;
    private final SessionPair sessions;
    private Optional<Ahead<C>> ahead = Optional.empty();
    private boolean alone;

    Overlap(BatchTransaction<C> transaction, SessionPair sessions) {
        this.transaction = transaction;
        this.sessions = sessions;
    }

    /** Whether the next batch has begun. */
    boolean isAhead() {
        return ahead.isPresent();
    }

    /** The batch that was worked ahead; else the one at this cursor, worked now. */
    Worked<C> work(C from, long size) throws SQLException {
        Optional<Ahead<C>> begun = ahead;
        ahead = Optional.empty();
        return begun.isPresent() ? begun.get().take() : transaction.work(sessions.first(), from, size);
    }

    /** Has the batch after this one begin now, if there is a session for it. */
    void goAhead(Worked<C> worked, long size) {
        alone = false;
        C next = worked.batch().next();
        ahead = sessions.beside(worked.session())
                .map(idle -> Ahead.begin(idle, () -> transaction.work(idle, next, size)));
    }

    /** The batch after this one is to wait, and perhaps many more: the second session is let go. */
    void goAlone() {
        alone = true;
    }

    /**
     * Journals and commits a batch. If that fails, all is undone that was worked.
     *
     * @return empty if it was undone because the run ends
     */
    Optional<Committed<C>> settle(Worked<C> worked) throws SQLException {
        try {
            Optional<Committed<C>> committed = transaction.settle(worked);
            if (committed.isEmpty()) {
                undo(worked);
            }
            if (alone) {
                sessions.close();
            }
            return committed;
        } catch (SQLException | RuntimeException e) {
            try {
                undo(worked);
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Undoes a batch that was worked, and what was worked ahead of it. */
    void undo(Worked<C> worked) throws SQLException {
        Optional<Session> other = ahead.map(Ahead::breakOff);
        ahead = Optional.empty();
        try {
            if (other.isPresent()) {
                other.get().connection().rollback();
            }
        } finally {
            transaction.rollback(worked.session());
        }
    }

    /**
     * Uses the session that has committed its batch to look at what comes after the one that is ahead, if that one is still at
     * work. Nothing is to wait for a look: whatever the disk does then, the batch after that one does as well. So it is over when
     * the batch ahead is worked, and none of its statements goes on for longer than that will, if it takes as long as the one that
     * was committed.
     */
    void lookAhead(Committed<C> committed, long size) throws SQLException {
        Ahead<C> working = ahead.orElseThrow();
        Duration left = committed.worked().work().minus(working.age());
        if (!working.isDone() && left.compareTo(SHORTEST_LOOK) >= 0) {
            transaction.lookAhead(committed.worked().session(), size, left, () -> !working.isDone());
        }
    }

    @Override
    public void close() {
        if (ahead.isPresent()) {
            ahead.get().breakOff();
            transaction.forget();
        }
        sessions.close();
    }
}
