package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.Optional;

/**
 * A table as the catalog shows it.
 *
 * @param parent the first one above it
 * @param bytes of its heap, as they are on disk
 * @param blocks of its heap by which its rows can be told apart; 0 if they cannot
 * @param readable whether the role may read it
 * @param filtered whether row security would hide rows from the role
 */
public record FoundTable(
        long oid,
        TableName name,
        boolean partitioned,
        boolean unlogged,
        Optional<TableName> parent,
        long bytes,
        long blocks,
        boolean readable,
        boolean filtered) {}
