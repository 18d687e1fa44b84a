package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.TableName;
import java.util.Optional;

/**
 * Order to copy a detached partition into an archive.
 *
 * @param systemId cluster in which it has its oid
 * @param from lower bound it had, as the catalog wrote it
 * @param to upper bound it had
 * @param key column by which its parent is cut; empty if nobody knows
 * @param terms where the archive goes, and how
 */
public record RetiredArchive(
        String set,
        long systemId,
        long oid,
        TableName partition,
        TableName parent,
        String from,
        String to,
        Optional<String> key,
        ArchiveTerms terms) {

    /** The order for a held one. */
    public static RetiredArchive of(RetiredRow row, Optional<String> key, ArchiveTerms terms) {
        return new RetiredArchive(
                row.setName(),
                row.systemId(),
                row.oid(),
                row.partition(),
                row.parent(),
                row.lowerBound(),
                row.upperBound(),
                key,
                terms);
    }
}
