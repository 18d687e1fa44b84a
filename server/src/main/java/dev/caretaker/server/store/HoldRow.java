package dev.caretaker.server.store;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Work that is frozen.
 *
 * @param target empty: at all targets
 * @param kinds of work; empty: all, but partitions are still created
 * @param until empty: until somebody releases it
 * @param pauseRunning whether what runs is paused as well
 * @param pausedRuns runs that it paused and that go on when it ends
 */
public record HoldRow(
        UUID id,
        Optional<String> target,
        Set<RunKind> kinds,
        String reason,
        Actor setBy,
        Instant since,
        Optional<Instant> until,
        boolean pauseRunning,
        List<UUID> pausedRuns,
        Optional<Instant> released,
        Optional<Actor> releasedBy,
        Optional<Instant> ended) {

    static HoldRow read(ResultSet row) throws SQLException {
        Set<RunKind> kinds = EnumSet.noneOf(RunKind.class);
        Array stored = row.getArray("kinds");
        if (stored != null) {
            for (String kind : (String[]) stored.getArray()) {
                kinds.add(RunKind.valueOf(kind));
            }
        }
        return new HoldRow(
                row.getObject("hold_id", UUID.class),
                Optional.ofNullable(row.getString("target")),
                kinds,
                row.getString("reason"),
                Json.read(row.getString("set_by"), Actor.class),
                ControlStore.instant(row, "since"),
                Optional.ofNullable(ControlStore.instant(row, "until")),
                row.getBoolean("pause_running"),
                Arrays.asList((UUID[]) row.getArray("paused_runs").getArray()),
                Optional.ofNullable(ControlStore.instant(row, "released")),
                Optional.ofNullable(row.getString("released_by")).map(text -> Json.read(text, Actor.class)),
                Optional.ofNullable(ControlStore.instant(row, "ended")));
    }

    /** Whether it freezes work of a kind at a target. */
    public boolean covers(String wanted, RunKind kind) {
        return target.filter(name -> !name.equals(wanted)).isEmpty() && (kinds.isEmpty() || kinds.contains(kind));
    }

    /** Whether it names the kind, so that nothing of it goes on, not even the creation of partitions. */
    public boolean names(RunKind kind) {
        return kinds.contains(kind);
    }

    /** As a sentence: {@code On hold since 2026-05-02T20:00:00Z by anna: moving the disks.} */
    public String sentence() {
        return "On hold since " + Moments.second(since) + " by " + setBy.name()
                + until.map(end -> " until " + Moments.second(end)).orElse("") + ": " + reason
                + (reason.endsWith(".") ? "" : ".");
    }
}
