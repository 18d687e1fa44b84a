package dev.caretaker.server.run.engine;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.WarmConnection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a run's session from one step to the next where a step left it well, and the last one for the look at what the run has
 * done: opening another takes longer than many a step. Used by the run's own thread.
 */
final class SessionKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);

    private Optional<Kept> kept = Optional.empty();

    /** @param clean whether another step may work on it */
    private record Kept(Session session, boolean clean) {}

    /**
     * A session for one step.
     *
     * @param name application_name of the run's sessions
     */
    Loan take(Target target, String name) {
        Optional<Session> renewed =
                kept.filter(Kept::clean).map(Kept::session).filter(last -> renew(target, last, name));
        if (renewed.isEmpty()) {
            close();
        }
        kept = Optional.empty();
        return new Loan(renewed.orElseGet(() -> target.openSession(name)));
    }

    /** Makes it as new: no fence is held, and its settings are those of the beginning. */
    private static boolean renew(Target target, Session session, String name) {
        try {
            target.renew(session, name);
            return true;
        } catch (SQLException e) {
            LOG.info("the next step opens a session of its own: {}", e.getMessage());
            return false;
        }
    }

    /** The run needs no session any more: what is left of the last one, if a step left it well. */
    Optional<WarmConnection> leave(Supplier<Target> target) {
        Optional<WarmConnection> left = kept.flatMap(last -> target.get().leave(last.session(), last.clean()));
        kept = Optional.empty();
        return left;
    }

    @Override
    public void close() {
        kept.ifPresent(last -> last.session().closeQuietly());
        kept = Optional.empty();
    }

    /** A session while a step has it. Closed with the loan, unless it is returned before. */
    final class Loan implements AutoCloseable {
        private final Session session;
        private boolean returned;

        private Loan(Session session) {
            this.session = session;
        }

        Session session() {
            return session;
        }

        /** @param clean whether the next step may work on it, once it is made as new */
        void giveBack(boolean clean) {
            returned = true;
            kept = Optional.of(new Kept(session, clean));
        }

        @Override
        public void close() throws SQLException {
            if (!returned) {
                session.close();
            }
        }
    }
}
