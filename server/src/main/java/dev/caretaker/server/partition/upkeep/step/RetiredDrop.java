package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.TableName;

/**
 * Order to drop a detached partition.
 *
 * @param systemId cluster in which it has its oid
 * @param archived whether it goes only if an archive holds all of its rows
 */
public record RetiredDrop(
        String set, long systemId, long oid, TableName partition, TableName parent, boolean archived) {

    /** The order for a held one. */
    public static RetiredDrop of(RetiredRow row, boolean archived) {
        return new RetiredDrop(row.setName(), row.systemId(), row.oid(), row.partition(), row.parent(), archived);
    }
}
