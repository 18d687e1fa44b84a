package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;

/**
 * Order to make the default partition that of a gap.
 *
 * @param defaultOid the default partition
 * @param partition its new name; its old one goes to the new default partition
 * @param key the key column
 * @param keyType its type as format_type writes it
 * @param from text of the gap's lower end
 * @param to text of its upper end
 * @param mostOutliers rows outside of the gap that may be moved into the new default partition
 */
public record DefaultAdoption(
        String set,
        long parentOid,
        TableName parent,
        long defaultOid,
        TableName defaultName,
        TableName partition,
        String key,
        String keyType,
        String from,
        String to,
        long mostOutliers) {}
