package dev.caretaker.server.reindex;

import java.util.List;

/**
 * What a rebuild knows of itself.
 *
 * @param foreign oids of leftovers that were there before it: they are somebody else's
 * @param bytesBefore size of the index when it began
 * @param rebuilt whether the statement returned
 */
public record ReindexMemory(List<Long> foreign, long bytesBefore, boolean rebuilt) {

    ReindexMemory done() {
        return new ReindexMemory(foreign, bytesBefore, true);
    }
}
