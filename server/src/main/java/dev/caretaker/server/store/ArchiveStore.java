package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Archives and their parts, in the control store. */
@Singleton
public class ArchiveStore {
    private static final int MOST = 10_000;

    private final ControlStore store;

    ArchiveStore(ControlStore store) {
        this.store = store;
    }

    /** As {@link ControlStore#transaction}. */
    public <T> T transaction(Supplier<T> work) {
        return store.transaction(work);
    }

    /**
     * Writes an archive down, or finds the one of that id as it is.
     *
     * @param opener who writes parts from now on, and nobody else
     */
    public ArchiveRow open(
            UUID id,
            String target,
            TableName table,
            String policy,
            UUID runId,
            String destination,
            String location,
            String request,
            UUID opener,
            Instant now) {
        return store.written(() -> store.first(
                        "archive_open",
                        ArchiveRow::read,
                        id,
                        target,
                        table.schema(),
                        table.name(),
                        policy,
                        runId,
                        destination,
                        location,
                        request,
                        opener,
                        now))
                .orElseThrow();
    }

    /** The same, locked until the transaction ends; empty if it is not open, or if somebody else has opened it since. */
    public Optional<ArchiveRow> lock(UUID id, UUID opener) {
        return store.first("archive_lock", ArchiveRow::read, id, opener);
    }

    /** The same, locked until the transaction ends, whoever has it. */
    public Optional<ArchiveRow> lock(UUID id) {
        return store.first("archive_find_lock", ArchiveRow::read, id);
    }

    public Optional<ArchiveRow> find(UUID id) {
        return store.first("archive_find", ArchiveRow::read, id);
    }

    /** In their order. */
    public List<ArchivePartRow> parts(UUID id) {
        return store.list("archive_parts", ArchivePartRow::read, id);
    }

    /** Those that lie in a spool and are not stored. */
    public List<ArchivePartRow> inSpool(UUID spoolId) {
        return store.list("archive_parts_of_spool", ArchivePartRow::read, spoolId);
    }

    /** Those into which rows would still come, but whose run has ended, the oldest first. */
    public List<ArchiveRow> leftOpen() {
        return store.list("archive_left_open", ArchiveRow::read, MOST);
    }

    /** Those among some that are not at their destination yet. */
    public List<UUID> underway(Collection<UUID> ids) {
        return store.list(
                "archive_underway",
                row -> row.getObject("archive_id", UUID.class),
                ids.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}")));
    }

    /** Those that are to be carried, the oldest first. */
    public List<ArchiveRow> sealed() {
        return store.list("archive_sealed", ArchiveRow::read, MOST);
    }

    /** A part takes no more rows, and holds what is told here. False if it is another one, or stored. */
    public boolean closePart(
            UUID id,
            int part,
            String file,
            long bytes,
            long rawBytes,
            long rows,
            BigDecimal hash,
            Optional<Instant> first,
            Optional<Instant> last) {
        return store.update("archive_part_close", bytes, rawBytes, rows, hash, first, last, id, part, file, bytes, rows)
                == 1;
    }

    /** A part that is about to be written. */
    public void addPart(UUID id, int part, UUID spoolId, String server, String file, String object) {
        store.update("archive_part_add", id, part, spoolId, server, file, object);
    }

    /** Forgets the parts behind one. */
    public void dropParts(UUID id, int behind) {
        store.update("archive_parts_drop", id, behind);
    }

    /**
     * No more rows come; the totals are those of its parts. False if it was not open.
     *
     * @param inDoubt rows among them of which nobody knows whether they left their table
     */
    public boolean seal(UUID id, long inDoubt, Instant now) {
        return store.update("archive_seal", UUID.randomUUID(), now, inDoubt, id, id) == 1;
    }

    /**
     * A part that is not closed yet is at its destination, whatever becomes of its batch.
     *
     * @param bytes of its object
     */
    public void partPut(UUID id, int part, String file, long bytes, String sha256) {
        store.update("archive_part_put", sha256, bytes, id, part, file);
    }

    /** Those into which rows still come, and that have full parts in a spool. */
    public List<ArchiveRow> carriable(UUID spoolId) {
        return store.list("archive_carriable", ArchiveRow::read, spoolId, MOST);
    }

    /** Bytes of closed parts that lie in a spool. */
    public long waitingBytes(UUID spoolId) {
        return store.first("archive_waiting_bytes", row -> row.getLong("bytes"), spoolId)
                .orElse(0L);
    }

    /** @param bytes of its object */
    public void partStored(UUID id, int part, long bytes, String sha256) {
        store.update("archive_part_stored", sha256, bytes, id, part);
    }

    /** Its manifest is written. False if somebody else said so before. */
    public boolean stored(UUID id, Instant now, String manifestSha256, String level) {
        return store.update("archive_stored", now, manifestSha256, now, level, now, id, id) == 1;
    }

    /** What keeps a sealed one from its destination; empty: nothing. */
    public void problem(UUID id, String problem) {
        store.update("archive_problem", problem, id, problem);
    }

    /** Somebody looked at it. What was found without fault counts as verified, as far as the look went. */
    public void checked(UUID id, Instant now, String fault, String level) {
        store.update("archive_checked", now, fault, level, id);
    }

    /**
     * Which archives to list.
     *
     * @param all whether empty and deleted ones are listed, too
     */
    public record Filter(
            Optional<String> target,
            Optional<TableName> table,
            Optional<String> policy,
            Optional<UUID> run,
            boolean all) {}

    /** Place in the list. */
    public record Key(Instant created, UUID id) {}

    /** Newest first. */
    public List<ArchiveRow> list(Filter filter, Optional<Key> after, int limit) {
        return store.list(
                "archive_list",
                ArchiveRow::read,
                filter.target(),
                filter.table().map(TableName::schema),
                filter.table().map(TableName::name),
                filter.policy(),
                filter.run(),
                filter.all(),
                after.map(Key::created),
                after.map(Key::id),
                limit);
    }

    /**
     * Which to look at next.
     *
     * @param checkedBefore those that were last looked at before
     * @param deletedSince of deleted and empty ones, those that became so since
     * @param limit of each destination
     */
    public List<ArchiveRow> due(Instant checkedBefore, Instant deletedSince, int limit) {
        return store.list("archive_due", ArchiveRow::read, deletedSince, checkedBefore, limit);
    }

    /**
     * Stored ones of a target that are to be verified, the newest first.
     *
     * @param policies only of these; none: of all
     * @param before those that were last found whole before, or never
     * @param level name of the least level at which that counts
     */
    public List<ArchiveRow> unverified(String target, List<String> policies, Instant before, String level, int limit) {
        return store.list(
                "archive_unverified",
                ArchiveRow::read,
                target,
                policies.isEmpty(),
                ScheduleStore.texts(policies),
                before,
                level,
                limit);
    }

    /** Those of a target that are not stored, damaged, or verified longest ago. */
    public List<ArchiveRow> doubtful(String target, int limit) {
        return store.list("archive_doubtful", ArchiveRow::read, target, limit);
    }

    /** Somebody looked whether anything is left of a deleted or an empty one. */
    public void swept(UUID id, Instant now) {
        store.update("archive_swept", now, id);
    }

    /**
     * Marks it as deleted, so that nobody counts on it any more: before its objects go.
     *
     * @param force even if no newer archive, read back since, holds the same rows by count and hash
     * @return false if it is not stored, or if without {@code force} there is no such copy
     */
    public boolean delete(UUID id, boolean force, Instant now, Actor actor) {
        return store.update("archive_delete", id, now, Json.write(actor), id, force) == 1;
    }
}
