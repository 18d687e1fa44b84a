package dev.caretaker.server.store;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversion as stored.
 *
 * @param content JSON
 * @param requested whether the cut-over was asked for
 * @param ready whether all is prepared and only the cut-over is missing
 * @param runId latest run that worked on it
 * @param claimed when that run was claimed, a moment before it was stored
 */
@MappedEntity("conversion")
public record ConversionRow(
        @Id UUID conversionId,
        String target,
        String schemaName,
        String tableName,
        String content,
        String etag,
        State state,
        boolean requested,
        boolean ready,
        @Nullable UUID runId,
        @Nullable Instant claimed,
        Instant created,
        Instant expires) {

    /** Where a conversion stands. */
    public enum State {
        /** It may be started, until it expires; one that was started and broken off, too. */
        PLANNED,
        /** A run was started. */
        STARTED,
        /** The table is partitioned. */
        CONVERTED,
        /** The table is what it was. */
        REVERTED
    }
}
