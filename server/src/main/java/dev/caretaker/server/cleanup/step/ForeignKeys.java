package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What it means when a foreign key stands against a DELETE. */
final class ForeignKeys {
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    /** ON DELETE RESTRICT, from PostgreSQL 18 on. */
    private static final String RESTRICT_VIOLATION = "23001";
    /** ON DELETE SET NULL or SET DEFAULT met a constraint of the referencing table. */
    private static final Set<String> REFUSED_BY_CHILD = Set.of("23502", "23514");

    private ForeignKeys() {}

    static boolean isViolation(SQLException e) {
        return FOREIGN_KEY_VIOLATION.equals(e.getSQLState()) || RESTRICT_VIOLATION.equals(e.getSQLState());
    }

    /**
     * Returns the error to throw: for people, if a foreign key is the reason; otherwise what Postgres said.
     *
     * @throws CaretakerException PINNED_BY_FOREIGN_KEY, or STATEMENT_FAILED if a referencing table refuses the change
     */
    static SQLException explained(Eligibility eligible, SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        if (server == null) {
            return e;
        }
        if (isViolation(e)) {
            throw CaretakerException.of(
                    Reason.PINNED_BY_FOREIGN_KEY,
                    "Rows of " + eligible.table() + " are still referenced by " + server.getSchema() + "."
                            + server.getTable() + " (foreign key \"" + server.getConstraint() + "\").",
                    details(eligible, server),
                    e);
        }
        if (REFUSED_BY_CHILD.contains(String.valueOf(e.getSQLState()))) {
            throw CaretakerException.of(
                    Reason.STATEMENT_FAILED,
                    "Deleting from " + eligible.table() + " would change rows of " + server.getSchema() + "."
                            + server.getTable() + " through a foreign key, and that table refuses: "
                            + server.getMessage() + ".",
                    details(eligible, server),
                    e);
        }
        return e;
    }

    private static Map<String, String> details(Eligibility eligible, ServerErrorMessage server) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("table", eligible.table().toString());
        details.put("referencing_table", server.getSchema() + "." + server.getTable());
        if (server.getConstraint() != null) {
            details.put("constraint", server.getConstraint());
        }
        if (server.getColumn() != null) {
            details.put("column", server.getColumn());
        }
        return details;
    }
}
