package dev.caretaker.server.run.engine;

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

    /**
     * Asks the server what became of the transaction, having terminated the backend that may still be in it. After a restart
     * of the server the transaction id may have been given to somebody else, so its word is void then.
     */
    Verdict verdict(Pending pending) throws SQLException {
        Fence.evict(session, pending.backend());
        if (!pending.backend().sameIncarnation(session.identity())
                || pending.xid().isEmpty()) {
            return Verdict.UNKNOWN;
        }
        return switch (status(pending.xid().get())) {
            case "committed" -> Verdict.COMMITTED;
            case "aborted" -> Verdict.ROLLED_BACK;
            case "in progress" ->
                throw new SQLException(
                        "transaction " + pending.xid().get() + " has not ended yet", PostgresErrors.LOCK_NOT_AVAILABLE);
            default -> Verdict.UNKNOWN;
        };
    }

    private String status(String xid) throws SQLException {
        try {
            Optional<String> status = Sql.of("SELECT pg_catalog.pg_xact_status(CAST(? AS xid8))", xid)
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
     * Decides by what is left of a batch.
     *
     * @param rows rows the batch deleted if it was committed
     * @param remaining eligible rows left in its range
     */
    static Recount recount(long rows, long remaining) {
        boolean committed = remaining * 2 < rows;
        boolean exact = remaining == 0 || remaining >= rows;
        return new Recount(committed, exact);
    }

    /**
     * @param committed whether the batch is taken as committed
     * @param exact false if rows came or went meanwhile, so that the count may be off
     */
    record Recount(boolean committed, boolean exact) {}
}
