package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
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
 * @param nominal nominal time that is due next, as a server reckoned that knew its time zone; empty if none has yet
 * @param reckoning by what that was
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
        boolean overdue,
        Optional<Instant> nominal,
        Optional<Reckoning> reckoning) {

    /**
     * By what the next nominal time was reckoned.
     *
     * @param rules version of the rules of time zones
     * @param clock what local time was by those; empty where it means nothing
     */
    public record Reckoning(String rules, Optional<Clock> clock) {}

    /**
     * Local time at an instant, by the rules of then.
     *
     * @param offset by how much it was ahead of UTC
     */
    public record Clock(Instant at, ZoneOffset offset) {}

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
                ControlStore.instant(row, "overdue") != null,
                Optional.ofNullable(ControlStore.instant(row, "nominal")),
                reckoning(row));
    }

    private static Optional<Reckoning> reckoning(ResultSet row) throws SQLException {
        String rules = row.getString("zone_rules");
        Integer offset = row.getObject("zone_offset", Integer.class);
        return rules == null
                ? Optional.empty()
                : Optional.of(new Reckoning(
                        rules,
                        offset == null
                                ? Optional.empty()
                                : Optional.of(new Clock(
                                        ControlStore.instant(row, "zone_at"), ZoneOffset.ofTotalSeconds(offset)))));
    }

    /** As {@code schedule at target}. */
    @Override
    public String toString() {
        return schedule + " at " + target;
    }
}
