package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * Proof that nobody else wrote anything at the server while a pass went over its table, so that no row can have moved out of
 * its way and nothing needs to be looked for behind it.
 *
 * <p>Whoever inserts, updates or locks a row has a transaction id, and ids are given out one after the other, to the whole
 * server. When the pass begins, every id below its first one has ended; each of its batches has the id right after that of
 * the batch before; and once it is through, the next id is still the one right after its last. Then there is no id left that
 * anybody else could have had. What the batches themselves do through triggers and foreign keys is not covered: where a
 * table has those this proves nothing, and must not be asked.
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

    /** Called in a transaction after the pass: whether it was alone all the while. */
    boolean lasted(Session session) throws SQLException {
        if (latest.isEmpty()) {
            return false;
        }
        batch(OptionalLong.of(Sql.of("SELECT CAST(CAST(pg_catalog.pg_current_xact_id() AS text) AS bigint)")
                .one(session.connection(), row -> row.getLong(1))));
        return latest.isPresent();
    }
}
