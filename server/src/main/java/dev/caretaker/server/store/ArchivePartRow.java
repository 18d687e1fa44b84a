package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A part of an archive as the control store knows it.
 *
 * @param part number, from 1
 * @param spoolId spool it lies in until it is stored
 * @param server server that wrote it, for people
 * @param file name in the spool
 * @param object name at the destination, below the archive's location
 * @param bytes compressed; what lies behind them in the spool does not count
 * @param storedBytes those of its object: others where a part is stored in another form than it has in the spool
 * @param rawBytes before compression
 * @param hash sum of the hashes of its rows
 * @param sha256 of its bytes, hexadecimal; empty until it is stored
 */
public record ArchivePartRow(
        UUID archive,
        int part,
        UUID spoolId,
        String server,
        String file,
        String object,
        State state,
        long bytes,
        long storedBytes,
        long rawBytes,
        long rows,
        BigDecimal hash,
        Optional<Instant> first,
        Optional<Instant> last,
        String sha256) {

    /** Where it stands. */
    public enum State {
        /** Rows come. */
        OPEN,
        /** No more rows come: it is to be carried. */
        CLOSED,
        /** At its destination, verified. */
        STORED
    }

    /** The same up to a place in it. */
    public ArchivePartRow upTo(long bytesNow, long rawBytesNow, long rowsNow, BigDecimal hashNow) {
        return new ArchivePartRow(
                archive,
                part,
                spoolId,
                server,
                file,
                object,
                state,
                bytesNow,
                bytesNow,
                rawBytesNow,
                rowsNow,
                hashNow,
                first,
                last,
                sha256);
    }

    static ArchivePartRow read(ResultSet row) throws SQLException {
        return new ArchivePartRow(
                row.getObject("archive_id", UUID.class),
                row.getInt("part"),
                row.getObject("spool_id", UUID.class),
                row.getString("server"),
                row.getString("file"),
                row.getString("object"),
                State.valueOf(row.getString("state")),
                row.getLong("bytes"),
                row.getLong("object_bytes"),
                row.getLong("raw_bytes"),
                row.getLong("row_count"),
                row.getBigDecimal("row_hash"),
                Optional.ofNullable(instant(row, "first_time")),
                Optional.ofNullable(instant(row, "last_time")),
                row.getString("sha256"));
    }
}
