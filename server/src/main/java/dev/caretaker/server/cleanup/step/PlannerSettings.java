package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Ways of reading a table that the server is asked to avoid until the end of the transaction. */
final class PlannerSettings {
    /**
     * Leaves only row addresses as a good way to the rows. All other ways are made equally bad, so that for other tables
     * (foreign keys, triggers) the server chooses between them as always.
     */
    private static final List<String> ALL_BUT_ADDRESSES =
            List.of("enable_seqscan", "enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan");

    private static final List<String> OTHER_JOINS = List.of("enable_hashjoin", "enable_mergejoin");

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
                            "SELECT pg_catalog.set_config(way, 'off', true) FROM pg_catalog.unnest(CAST(? AS pg_catalog.text[])) way",
                            "{" + String.join(",", ways) + "}")
                    .list(session.connection(), row -> row.getString(1));
        }
    }

    /**
     * All ways of reading as always again, and joins only by looking rows up one by one: a question whose steps each meet few
     * rows is planned as if they were many.
     *
     * @param lookUp whether there are indexes for that
     */
    static void forLookingUp(Session session, boolean lookUp) throws SQLException {
        String joins = lookUp ? "off" : "DEFAULT";
        set(session, "DEFAULT", ALL_BUT_ADDRESSES);
        set(session, joins, OTHER_JOINS);
    }

    /** The opposite of {@link #forLookingUp}. */
    static void anyJoin(Session session) throws SQLException {
        set(session, "DEFAULT", OTHER_JOINS);
    }

    private static void set(Session session, String value, List<String> settings) throws SQLException {
        String all = settings.stream()
                .map(setting -> "SET LOCAL " + setting + " TO " + value)
                .collect(Collectors.joining("; "));
        Sql.of(all).update(session.connection());
    }
}
