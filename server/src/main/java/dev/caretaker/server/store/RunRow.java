package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A run as stored. What only the engine understands is kept as JSON text.
 *
 * @param stateSince when it entered its state
 * @param request latest request of a caller, JSON
 * @param timeLeft what is left of its time while that does not count: before it works, and while it waits for its window
 * @param deadline when its time is up, while that counts
 * @param window JSON
 * @param rowLimits JSON
 * @param error JSON
 * @param server who holds the lease; empty if nobody
 * @param epoch number of the lease
 * @param neededBackups JSON; empty: it needs none
 * @param traceParent trace that it belongs to, and what in it caused the run
 */
public record RunRow(
        UUID id,
        RunKind kind,
        String target,
        RunState state,
        String stateReason,
        Instant stateSince,
        DesiredState desired,
        Optional<String> request,
        Optional<Outcome> outcome,
        Optional<UUID> planId,
        Optional<UUID> parentRunId,
        Actor createdBy,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<Duration> timeLeft,
        Optional<Instant> deadline,
        Optional<String> window,
        String rowLimits,
        Optional<String> neededBackups,
        Tuning tuning,
        Optional<String> error,
        String server,
        long epoch,
        long lastSequence,
        Optional<String> traceParent) {

    static RunRow read(ResultSet row) throws SQLException {
        return new RunRow(
                row.getObject("run_id", UUID.class),
                RunKind.valueOf(row.getString("kind")),
                row.getString("target"),
                RunState.valueOf(row.getString("state")),
                row.getString("state_reason"),
                instant(row, "state_since"),
                DesiredState.valueOf(row.getString("desired")),
                Optional.ofNullable(row.getString("request")),
                Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf),
                Optional.ofNullable(row.getObject("plan_id", UUID.class)),
                Optional.ofNullable(row.getObject("parent_run_id", UUID.class)),
                Json.read(row.getString("created_by"), Actor.class),
                instant(row, "created"),
                Optional.ofNullable(instant(row, "started")),
                Optional.ofNullable(instant(row, "ended")),
                Optional.ofNullable(row.getObject("time_left_ms", Long.class)).map(Duration::ofMillis),
                Optional.ofNullable(instant(row, "deadline")),
                Optional.ofNullable(row.getString("run_window")),
                row.getString("row_limits"),
                Optional.ofNullable(row.getString("needed_backups")),
                Json.read(row.getString("tuning"), Tuning.class),
                Optional.ofNullable(row.getString("error")),
                row.getString("server"),
                row.getLong("epoch"),
                row.getLong("last_sequence"),
                Optional.ofNullable(row.getString("traceparent")));
    }
}
