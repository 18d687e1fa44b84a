package dev.caretaker.server.store;

import io.micronaut.data.annotation.GeneratedValue;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A partition that upkeep detached.
 *
 * @param systemId identifier of the cluster in which it has its oid
 * @param heldUntil no drop before; null: it is to stay
 * @param ended when it was dropped or attached again; null before
 * @param archiveId archive that was made of all of its rows; null if there is none
 */
@MappedEntity(value = "retired_partition", schema = "caretaker")
public record RetiredRow(
        @Id @GeneratedValue long retiredId,
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
        State state,
        Instant detached,
        @Nullable Instant heldUntil,
        long bytes,
        long rowEstimate,
        UUID runId,
        @Nullable Instant ended,
        @Nullable UUID archiveId) {

    /** Where it stands. */
    public enum State {
        /** Its detach was begun. */
        DETACHING,
        /** Detached, until it is due. */
        HELD,
        DROPPED,
        /** A partition again. */
        ATTACHED
    }

    public TableName partition() {
        return new TableName(schemaName, tableName);
    }

    public TableName parent() {
        return new TableName(parentSchema, parentTable);
    }

    /** The archive that was made of all of its rows. */
    public Optional<UUID> archive() {
        return Optional.ofNullable(archiveId);
    }

    /** When it may be dropped; empty if it is to stay. */
    public Optional<Instant> due() {
        return Optional.ofNullable(heldUntil);
    }
}
