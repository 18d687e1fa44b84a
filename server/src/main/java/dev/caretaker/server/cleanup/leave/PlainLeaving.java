package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;

/** Nothing is kept. */
final class PlainLeaving implements Leaving {

    @Override
    public long delete(Session session, SqlFragment delete) throws SQLException {
        return delete.then("; ", SqlFragment.of(FIRE)).statement().update(session.connection());
    }
}
