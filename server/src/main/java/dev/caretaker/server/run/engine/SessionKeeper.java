package dev.caretaker.server.run.engine;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a run's session from one step to the next where a step left it well: opening another takes longer than many a step.
 * Used by the run's own thread.
 */
final class SessionKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);

    private Optional<Session> spare = Optional.empty();

    /**
     * A session for one step.
     *
     * @param name application_name of the run's sessions
     */
    Loan take(Target target, String name) {
        Session session = spare.orElseGet(() -> target.openSession(name));
        spare = Optional.empty();
        return new Loan(target, name, session);
    }

    @Override
    public void close() {
        spare.ifPresent(Session::closeQuietly);
        spare = Optional.empty();
    }

    /** A session while a step has it. Closed with the loan, unless it is returned before. */
    final class Loan implements AutoCloseable {
        private final Target target;
        private final String name;
        private final Session session;
        private boolean returned;

        private Loan(Target target, String name, Session session) {
            this.target = target;
            this.name = name;
            this.session = session;
        }

        Session session() {
            return session;
        }

        /** The next step may have it, made as new: no fence is held, and its settings are those of the beginning. */
        void giveBack() {
            try {
                target.renew(session, name);
                returned = true;
                spare = Optional.of(session);
            } catch (SQLException e) {
                LOG.info("the next step opens a session of its own: {}", e.getMessage());
            }
        }

        @Override
        public void close() throws SQLException {
            if (!returned) {
                session.close();
            }
        }
    }
}
