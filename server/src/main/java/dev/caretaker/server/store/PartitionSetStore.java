package dev.caretaker.server.store;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Partition sets in the control store. */
@ControlStoreRepository
public interface PartitionSetStore extends GenericRepository<PartitionSetRow, String> {

    Optional<PartitionSetRow> findByName(String name);

    /**
     * By name, those after {@code after}.
     *
     * @param target null means all
     */
    @Query("""
            SELECT * FROM caretaker.partition_set
            WHERE target = COALESCE(CAST(:target AS text), target) AND name > :after
            ORDER BY name
            LIMIT :limit""")
    List<PartitionSetRow> list(@Nullable String target, String after, int limit);

    /** One change of sets at a time, readers welcome, until the transaction ends. Touches no rows: 0. */
    @Query(value = "LOCK TABLE caretaker.partition_set IN SHARE ROW EXCLUSIVE MODE", readOnly = false)
    int lock();

    @Query("""
            INSERT INTO caretaker.partition_set (name, target, content, etag, updated, updated_by)
            VALUES (:name, :target, :content, :etag, :updated, :updatedBy)
            ON CONFLICT (name) DO UPDATE
            SET target = excluded.target, content = excluded.content, etag = excluded.etag,
                updated = excluded.updated, updated_by = excluded.updated_by""")
    void put(PartitionSetRow set);

    void deleteByName(String name);
}
