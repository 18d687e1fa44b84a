package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;

/** Ways of reading a table that the server is asked to avoid until the end of the transaction. */
final class PlannerSettings {
    /**
     * Leaves only row addresses as a good way to the rows. All other ways are made equally bad, so that for other tables
     * (foreign keys, triggers) the server chooses between them as always.
     */
    private static final List<String> ALL_BUT_ADDRESSES =
            List.of("enable_seqscan", "enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan");

    private PlannerSettings() {}

    /**
     * To price a merge join the planner reads the ends of both columns' indexes, dead entries included, at each planning. Where
     * batches join what references their rows it has enough other ways.
     */
    static void withoutMergeJoins(Session session) throws SQLException {
        avoid(session, List.of("enable_mergejoin"));
    }

    static void byAddress(Session session) throws SQLException {
        avoid(session, ALL_BUT_ADDRESSES);
    }

    static void avoid(Session session, List<String> ways) throws SQLException {
        if (!ways.isEmpty()) {
            Sql.of(
                            "SELECT pg_catalog.set_config(way, 'off', true) FROM unnest(CAST(? AS text[])) way",
                            "{" + String.join(",", ways) + "}")
                    .list(session.connection(), row -> row.getString(1));
        }
    }
}
