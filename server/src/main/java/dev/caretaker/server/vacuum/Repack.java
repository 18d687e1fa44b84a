package dev.caretaker.server.vacuum;

import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** REPACK (CONCURRENTLY) of PostgreSQL 19: rewrites a table without locking it out. Experimental here. */
final class Repack {
    private Repack() {}

    /** What keeps it from a table, each in a few words; empty if nothing does. */
    static List<String> obstacles(Connection connection, long oid) throws SQLException {
        String id = Long.toString(oid);
        return Sql.resource("vacuum/repack_obstacles", id, id, id).list(connection, row -> row.getString("obstacle"));
    }
}
