package dev.caretaker.server.backup;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.store.TableName;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A table of a backup.
 *
 * @param parent partitioned table or parent it belongs to
 * @param stored whether it has rows of its own; a partitioned table has none
 * @param hasRows whether its rows are in the backup
 * @param columns those of its rows, in their order: without generated ones
 * @param rows count in the snapshot; 0 if they were left out
 * @param hash sum of the hashes of these rows, see {@link dev.caretaker.server.archive.RowHash}
 * @param parts objects that hold them; none if the engine keeps rows elsewhere
 */
public record CopiedTable(
        TableName table,
        Optional<TableName> parent,
        boolean stored,
        boolean hasRows,
        List<ArchivedColumn> columns,
        long rows,
        BigDecimal hash,
        List<Manifest.Part> parts) {

    /** Bytes of its parts. */
    public long bytes() {
        return parts.stream().mapToLong(Manifest.Part::bytes).sum();
    }
}
