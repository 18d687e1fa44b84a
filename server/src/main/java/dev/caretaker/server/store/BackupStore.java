package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Backups in the control store. */
@Singleton
public class BackupStore {
    private static final int MOST = 1_000;
    /** One a week for some years. */
    private static final int MOST_EVIDENCE = 200;

    private final ControlStore store;
    private final OutboxStore outbox;
    private final RequestStore audit;

    BackupStore(ControlStore store, OutboxStore outbox, RequestStore audit) {
        this.store = store;
        this.outbox = outbox;
        this.audit = audit;
    }

    /** Writes a backup down that is about to be made; nothing changes if it is there already. */
    public void open(
            UUID id,
            String target,
            String engine,
            String destination,
            String location,
            String request,
            boolean whole,
            Actor actor,
            Instant now) {
        store.update("backup_open", id, target, engine, destination, location, request, whole, Json.write(actor), now);
    }

    public Optional<BackupRow> find(UUID id) {
        return store.first("backup_find", BackupRow::read, id);
    }

    /**
     * Newest first.
     *
     * @param target empty for all
     * @param all also those that are neither stored nor deleted with objects left at their destination
     * @param before only those behind this moment and id, in that order
     */
    public List<BackupRow> list(String target, boolean all, Instant before, UUID beforeId, int most) {
        return store.list("backup_list", BackupRow::read, target, target, all, before, beforeId, most);
    }

    /** What it turned out to hold. */
    public record Contents(
            String manifestSha256,
            int tables,
            long rows,
            long bytes,
            String serverVersion,
            long systemIdentifier,
            long databaseOid,
            Instant snapshot) {}

    /** Its manifest is written. False if it was not open. */
    public boolean stored(UUID id, Contents contents, Instant now) {
        return store.update(
                        "backup_stored",
                        contents.manifestSha256(),
                        contents.tables(),
                        contents.rows(),
                        contents.bytes(),
                        contents.serverVersion(),
                        contents.systemIdentifier(),
                        contents.databaseOid(),
                        contents.snapshot(),
                        now,
                        id)
                == 1;
    }

    /** There will be none. False if it was not open. */
    public boolean failed(UUID id, String problem) {
        return store.update("backup_failed", problem, id) == 1;
    }

    /**
     * Marks it as deleted. False if it is pinned, is neither stored nor failed, or is the newest verified one that holds what it holds.
     *
     * @param force even if it is that
     */
    public boolean delete(UUID id, boolean force, Instant now, Actor actor) {
        return store.update("backup_delete", now, Json.write(actor), id, force, latest(now)) == 1;
    }

    /** As {@link ControlStore#now}. */
    public Instant now() {
        return store.now();
    }

    /** Names of targets of which some are stored. */
    public List<String> targets() {
        return store.list("backup_targets", row -> row.getString("target"));
    }

    /** Names of targets of which any is known, Caretaker's own or another tool's, or was looked for. */
    public Set<String> mentioned() {
        return Set.copyOf(store.list("backup_mentioned", row -> row.getString("target")));
    }

    /** All of a target that are stored, newest first. */
    public List<BackupRow> stored(String target) {
        return store.list("backup_stored_of", BackupRow::read, target);
    }

    /**
     * Marks those as deleted that were kept for long enough, tells of it and records it, but for those that are pinned, being read, or
     * the newest that hold what they hold.
     *
     * @return which were marked
     */
    public List<UUID> expire(String target, List<UUID> due, Instant now) {
        return store.transaction(() -> {
            List<UUID> gone = due.stream()
                    .filter(id -> store.update("backup_expire", now, Json.write(Actor.ENGINE), id, latest(now)) == 1)
                    .toList();
            gone.forEach(id -> audit.byItself("DeleteBackup", target, Map.of("backup_id", id.toString())));
            if (!gone.isEmpty()) {
                outbox.backupsExpired(target, gone);
            }
            return gone;
        });
    }

    /** Nothing of it lies at its destination any more. */
    public void swept(UUID id) {
        store.update("backup_swept", id);
    }

    /** What keeps its objects from being removed, of one that was deleted. */
    public void stuck(UUID id, String problem) {
        store.update("backup_stuck", problem, id);
    }

    /** False if it is not stored. */
    public boolean pin(UUID id, Optional<Actor> actor, String reason) {
        return store.update("backup_pin", actor.map(Json::write), reason, id) == 1;
    }

    /**
     * The result of a verification, which becomes the latest, and stays as long as the backup's row does.
     *
     * @param run that verified
     * @param proven whether it counts as verified from now on
     */
    public void evidence(UUID id, UUID run, String evidence, boolean proven, Instant now) {
        store.update("backup_evidence", evidence, proven, now, id, run, now);
    }

    /**
     * Results of the verifications of a backup.
     *
     * @param latest JSON, the latest first, 200 at most
     * @param number how many there are
     */
    public record Verifications(List<String> latest, int number) {}

    public Verifications verifications(UUID id) {
        record Found(String evidence, int number) {}
        List<Found> found = store.list(
                "backup_evidence_of",
                row -> new Found(row.getString("evidence"), row.getInt("number")),
                id,
                MOST_EVIDENCE);
        return new Verifications(
                found.stream().map(Found::evidence).toList(),
                found.isEmpty() ? 0 : found.getFirst().number());
    }

    /** Those of which something may lie at their destination that is not to stay there, the oldest first. */
    public List<BackupRow> unswept() {
        return store.list("backup_unswept", BackupRow::read, MOST);
    }

    /**
     * The newest of those that hold all and of those that hold a part, verified and not; none that was found damaged. A date that is yet
     * to come makes none the newest.
     */
    public List<BackupRow> newest(String target, Instant now) {
        return store.list("backup_newest", BackupRow::read, latest(now), target);
    }

    private static Instant latest(Instant now) {
        return now.plus(BackupRow.AHEAD);
    }
}
