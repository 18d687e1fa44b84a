package dev.caretaker.server.cleanup.plan.kept;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.store.TableName;
import java.util.Objects;
import java.util.Optional;

/**
 * Where rows are kept that a step deletes.
 *
 * @param place for people
 * @param created whether it does not exist yet and the run makes it
 * @param rows that arrive, for a roll-up those that are merged into it
 * @param bytes of them without indexes, before compression, an estimate; 0 for a roll-up
 * @param child table whose rows these are, where they go with those of the step through foreign keys; empty for the step's own
 */
public record PlannedArchive(
        String place,
        Kind kind,
        boolean created,
        long rows,
        long bytes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<TableName> child) {
    public PlannedArchive {
        child = Objects.requireNonNullElse(child, Optional.empty()); // plans of older servers have none
    }

    /** Of the step's own rows. */
    public PlannedArchive(String place, Kind kind, boolean created, long rows, long bytes) {
        this(place, kind, created, rows, bytes, Optional.empty());
    }

    /** What keeps them. */
    public enum Kind {
        TABLE,
        ROLL_UP,
        /** Files at a destination. */
        STORE
    }
}
