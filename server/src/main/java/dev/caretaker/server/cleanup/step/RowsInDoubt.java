package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Optional;

/** What is left of a batch of which nobody can tell whether it was committed. */
final class RowsInDoubt {
    private final RowRemoval removal;
    private final TableWalk walk;

    RowsInDoubt(RowRemoval removal, TableWalk walk) {
        this.removal = removal;
        this.walk = walk;
    }

    /** Eligible rows that are between two cursors. */
    long remaining(Session session, RemovalCursor from, RemovalCursor to) throws SQLException {
        return count(session, within(from, to));
    }

    /**
     * Whether rows are there that a batch must have seen and would have taken.
     *
     * @param since transaction id with epoch: whatever has a lower one had ended before the batch began
     */
    boolean undone(Session session, RemovalCursor from, RemovalCursor to, String since) throws SQLException {
        boolean takesAll = from.phase() == RemovalCursor.Phase.PASS
                && walk.takesAll()
                && removal.kinship().isNone()
                && removal.eligible().pinnedBy().isEmpty();
        return takesAll && count(session, within(from, to).then(" AND ", olderThan(since))) > 0;
    }

    /** Row versions whose writer had ended before. Ids of rows have no epoch, their ages have; a frozen one is old. */
    private static SqlFragment olderThan(String xid) {
        return SqlFragment.of(
                "pg_catalog.age(t.xmin) OPERATOR(pg_catalog.>)"
                        + " pg_catalog.age(CAST(CAST(? AS pg_catalog.xid8) AS pg_catalog.xid))",
                xid);
    }

    private long count(Session session, SqlFragment where) throws SQLException {
        return new EligibleRows(removal.unheld())
                .selectEligible("count(*)", where)
                .statement()
                .one(session.connection(), row -> row.getLong(1));
    }

    private SqlFragment within(RemovalCursor from, RemovalCursor to) {
        boolean samePass = from.phase() == to.phase() && from.sweep() == to.sweep();
        Optional<Position> end = samePass ? Optional.of(to.position()) : Optional.empty();
        return switch (from.phase()) {
            case PASS -> walk.between(from.position(), end);
            case SWEEP -> HeapBlocks.between(from.position(), end);
            case LAST_DELETE -> SqlFragment.of("TRUE");
        };
    }
}
