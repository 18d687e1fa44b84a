package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** When which index was last rebuilt. */
@Singleton
public class IndexRebuildStore {
    private final ControlStore store;

    protected IndexRebuildStore(ControlStore store) {
        this.store = store;
    }

    /** Remembers the latest rebuild of an index; the same again changes nothing. */
    public void put(String target, TableName index, Rebuild rebuild) {
        store.update(
                "index_rebuild_put",
                target,
                index.schema(),
                index.name(),
                rebuild.at(),
                rebuild.runId(),
                rebuild.bytesBefore(),
                rebuild.bytesAfter());
    }

    /** Indexes of a target that were rebuilt after an instant, and when. */
    public Map<TableName, Instant> since(String target, Instant after) {
        return store
                .list(
                        "index_rebuilds_since",
                        row -> Map.entry(
                                new TableName(row.getString("schema_name"), row.getString("index_name")),
                                ControlStore.instant(row, "rebuilt")),
                        target,
                        after)
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Remembers an invalid index that a rebuild of ours left. */
    public void left(String target, long tableOid, long indexOid) {
        store.update("index_leftover_put", target, tableOid, indexOid);
    }

    /** Oids of the invalid indexes that rebuilds of ours left on a table. */
    public Set<Long> leftOn(String target, long tableOid) {
        return Set.copyOf(store.list("index_leftovers", row -> row.getLong("index_oid"), target, tableOid));
    }

    /** It is gone. */
    public void forget(String target, long indexOid) {
        store.update("index_leftover_delete", target, indexOid);
    }

    /** One rebuild. */
    public record Rebuild(Instant at, UUID runId, long bytesBefore, long bytesAfter) {}
}
