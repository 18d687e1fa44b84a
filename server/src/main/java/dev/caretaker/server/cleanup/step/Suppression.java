package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Finds out whether something keeps rows that a DELETE matched: a BEFORE DELETE trigger that returns NULL, or a rule. */
final class Suppression {
    /** Enough to prove it. */
    private static final int SAMPLE = 10;

    private final Eligibility eligible;
    private final EligibleRows rows;
    private long updates;

    Suppression(Eligibility eligible, EligibleRows rows) {
        this.eligible = eligible;
        this.rows = rows;
    }

    /**
     * Called after a DELETE of the eligible rows that satisfy the condition. Rows that satisfy it still may have come
     * only now; so a few are deleted by address, and those that survive even that are held back.
     *
     * @throws CaretakerException DELETE_SUPPRESSED; the batch must not count
     */
    void check(Session session, SqlFragment condition) throws SQLException {
        long[] left = sample(session, condition);
        if (left.length == 0) {
            return;
        }
        Sql.of("SAVEPOINT caretaker_suppression").update(session.connection());
        SqlFragment among = EligibleRows.among(left);
        rows.delete(among).statement().update(session.connection());
        boolean suppressed = sample(session, among).length > 0;
        Sql.of("ROLLBACK TO SAVEPOINT caretaker_suppression").update(session.connection());
        if (suppressed) {
            throw suppressed(session);
        }
    }

    /** Called before a DELETE that may have to be looked at twice. */
    void begin(Session session) throws SQLException {
        Sql.of("SAVEPOINT caretaker_guard").update(session.connection());
        updates = updates(session);
    }

    /**
     * Whether rows of the table were updated since {@link #begin}. A trigger that marks a row as deleted and keeps it moves it, so
     * that it is no longer where it was deleted. Only sees what the server counts (track_counts).
     */
    boolean rewroteRows(Session session) throws SQLException {
        return updates(session) > updates;
    }

    /** Back to {@link #begin}. */
    void undo(Session session) throws SQLException {
        Sql.of("ROLLBACK TO SAVEPOINT caretaker_guard").update(session.connection());
        updates = updates(session);
    }

    /**
     * @param matching rows that the DELETE after {@link #undo} was for
     * @param deleted rows that went
     * @throws CaretakerException DELETE_SUPPRESSED if rows were updated instead
     */
    void requireAll(Session session, long matching, long deleted) throws SQLException {
        if (deleted < matching && updates(session) - updates >= matching - deleted) {
            throw suppressed(session);
        }
    }

    private long updates(Session session) throws SQLException {
        return Sql.of(
                        "SELECT pg_catalog.pg_stat_get_xact_tuples_updated(CAST(? AS pg_catalog.oid))",
                        Long.toString(eligible.oid()))
                .one(session.connection(), row -> row.getLong(1));
    }

    private long[] sample(Session session, SqlFragment condition) throws SQLException {
        return EligibleRows.addresses(session, EligibleRows.limit(rows.selectEligible("t.ctid", condition), SAMPLE));
    }

    private CaretakerException suppressed(Session session) throws SQLException {
        List<String> triggers = Sql.resource("cleanup/step/delete_triggers", Long.toString(eligible.oid()))
                .list(session.connection(), row -> row.getString("name"));
        String by = triggers.isEmpty() ? "something, though no trigger is to be seen" : "trigger " + quoted(triggers);
        return CaretakerException.of(
                Reason.DELETE_SUPPRESSED,
                "Rows of " + eligible.table() + " stay although they are deleted: " + by + " keeps them.",
                Map.of("table", eligible.table().toString(), "triggers", String.join(", ", triggers)));
    }

    private static String quoted(List<String> triggers) {
        return "\"" + String.join("\" or \"", triggers) + "\"";
    }
}
