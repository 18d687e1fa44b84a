package dev.caretaker.server.store;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Conversions in the control store. */
@ControlStoreRepository
public interface ConversionStore extends GenericRepository<ConversionRow, UUID> {

    @Query("""
            INSERT INTO caretaker.conversion
                (conversion_id, target, schema_name, table_name, content, etag, state, requested, created, expires)
            VALUES (:conversionId, :target, :schemaName, :tableName, :content, :etag, 'PLANNED', false, :created, :expires)""")
    void put(
            UUID conversionId,
            String target,
            String schemaName,
            String tableName,
            String content,
            String etag,
            Instant created,
            Instant expires);

    @Query("SELECT * FROM caretaker.conversion WHERE conversion_id = :conversionId")
    Optional<ConversionRow> find(UUID conversionId);

    /**
     * Newest first, those before {@code before}.
     *
     * @param target null means all
     */
    @Query("""
            SELECT * FROM caretaker.conversion
            WHERE target = COALESCE(CAST(:target AS text), target)
              AND (created, conversion_id) < (:before, :beforeId)
            ORDER BY created DESC, conversion_id DESC
            LIMIT :limit""")
    List<ConversionRow> list(@Nullable String target, Instant before, UUID beforeId, int limit);

    /** Those that were started and have not come to an end. */
    @Query("SELECT * FROM caretaker.conversion WHERE target = :target AND state = 'STARTED' ORDER BY created")
    List<ConversionRow> open(String target);

    /** The same of one table. */
    @Query("""
            SELECT * FROM caretaker.conversion
            WHERE target = :target AND schema_name = :schemaName AND table_name = :tableName AND state = 'STARTED'
            ORDER BY created""")
    List<ConversionRow> open(String target, String schemaName, String tableName);

    @Query("UPDATE caretaker.conversion SET state = :state, ready = false WHERE conversion_id = :conversionId")
    void move(UUID conversionId, ConversionRow.State state);

    /**
     * Gives it to a run, if its latest run still is the one that was seen. Returns how many it was given to: none if somebody
     * else was faster.
     */
    @Query("""
            UPDATE caretaker.conversion SET state = :state, run_id = :runId, claimed = :now, ready = false
            WHERE conversion_id = :conversionId AND run_id IS NOT DISTINCT FROM CAST(:seen AS uuid)""")
    int claim(UUID conversionId, ConversionRow.State state, UUID runId, @Nullable UUID seen, Instant now);

    /** Whether all is prepared and only the cut-over is missing. */
    @Query("UPDATE caretaker.conversion SET ready = :ready WHERE conversion_id = :conversionId AND ready <> :ready")
    void ready(UUID conversionId, boolean ready);

    @Query("UPDATE caretaker.conversion SET requested = true WHERE conversion_id = :conversionId")
    void request(UUID conversionId);
}
