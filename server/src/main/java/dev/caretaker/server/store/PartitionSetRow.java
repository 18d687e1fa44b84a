package dev.caretaker.server.store;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.TypeDef;
import io.micronaut.data.model.DataType;
import java.time.Instant;

/**
 * A partition set as the control store keeps it.
 *
 * @param content the set in JSON
 * @param etag hash of the content
 */
@MappedEntity(value = "partition_set", schema = "caretaker")
public record PartitionSetRow(
        @Id String name,
        String target,
        @TypeDef(type = DataType.JSON) String content,
        String etag,
        Instant updated,
        Actor updatedBy) {}
