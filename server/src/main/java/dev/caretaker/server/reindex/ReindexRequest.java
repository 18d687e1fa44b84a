package dev.caretaker.server.reindex;

import dev.caretaker.server.store.TableName;
import java.util.Optional;

/**
 * Parameters of a step that rebuilds one index.
 *
 * @param oid the index as planned; a rebuilt one has another
 * @param table its table, by which the work is fenced
 * @param reason why it was chosen, for people
 * @param refusal why it is not rebuilt, if it is only listed
 * @param spaceUnknown whether nobody knows if the disk takes the second copy
 */
public record ReindexRequest(
        long oid,
        TableName index,
        long tableOid,
        TableName table,
        String reason,
        Optional<String> refusal,
        boolean spaceUnknown) {
    public static final String STEP_KIND = "reindex";
}
