package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A backup as the control store knows it.
 *
 * @param id also that of the run that makes it
 * @param engine name of what makes it
 * @param location its folder at the destination, with a slash at its end
 * @param request JSON: what was ordered
 * @param whole whether that is the whole database with all of its rows
 * @param tables whose rows it holds
 * @param rows in it
 * @param bytes of its parts, as they are stored
 * @param serverVersion of the server it was taken from; empty until it is stored
 * @param systemIdentifier of the cluster it was taken from
 * @param databaseOid of the database it was taken from
 * @param snapshot the moment whose state it holds
 * @param problem why there is none, or what keeps its objects from being removed, one sentence
 * @param swept whether nothing of one that failed or was deleted lies at its destination any more
 * @param verified when it was last proven by restoring it
 * @param evidence JSON: result of the latest verification
 */
public record BackupRow(
        UUID id,
        String target,
        String engine,
        String destination,
        String location,
        String request,
        boolean whole,
        State state,
        Actor actor,
        int tables,
        long rows,
        long bytes,
        String serverVersion,
        long systemIdentifier,
        long databaseOid,
        Instant created,
        Optional<Instant> snapshot,
        Optional<Instant> stored,
        Optional<Instant> deleted,
        Optional<Actor> pinnedBy,
        String pinReason,
        String manifestSha256,
        String problem,
        boolean swept,
        Optional<Instant> verified,
        Optional<String> evidence) {

    /** A clock that says what is later than this from now was wrong. */
    public static final Duration AHEAD = Duration.ofHours(1);

    /** Where it stands. */
    public enum State {
        /** It is being made. */
        OPEN,
        /** At its destination, with its manifest. */
        STORED,
        /** There is none. */
        FAILED,
        DELETED
    }

    /** Whether it was deleted, and its objects are still to be removed. */
    public boolean isGoing() {
        return state == State.DELETED && !swept;
    }

    /**
     * The moment whose state it holds: by the clock of the server it was taken from, or, if that was ahead, by ours when it was stored.
     */
    public Instant taken(Instant now) {
        Instant at = snapshot.orElse(created);
        return isAhead(at, now) ? ours() : at;
    }

    /** From when on it grows old: the later one of both, as far as they were not ahead; now if both were. */
    public Instant since(Instant now) {
        return Stream.of(snapshot.orElse(created), ours())
                .filter(at -> !isAhead(at, now))
                .max(Comparator.naturalOrder())
                .orElse(now);
    }

    /** Whether it is newer than another one by both clocks, as far as they were not ahead. */
    public boolean isNewer(BackupRow other, Instant now) {
        boolean known = !isAhead(snapshot.orElse(created), now) || !isAhead(ours(), now);
        return known && taken(now).isAfter(other.taken(now)) && kept(now).isAfter(other.kept(now));
    }

    private Instant kept(Instant now) {
        return isAhead(ours(), now) ? snapshot.orElse(created) : ours();
    }

    private Instant ours() {
        return stored.orElse(created);
    }

    private static boolean isAhead(Instant at, Instant now) {
        return at.isAfter(now.plus(AHEAD));
    }

    static BackupRow read(ResultSet row) throws SQLException {
        return new BackupRow(
                row.getObject("backup_id", UUID.class),
                row.getString("target"),
                row.getString("engine"),
                row.getString("destination"),
                row.getString("location"),
                row.getString("request"),
                row.getBoolean("whole"),
                State.valueOf(row.getString("state")),
                Json.read(row.getString("actor"), Actor.class),
                row.getInt("table_count"),
                row.getLong("row_count"),
                row.getLong("bytes"),
                row.getString("server_version"),
                row.getLong("system_identifier"),
                row.getLong("database_oid"),
                instant(row, "created"),
                Optional.ofNullable(instant(row, "snapshot")),
                Optional.ofNullable(instant(row, "stored")),
                Optional.ofNullable(instant(row, "deleted")),
                Optional.ofNullable(row.getString("pinned_by")).map(json -> Json.read(json, Actor.class)),
                row.getString("pin_reason"),
                row.getString("manifest_sha256"),
                row.getString("problem"),
                row.getBoolean("swept"),
                Optional.ofNullable(instant(row, "verified")),
                Optional.ofNullable(row.getString("evidence")));
    }
}
