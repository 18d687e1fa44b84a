package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A schedule at one target.
 *
 * @param settled all nominal times up to here have their rows
 * @param due when it is to be looked at; empty: it is never due again
 * @param runId run that it started and whose end has not been noted
 * @param failures failed runs since the last that did not fail
 * @param pause after too many failures
 * @param succeeded when a run of it last ended well
 * @param overdue whether it was told that none has for too long
 */
public record ScheduleLine(
        String schedule,
        String target,
        Instant created,
        Instant settled,
        Optional<Instant> due,
        Optional<UUID> runId,
        int failures,
        Optional<SchedulePause> pause,
        Optional<Instant> succeeded,
        boolean overdue) {

    static ScheduleLine read(ResultSet row) throws SQLException {
        return new ScheduleLine(
                row.getString("schedule"),
                row.getString("target"),
                ControlStore.instant(row, "created"),
                ControlStore.instant(row, "settled"),
                Optional.ofNullable(ControlStore.instant(row, "due")),
                Optional.ofNullable(row.getObject("run_id", UUID.class)),
                row.getInt("failures"),
                ScheduleRow.pause(row, "pause"),
                Optional.ofNullable(ControlStore.instant(row, "succeeded")),
                ControlStore.instant(row, "overdue") != null);
    }

    /** As {@code schedule at target}. */
    @Override
    public String toString() {
        return schedule + " at " + target;
    }
}
