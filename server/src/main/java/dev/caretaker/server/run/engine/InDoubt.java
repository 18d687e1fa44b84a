package dev.caretaker.server.run.engine;

import dev.caretaker.server.target.BackendIdentity;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Finds out whether a journalled batch was committed. The answer decides only what is counted: the step goes on from its old
 * cursor either way, because deleting twice deletes nothing.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT">pg_xact_status</a>
 */
final class InDoubt {
    private final Session session;

    InDoubt(Session session) {
        this.session = session;
    }

    enum Verdict {
        COMMITTED,
        ROLLED_BACK,
        /** The server cannot tell: what is left has to be counted. */
        UNKNOWN
    }

    /** Asks the server what became of the transaction, having terminated the backend that may still be in it. */
    Verdict verdict(Pending pending) throws SQLException {
        BackendIdentity then = pending.backend();
        BackendIdentity now = session.identity();
        Fence.evict(session, then);
        if (pending.xid().isEmpty() || then.systemIdentifier() != now.systemIdentifier()) {
            return Verdict.UNKNOWN;
        }
        String xid = pending.xid().get();
        return then.sameIncarnation(now) ? ofThisServer(xid) : ofItsSuccessor(xid);
    }

    private Verdict ofThisServer(String xid) throws SQLException {
        return switch (status(xid)) {
            case "committed" -> Verdict.COMMITTED;
            case "aborted" -> Verdict.ROLLED_BACK;
            case "in progress" ->
                throw new SQLException("transaction " + xid + " has not ended yet", PostgresErrors.LOCK_NOT_AVAILABLE);
            default -> Verdict.UNKNOWN;
        };
    }

    /**
     * After a crash or a promotion the id may have been given to somebody else, but only if ours was not committed there: one
     * whose commit was recovered is never given out again. So every answer but "committed" is ours as well.
     */
    private Verdict ofItsSuccessor(String xid) throws SQLException {
        return switch (status(xid)) {
            case "aborted", "in progress" -> Verdict.ROLLED_BACK;
            case "committed" -> committedBefore(xid) ? Verdict.COMMITTED : Verdict.UNKNOWN;
            default -> Verdict.UNKNOWN;
        };
    }

    /** Whether it was committed before the server started, when the id was still ours; told where commit times are kept. */
    private boolean committedBefore(String xid) throws SQLException {
        return Sql.of(
                        "SELECT CASE WHEN pg_catalog.current_setting('track_commit_timestamp') OPERATOR(pg_catalog.=) 'on'"
                                + " AND NOT pg_catalog.pg_is_in_recovery()"
                                + " THEN COALESCE(pg_catalog.pg_xact_commit_timestamp("
                                + "CAST(CAST(? AS pg_catalog.xid8) AS pg_catalog.xid))"
                                + " OPERATOR(pg_catalog.<) pg_catalog.pg_postmaster_start_time(), false)"
                                + " ELSE false END",
                        xid)
                .one(session.connection(), row -> row.getBoolean(1));
    }

    private String status(String xid) throws SQLException {
        try {
            Optional<String> status = Sql.of("SELECT pg_catalog.pg_xact_status(CAST(? AS pg_catalog.xid8))", xid)
                    .first(session.connection(), row -> row.getString(1));
            return status.orElse("unknown");
        } catch (SQLException e) {
            if (PostgresErrors.INVALID_PARAMETER_VALUE.equals(e.getSQLState())) {
                return "aborted"; // "in the future": never given out, so it never happened
            }
            throw e;
        }
    }

    /**
     * Decides by what is left of a batch. Rows that others removed, moved or added since look like ours, so this is a guess
     * unless the batch deleted nothing.
     *
     * @param rows rows the batch deleted if it was committed
     * @param remaining eligible rows left in its range
     */
    static Recount recount(long rows, long remaining) {
        return new Recount(remaining * 2 < rows, rows == 0);
    }

    /**
     * @param committed whether the batch is taken as committed
     * @param exact false if the count may be off
     */
    record Recount(boolean committed, boolean exact) {}
}
