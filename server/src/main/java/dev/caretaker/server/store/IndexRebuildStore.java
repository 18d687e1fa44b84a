package dev.caretaker.server.store;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** When which index was last rebuilt. */
@ControlStoreRepository
public interface IndexRebuildStore extends GenericRepository<IndexRebuildStore.Rebuild, String> {
    /**
     * The latest rebuild of an index.
     *
     * @param rebuilt when it was done
     */
    @MappedEntity("index_rebuild")
    record Rebuild(
            String target,
            String schemaName,
            @Id String indexName,
            Instant rebuilt,
            UUID runId,
            long bytesBefore,
            long bytesAfter) {
        public TableName index() {
            return new TableName(schemaName, indexName);
        }
    }

    /** Remembers the latest rebuild of an index; the same again changes nothing. */
    @Query("""
            INSERT INTO caretaker.index_rebuild
                (target, schema_name, index_name, rebuilt, run_id, bytes_before, bytes_after)
            VALUES (:target, :schemaName, :indexName, :rebuilt, :runId, :bytesBefore, :bytesAfter)
            ON CONFLICT (target, schema_name, index_name) DO UPDATE
            SET rebuilt = excluded.rebuilt, run_id = excluded.run_id,
                bytes_before = excluded.bytes_before, bytes_after = excluded.bytes_after""")
    void put(Rebuild rebuild);

    @Query("SELECT * FROM caretaker.index_rebuild WHERE target = :target AND rebuilt > :after")
    List<Rebuild> after(String target, Instant after);

    /** Indexes of a target that were rebuilt after an instant, and when. */
    default Map<TableName, Instant> since(String target, Instant after) {
        return after(target, after).stream().collect(Collectors.toMap(Rebuild::index, Rebuild::rebuilt));
    }
}
