package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.catalog.DropObstacles;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What would make the drop of a detached partition fail: asked before anything is done that only serves the drop. */
final class DropQuestions {
    private final Session session;
    private final long oid;
    private final TableName partition;

    DropQuestions(Session session, long oid, TableName partition) {
        this.session = session;
        this.oid = oid;
        this.partition = partition;
    }

    /** Fails with UNSUPPORTED_RELATION if objects depend on it, or the role may not. */
    void requireNoObstacles() throws SQLException {
        List<String> obstacles = DropObstacles.unread(session.connection(), oid);
        if (!obstacles.isEmpty()) {
            throw stays(String.join("; ", obstacles) + ".");
        }
    }

    /** Event triggers are code of users, which can refuse anything: the drop is tried, and rolled back, where there are any. */
    void requireNotRefused() throws SQLException {
        if (DropObstacles.eventTriggers(session.connection()).isEmpty()) {
            return;
        }
        Optional<SQLException> refused = DropObstacles.tried(session, List.of(PartitionSql.drop(partition)));
        if (refused.isPresent()) {
            throw stays(PostgresErrors.whole(refused.get()));
        }
    }

    private CaretakerException stays(String why) {
        return CaretakerException.of(
                Reason.UNSUPPORTED_RELATION,
                "Partition " + partition + " cannot be dropped: " + why,
                Map.of("table", partition.toString()));
    }
}
