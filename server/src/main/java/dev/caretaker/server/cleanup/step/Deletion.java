package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Deletes the eligible rows of a part of the table, exactly counted, within the open transaction. */
final class Deletion {
    /** A referencing row may appear while the batch runs; a fresh snapshot sees it and lets its row alone. */
    private static final int ATTEMPTS = 5;
    /** What is deferred happens at once, in the same round trip: what it cascades to is counted, what it forbids is told. */
    private static final SqlFragment FIRE = SqlFragment.of("SET CONSTRAINTS ALL IMMEDIATE");

    private final RowRemoval removal;
    private final EligibleRows rows;
    private final Cascades cascades;
    private final Suppression suppression;
    private Optional<SqlFragment> latest = Optional.empty();

    Deletion(RowRemoval removal, EligibleRows rows, Cascades cascades) {
        this.removal = removal;
        this.rows = rows;
        this.cascades = cascades;
        this.suppression = new Suppression(removal.eligible(), rows);
    }

    /** All eligible rows that satisfy the condition. */
    Removed where(Session session, SqlFragment condition) throws SQLException {
        Removed removed = statement(session, rows.delete(condition));
        if (removal.guardAgainstSuppression()) {
            suppression.check(session, condition);
        }
        return removed;
    }

    /** The rows at these addresses, as far as they are still eligible. */
    Removed at(Session session, long[] addresses) throws SQLException {
        PlannerSettings.byAddress(session);
        SqlFragment among = EligibleRows.among(addresses);
        Removed removed = statement(session, rows.delete(among));
        if (removed.rows() < addresses.length) {
            suppression.check(session, among);
        }
        return removed;
    }

    /** Every eligible row there is. */
    Removed everything(Session session) throws SQLException {
        return statement(session, rows.deleteAll());
    }

    /** The latest DELETE, if there was one. */
    Stream<SqlFragment> latest() {
        return latest.stream();
    }

    private Removed statement(Session session, SqlFragment delete) throws SQLException {
        latest = Optional.of(delete);
        boolean retryable = !removal.eligible().pinnedBy().isEmpty();
        for (int attempt = 1; ; attempt++) {
            if (retryable) {
                Sql.of("SAVEPOINT caretaker_delete").update(session.connection());
            }
            try {
                return execute(session, delete);
            } catch (SQLException e) {
                if (!retryable || attempt == ATTEMPTS || !ForeignKeys.isViolation(e)) {
                    throw ForeignKeys.explained(removal.eligible(), e);
                }
                Sql.of("ROLLBACK TO SAVEPOINT caretaker_delete").update(session.connection());
            }
        }
    }

    private Removed execute(Session session, SqlFragment delete) throws SQLException {
        Map<TableName, Long> before = cascades.read(session);
        long deleted = delete.then("; ", FIRE).statement().update(session.connection());
        return new Removed(deleted, cascades.difference(before, cascades.read(session), deleted));
    }
}
