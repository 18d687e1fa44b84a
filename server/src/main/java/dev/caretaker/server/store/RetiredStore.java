package dev.caretaker.server.store;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Partitions that upkeep detached, in the control store. */
@ControlStoreRepository
public interface RetiredStore extends GenericRepository<RetiredRow, Long> {

    /** Notes that a detach is about to begin; the same again changes nothing. */
    @Query("""
            INSERT INTO caretaker.retired_partition
                (target, system_id, oid, schema_name, table_name, parent_schema, parent_table, set_name,
                 lower_bound, upper_bound, state, detached, held_until, bytes, row_estimate, run_id)
            VALUES (:target, :systemId, :oid, :schemaName, :tableName, :parentSchema, :parentTable, :setName,
                    :lowerBound, :upperBound, 'DETACHING', :detached, :heldUntil, :bytes, :rowEstimate, :runId)
            ON CONFLICT (target, system_id, oid) WHERE ended IS NULL DO NOTHING""")
    void begin(
            String target,
            long systemId,
            long oid,
            String schemaName,
            String tableName,
            String parentSchema,
            String parentTable,
            String setName,
            String lowerBound,
            String upperBound,
            Instant detached,
            @Nullable Instant heldUntil,
            long bytes,
            long rowEstimate,
            UUID runId);

    /** Where an open one stands now. */
    @Query("""
            UPDATE caretaker.retired_partition SET state = :state, ended = :ended
            WHERE target = :target AND system_id = :systemId AND oid = :oid AND ended IS NULL""")
    int move(String target, long systemId, long oid, RetiredRow.State state, @Nullable Instant ended);

    /** Which archive was made of all rows of an open one; null takes back what was noted. */
    @Query("""
            UPDATE caretaker.retired_partition SET archive_id = :archiveId
            WHERE target = :target AND system_id = :systemId AND oid = :oid AND ended IS NULL""")
    int archived(String target, long systemId, long oid, @Nullable UUID archiveId);

    /** The open one of that oid. */
    @Query("""
            SELECT * FROM caretaker.retired_partition
            WHERE target = :target AND system_id = :systemId AND oid = :oid AND ended IS NULL""")
    Optional<RetiredRow> find(String target, long systemId, long oid);

    /** All open ones of a target, oldest first. */
    @Query("""
            SELECT * FROM caretaker.retired_partition
            WHERE target = :target AND ended IS NULL
            ORDER BY retired_id""")
    List<RetiredRow> open(String target);

    /**
     * Newest first, those before {@code before}.
     *
     * @param target null means all
     * @param set null means all
     */
    @Query("""
            SELECT * FROM caretaker.retired_partition
            WHERE target = COALESCE(CAST(:target AS text), target)
              AND set_name = COALESCE(CAST(:set AS text), set_name)
              AND (:withEnded OR ended IS NULL)
              AND retired_id < :before
            ORDER BY retired_id DESC
            LIMIT :limit""")
    List<RetiredRow> list(@Nullable String target, @Nullable String set, boolean withEnded, long before, int limit);
}
