package dev.caretaker.server.store;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.TypeDef;
import io.micronaut.data.model.DataType;
import java.time.Instant;

/**
 * A numbered event of a run.
 *
 * @param body JSON
 */
@MappedEntity("run_event")
public record EventRow(
        @Id long sequence,
        Instant at,
        @TypeDef(type = DataType.JSON) String body) {}
