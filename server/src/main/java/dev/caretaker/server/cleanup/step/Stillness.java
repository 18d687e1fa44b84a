package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * Proof that nobody else wrote anything at the server while a pass went over its table, so that no row can have moved out of
 * its way and nothing needs to be looked for behind it.
 *
 * <p>Whoever inserts, updates or locks a row has a transaction id, and ids are given out one after the other, to the whole
 * server. When the pass begins, every id below its first one has ended. Each of its batches has the id right after that of the
 * batch before, so nobody else's lies between them. After its last DELETE no id above the latest of its own has ended. So no
 * transaction of others began and ended meanwhile; one that began and has not ended cannot have moved an eligible row out of
 * the way, for the pass would still wait for it where that row was. What the batches
 * themselves do to the table through triggers, or through foreign keys that lead back to it, is not covered: where there are
 * such this proves nothing, and must not be asked.
 */
final class Stillness {
    private OptionalLong latest = OptionalLong.empty();

    /** Called in the first transaction of a pass, before it looks at the table. */
    void begin(Session session) throws SQLException {
        latest = Sql.resource("cleanup/step/first_xid")
                .one(
                        session.connection(),
                        row -> row.getBoolean("alone") ? OptionalLong.of(row.getLong("xid")) : OptionalLong.empty());
    }

    /** Called in every transaction of the pass. */
    void batch(OptionalLong xid) {
        if (xid.isEmpty() || latest.isEmpty()) {
            return;
        }
        long ahead = xid.getAsLong() - latest.getAsLong();
        latest = ahead == 0 || ahead == 1 ? xid : OptionalLong.empty();
    }

    /** Proves nothing from now on. */
    void end() {
        latest = OptionalLong.empty();
    }

    /** Called in the pass's last transaction, when nothing is left to be deleted: whether it was alone all the while. */
    boolean lasted(Session session) throws SQLException {
        if (latest.isEmpty()) {
            return false;
        }
        Xids xids = Sql.resource("cleanup/step/last_xid").one(session.connection(), Xids::read);
        batch(xids.own());
        return latest.isPresent() && xids.ended() <= latest.getAsLong();
    }

    /**
     * @param own empty if the transaction wrote nothing
     * @param ended the highest that has ended
     */
    private record Xids(OptionalLong own, long ended) {
        static Xids read(ResultSet row) throws SQLException {
            long own = row.getLong("own");
            return new Xids(row.wasNull() ? OptionalLong.empty() : OptionalLong.of(own), row.getLong("ended"));
        }
    }
}
