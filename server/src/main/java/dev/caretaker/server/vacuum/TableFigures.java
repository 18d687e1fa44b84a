package dev.caretaker.server.vacuum;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A table as it is now, whatever its name.
 *
 * @param file its relfilenode: another one after a rewrite
 * @param blockBytes size of a page
 * @param heapBytes size of the heap alone
 * @param bytes size with TOAST, without indexes
 * @param totalBytes size with TOAST and indexes
 * @param live rows by the server's counters
 * @param dead dead rows by the server's counters
 */
public record TableFigures(
        TableName name, long file, long blockBytes, long heapBytes, long bytes, long totalBytes, long live, long dead) {

    static Optional<TableFigures> read(Session session, long oid) throws SQLException {
        return Sql.resource("vacuum/table", Long.toString(oid))
                .first(
                        session.connection(),
                        row -> new TableFigures(
                                new TableName(row.getString("schema"), row.getString("name")),
                                row.getLong("file"),
                                row.getLong("block_bytes"),
                                row.getLong("heap_bytes"),
                                row.getLong("bytes"),
                                row.getLong("total_bytes"),
                                row.getLong("live"),
                                row.getLong("dead")));
    }

    /** Pages by which the heap is shorter now than it was then. */
    long pagesSince(TableFigures before) {
        return Math.max(0, before.heapBytes - heapBytes) / Math.max(1, blockBytes);
    }

    /** Average bytes of a row in the heap, dead ones counted. */
    double rowBytes() {
        return (double) heapBytes / Math.max(1, live + dead);
    }
}
