package dev.caretaker.server.detect;

import dev.caretaker.server.store.ControlStoreRepository;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.Query;
import io.micronaut.data.annotation.TypeDef;
import io.micronaut.data.model.DataType;
import io.micronaut.data.repository.GenericRepository;
import java.time.Instant;
import java.util.Optional;

/** Notes on how large the tables of targets were, in the control store. */
@ControlStoreRepository
interface SampleRows extends GenericRepository<SampleRows.SampleRow, Instant> {
    /** A note on all tables of a target, JSON. */
    @MappedEntity(value = "table_sample", schema = "caretaker")
    record SampleRow(
            String target,
            @Id Instant taken,
            @TypeDef(type = DataType.JSON) String tables) {}

    Optional<SampleRow> findFirstByTargetAndTakenGreaterThanEqualsOrderByTaken(String target, Instant oldest);

    boolean existsByTargetAndTakenAfter(String target, Instant after);

    @Query("""
            INSERT INTO caretaker.table_sample (target, taken, tables) VALUES (:target, :taken, :tables)
            ON CONFLICT (target, taken) DO NOTHING""")
    void put(SampleRow sample);
}
