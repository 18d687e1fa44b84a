package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A step as stored. What only its kind or the engine understands is kept as JSON text.
 *
 * @param table table in whose totals it is counted
 * @param entry number of its latest journal entry
 * @param lineage cluster and timeline of the target that it worked on latest; empty before it worked
 * @param position cursor or memory from which it goes on, JSON
 * @param batchSize size of the next batch, as far as learned
 * @param fraction share that is done, 0 to 1
 * @param totals what is known to have happened
 * @param pending what may or may not have happened, JSON
 */
public record StepRow(
        UUID runId,
        int ordinal,
        String kind,
        TableName relation,
        TableName table,
        String policy,
        long rowsExpected,
        String parameters,
        Optional<Outcome> outcome,
        String message,
        Optional<String> error,
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<String> lineage,
        long entry,
        Optional<String> position,
        Optional<Long> batchSize,
        double fraction,
        Totals totals,
        Optional<String> pending) {

    /** The same, ended. */
    public StepRow ended(LeaseStore.StepEnd end, Instant at) {
        return new StepRow(
                runId,
                ordinal,
                kind,
                relation,
                table,
                policy,
                rowsExpected,
                parameters,
                Optional.of(end.outcome()),
                end.message(),
                end.error(),
                started,
                Optional.of(at),
                lineage,
                end.number(),
                position,
                batchSize,
                fraction,
                end.totals(),
                Optional.empty());
    }

    static StepRow read(ResultSet row) throws SQLException {
        return read(row, Json.read(row.getString("totals"), Totals.class));
    }

    /** For showing it: totals that cannot be read are told as nothing, and inexact. */
    static StepRow shown(ResultSet row) throws SQLException {
        try {
            return read(row);
        } catch (UncheckedIOException e) {
            return read(row, Totals.NONE.inexact());
        }
    }

    private static StepRow read(ResultSet row, Totals totals) throws SQLException {
        return new StepRow(
                row.getObject("run_id", UUID.class),
                row.getInt("ordinal"),
                row.getString("kind"),
                new TableName(row.getString("schema_name"), row.getString("table_name")),
                new TableName(row.getString("total_schema"), row.getString("total_table")),
                row.getString("policy"),
                row.getLong("rows_expected"),
                row.getString("parameters"),
                Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf),
                row.getString("message"),
                Optional.ofNullable(row.getString("error")),
                Optional.ofNullable(instant(row, "started")),
                Optional.ofNullable(instant(row, "ended")),
                Optional.ofNullable(row.getString("lineage")),
                row.getLong("entry"),
                Optional.ofNullable(row.getString("position")),
                Optional.ofNullable(row.getObject("batch_size", Long.class)),
                row.getDouble("fraction"),
                totals,
                Optional.ofNullable(row.getString("pending")));
    }
}
