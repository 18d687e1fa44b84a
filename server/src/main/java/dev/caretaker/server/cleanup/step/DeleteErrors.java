package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.ServerErrorMessage;

/** What it means when a DELETE fails: a foreign key stands against it, or what a trigger or a foreign key did beside it failed. */
final class DeleteErrors {
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    /** ON DELETE RESTRICT, from PostgreSQL 18 on. */
    private static final String RESTRICT_VIOLATION = "23001";
    /** ON DELETE SET NULL or SET DEFAULT met a constraint of the referencing table. */
    private static final Set<String> REFUSED_BY_CHILD = Set.of("23502", "23514");
    /** How the server's own triggers of foreign keys begin what they do to referencing rows. */
    private static final Set<String> KEY_ACTIONS =
            Set.of("SQL statement \"DELETE FROM ONLY ", "SQL statement \"UPDATE ONLY ");

    private final TableName table;
    private FiringTriggers triggers = FiringTriggers.NONE;

    DeleteErrors(TableName table) {
        this.table = table;
    }

    /** Triggers by whose functions an error may have been raised. */
    void firing(FiringTriggers all) {
        triggers = all;
    }

    static boolean isKeyViolation(SQLException e) {
        return FOREIGN_KEY_VIOLATION.equals(e.getSQLState()) || RESTRICT_VIOLATION.equals(e.getSQLState());
    }

    /**
     * Returns the error to throw: for people, if a trigger or a foreign key is the reason; otherwise what Postgres said.
     *
     * @throws CaretakerException PINNED_BY_FOREIGN_KEY, or STATEMENT_FAILED
     */
    SQLException explained(SQLException e) {
        Optional<ServerErrorMessage> server = PostgresErrors.server(e);
        if (server.isEmpty() || PostgresErrors.isConnectionLoss(e) || PostgresErrors.isTimeout(e)) {
            return e;
        }
        String context = Optional.ofNullable(server.get().getWhere()).orElse("");
        Optional<FiringTriggers.Firing> trigger = triggers.in(context);
        if (trigger.isPresent()) {
            throw failed(trigger.get(), e);
        }
        boolean byKey = KEY_ACTIONS.stream().anyMatch(context::contains);
        boolean direct = context.isBlank();
        if (isKeyViolation(e) && (direct || byKey)) {
            throw pinned(server.get(), byKey, e);
        }
        if (REFUSED_BY_CHILD.contains(e.getSQLState()) && byKey) {
            throw CaretakerException.of(
                    Reason.STATEMENT_FAILED,
                    "Deleting from " + table + " would change rows of " + referencing(server.get())
                            + " through a foreign key, and that table refuses: " + PostgresErrors.whole(e),
                    details(e),
                    e);
        }
        return e;
    }

    private CaretakerException failed(FiringTriggers.Firing trigger, SQLException e) {
        Map<String, String> details = details(e);
        details.put("trigger", trigger.name());
        details.put("trigger_table", trigger.table().toString());
        details.put("trigger_function", trigger.functionSchema() + "." + trigger.function());
        return CaretakerException.of(
                Reason.STATEMENT_FAILED,
                "Deleting from " + table + " failed in " + trigger + ": " + PostgresErrors.whole(e),
                details,
                e);
    }

    /** @param beside whether not the row itself is referenced, but one that goes with it through a foreign key */
    private CaretakerException pinned(ServerErrorMessage server, boolean beside, SQLException e) {
        String rows = beside ? "Rows that go with rows of " + table + " through foreign keys" : "Rows of " + table;
        Map<String, String> details = details(e);
        details.put("referencing_table", referencing(server));
        return CaretakerException.of(
                Reason.PINNED_BY_FOREIGN_KEY,
                rows + " are still referenced by " + referencing(server) + " (foreign key \"" + server.getConstraint()
                        + "\")."
                        + Optional.ofNullable(server.getDetail())
                                .map(detail -> " " + detail)
                                .orElse(""),
                details,
                e);
    }

    private static String referencing(ServerErrorMessage server) {
        return server.getSchema() + "." + server.getTable();
    }

    private Map<String, String> details(SQLException e) {
        Map<String, String> details = PostgresErrors.details(e);
        if (details.containsKey("table")) {
            details.put("referencing_table", details.get("schema") + "." + details.get("table"));
        }
        details.put("table", table.toString());
        return details;
    }
}
