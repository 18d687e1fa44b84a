package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Constraints that stand on a table now. */
public final class Constraints {

    private Constraints() {}

    /** Whether it is validated; empty if there is none of that name. */
    public static Optional<Boolean> check(Session session, long oid, String name) throws SQLException {
        return Sql.of(
                        "SELECT convalidated FROM pg_catalog.pg_constraint"
                                + " WHERE conrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND contype = 'c' AND conname = ?",
                        oid,
                        name)
                .first(session.connection(), row -> row.getBoolean(1));
    }

    /** Whether a validated check of exactly this text stands on it, as a concurrent detach leaves one. */
    static List<String> proving(Session session, long oid, String expression) throws SQLException {
        return Sql.of(
                        "SELECT conname FROM pg_catalog.pg_constraint"
                                + " WHERE conrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND contype = 'c' AND convalidated"
                                + " AND coninhcount = 0 AND pg_catalog.pg_get_expr(conbin, conrelid) = ? ORDER BY conname",
                        oid,
                        expression)
                .list(session.connection(), row -> row.getString(1));
    }
}
