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
