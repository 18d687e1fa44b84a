package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A table as the catalog has it now.
 *
 * @param relfilenode changes whenever the table is rewritten
 * @param xid transaction in which it was looked at; empty if that wrote nothing yet
 */
record Relation(TableName name, String kind, long relfilenode, OptionalLong xid) {
    private static final String PLAIN_TABLE = "r";

    /**
     * The planned table, with nothing changed that the plan depends on.
     *
     * @throws CaretakerException RELATION_CHANGED
     */
    static Relation asPlanned(Session session, RowRemoval removal) throws SQLException {
        Relation relation = verified(session, removal.eligible());
        String now = RelationState.read(session.connection(), removal.eligible().oid())
                .map(RelationState::fingerprint)
                .orElse("");
        if (!now.equals(removal.fingerprint())) {
            throw changed(relation.name, "was altered (columns, triggers, keys or row security)");
        }
        return relation;
    }

    /**
     * The planned table, found by its oid.
     *
     * @throws CaretakerException RELATION_CHANGED if it was dropped or renamed, or another one took its name
     */
    static Relation verified(Session session, Eligibility planned) throws SQLException {
        Relation relation = Sql.resource("cleanup/step/relation", Long.toString(planned.oid()))
                .often()
                .first(
                        session.connection(),
                        row -> new Relation(
                                new TableName(row.getString("schema"), row.getString("name")),
                                row.getString("kind"),
                                row.getLong("relfilenode"),
                                xid(row)))
                .orElseThrow(() -> changed(planned.table(), "was dropped, or replaced by another table"));
        if (!relation.name.equals(planned.table())) {
            throw changed(planned.table(), "is now named " + relation.name);
        }
        if (!relation.kind.equals(PLAIN_TABLE)) {
            throw changed(planned.table(), "is no plain table any more");
        }
        return relation;
    }

    private static OptionalLong xid(ResultSet row) throws SQLException {
        long xid = row.getLong("xid");
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(xid);
    }

    /** Size of the main fork now, in blocks. */
    static long blocks(Session session, long oid) throws SQLException {
        return Sql.resource("cleanup/step/blocks", Long.toString(oid))
                .one(session.connection(), row -> row.getLong("blocks"));
    }

    static CaretakerException changed(TableName table, String what) {
        return CaretakerException.of(
                Reason.RELATION_CHANGED,
                "Table " + table + " " + what + " since it was planned.",
                Map.of("table", table.toString()));
    }
}
