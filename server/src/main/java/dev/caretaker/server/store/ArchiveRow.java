package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An archive as the control store knows it.
 *
 * @param location its folder at the destination, with a slash at its end
 * @param request JSON: what its step ordered
 * @param rows in all parts; 0 while it is open
 * @param bytes of all parts, compressed
 * @param rawBytes the same before compression
 * @param hash sum of the hashes of all rows
 * @param rowsInDoubt rows among them of which nobody knows whether they left their table: they may be in both
 * @param problem what keeps a sealed one from its destination, one sentence; empty if nothing
 * @param verified when it was last found without fault
 * @param verifiedLevel how far that look went
 * @param checked when it was last looked at
 * @param fault what that look found, one sentence; empty if nothing
 */
public record ArchiveRow(
        UUID id,
        String target,
        TableName table,
        String policy,
        UUID runId,
        String destination,
        String location,
        String request,
        State state,
        long rows,
        long bytes,
        long rawBytes,
        BigDecimal hash,
        Optional<Instant> first,
        Optional<Instant> last,
        long rowsInDoubt,
        Instant created,
        Optional<Instant> sealed,
        Optional<Instant> stored,
        Optional<Instant> deleted,
        Optional<Actor> deletedBy,
        String manifestSha256,
        String problem,
        Optional<Instant> verified,
        Optional<String> verifiedLevel,
        Optional<Instant> checked,
        String fault) {

    /** Where it stands. */
    public enum State {
        /** Rows come. */
        OPEN,
        /** No more rows come; some parts are still to be carried to the destination. */
        SEALED,
        /** All of it is at the destination, with its manifest. */
        STORED,
        /** No row came: there is nothing anywhere. */
        EMPTY,
        DELETED
    }

    static ArchiveRow read(ResultSet row) throws SQLException {
        return new ArchiveRow(
                row.getObject("archive_id", UUID.class),
                row.getString("target"),
                new TableName(row.getString("schema_name"), row.getString("table_name")),
                row.getString("policy"),
                row.getObject("run_id", UUID.class),
                row.getString("destination"),
                row.getString("location"),
                row.getString("request"),
                State.valueOf(row.getString("state")),
                row.getLong("row_count"),
                row.getLong("bytes"),
                row.getLong("raw_bytes"),
                row.getBigDecimal("row_hash"),
                Optional.ofNullable(instant(row, "first_time")),
                Optional.ofNullable(instant(row, "last_time")),
                row.getLong("rows_in_doubt"),
                instant(row, "created"),
                Optional.ofNullable(instant(row, "sealed")),
                Optional.ofNullable(instant(row, "stored")),
                Optional.ofNullable(instant(row, "deleted")),
                Optional.ofNullable(row.getString("deleted_by")).map(json -> Json.read(json, Actor.class)),
                row.getString("manifest_sha256"),
                row.getString("problem"),
                Optional.ofNullable(instant(row, "verified")),
                Optional.ofNullable(row.getString("verified_level")),
                Optional.ofNullable(instant(row, "checked")),
                row.getString("fault"));
    }
}
