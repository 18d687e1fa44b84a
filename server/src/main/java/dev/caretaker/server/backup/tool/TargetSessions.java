package dev.caretaker.server.backup.tool;

import dev.caretaker.server.backup.tool.ToolCommand.Sessions;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends sessions of programs by the name they have given themselves, each by its process id and start. */
@Singleton
final class TargetSessions implements SessionEnder {
    private static final Logger LOG = LoggerFactory.getLogger(TargetSessions.class);

    private final Targets targets;

    TargetSessions(Targets targets) {
        this.targets = targets;
    }

    /** A session there. */
    private record Backend(int pid, OffsetDateTime start) {}

    @Override
    public boolean end(Sessions sessions) {
        if (!targets.names().contains(sessions.target())) {
            return true; // nobody looks after it any more
        }
        Session session;
        try {
            session = targets.get(sessions.target()).openRepair("caretaker/children");
        } catch (CaretakerException e) {
            LOG.debug("sessions of {} are ended later: {}", sessions.applicationName(), e.getMessage());
            return false;
        }
        try {
            List<Backend> left = Sql.resource("backup/sessions", sessions.applicationName())
                    .list(
                            session.connection(),
                            row -> new Backend(
                                    row.getInt("pid"), row.getObject("backend_start", OffsetDateTime.class)));
            for (Backend backend : left) {
                Sql.resource("run/terminate_backend", backend.pid(), backend.start())
                        .list(session.connection(), row -> row.getBoolean("terminated"));
            }
            return left.isEmpty();
        } catch (SQLException e) {
            LOG.debug("sessions of {} are ended later: {}", sessions.applicationName(), e.getMessage());
            return false;
        } finally {
            session.closeQuietly();
        }
    }
}
