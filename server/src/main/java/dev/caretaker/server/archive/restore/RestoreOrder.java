package dev.caretaker.server.archive.restore;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A restore as somebody asks for it.
 *
 * @param from only rows whose time is not before it
 * @param until only rows whose time is before it
 * @param filter only rows that it passes: made for the archived columns; fails with INVALID_FIELD if it does not fit them
 * @param keep how long policies leave the restored rows alone; zero for not at all
 * @param timeLimit of the run
 */
public record RestoreOrder(
        UUID archive,
        Into into,
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<Function<List<ArchivedColumn>, RowCondition>> filter,
        Duration keep,
        Optional<Duration> timeLimit,
        Actor actor) {

    /** Where the rows go. */
    public sealed interface Into {}

    /** A table that is made for them. */
    public record NewTable(TableName name) implements Into {}

    /**
     * A table that is made for them, and becomes a partition with the bound that the archived one had.
     *
     * @param parent empty for the one it had
     */
    public record Partition(TableName name, Optional<TableName> parent) implements Into {}

    /** The table they left, or its parent if that one is no more. */
    public record Original() implements Into {}
}
