package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A debt as stored: what a step made, or was about to make, at a target and that must not stay.
 *
 * @param object what must not stay
 * @param table table it concerns
 * @param fencedOid relation by which the work on it is fenced
 * @param message one sentence
 * @param details JSON that only its kind understands
 * @param attempts how often it was tried to settle it after its run had ended
 * @param nextTry when the next of them is due
 * @param answer what came of the latest attempt; empty before the first
 * @param settled when it was settled
 */
public record DebtRow(
        UUID id,
        String kind,
        String target,
        UUID runId,
        int step,
        TableName object,
        TableName table,
        long fencedOid,
        String message,
        String details,
        Instant incurred,
        long attempts,
        Instant nextTry,
        String answer,
        Optional<Instant> settled) {

    static DebtRow read(ResultSet row) throws SQLException {
        return new DebtRow(
                row.getObject("debt_id", UUID.class),
                row.getString("kind"),
                row.getString("target"),
                row.getObject("run_id", UUID.class),
                row.getInt("step"),
                new TableName(row.getString("schema_name"), row.getString("object_name")),
                new TableName(row.getString("table_schema"), row.getString("table_name")),
                row.getLong("fenced_oid"),
                row.getString("message"),
                row.getString("details"),
                instant(row, "incurred"),
                row.getLong("attempts"),
                instant(row, "next_try"),
                row.getString("answer"),
                Optional.ofNullable(instant(row, "settled")));
    }
}
