package dev.caretaker.server.backup;

import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door to backups: starts the runs that make, verify and restore them, shows, pins and deletes them. */
@Singleton
public final class Backups {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    /** A backup is of no single table. */
    private static final TableName ALL = new TableName("*", "*");

    private final BackupStore store;
    private final BackupFiles files;
    private final BackupMaking making;
    private final Engines engines;
    private final Destinations destinations;
    private final Targets targets;
    private final Runs runs;
    private final Clock clock;

    Backups(
            BackupStore store,
            BackupFiles files,
            BackupMaking making,
            Engines engines,
            Destinations destinations,
            Targets targets,
            Runs runs,
            Clock clock) {
        this.store = store;
        this.files = files;
        this.making = making;
        this.engines = engines;
        this.destinations = destinations;
        this.targets = targets;
        this.runs = runs;
        this.clock = clock;
    }

    /** The same, by itself. */
    public RunView run(BackupOrder order) {
        return run(order, Optional.empty());
    }

    /**
     * Checks that it can be made, starts its run and writes it down.
     *
     * @param parent run that starts it, if any
     * @throws CaretakerException INVALID_FIELD, TARGET_NOT_FOUND, DESTINATION_NOT_FOUND, MISSING_PRIVILEGE, TARGET_UNREACHABLE,
     *     TOOL_MISSING, TOOL_FAILED, HELD
     */
    public RunView run(BackupOrder order, Optional<UUID> parent) {
        destinations.store(order.destination());
        Target target = targets.get(order.target());
        engines.get(order.engine()).require(order, target);
        record Source(long database, BackupOrder order) {}
        Source source = target.withPrimary(connection -> {
            Scoped.require(order.selection(), target, connection);
            BackupOrder scoped = order.of(Scoped.within(order.selection(), target.schemas()));
            Selected selected = Selected.of(scoped.selection(), target, DatabaseObjects.tables(connection));
            selected.requireReadable(target.name(), connection);
            return new Source(databaseOid(connection), scoped.lacking(selected.lacking()));
        });
        RunView run = start(
                order.id(),
                RunKind.BACKUP,
                target,
                order.actor(),
                parent,
                order.timeLimit(),
                new StepSpec(BackupKind.NAME, ALL, "", 0, new BackupWork(source.order(), source.database())));
        making.open(source.order());
        return run;
    }

    private static long databaseOid(Connection connection) throws SQLException {
        return Sql.of("SELECT CAST(oid AS bigint) FROM pg_catalog.pg_database"
                        + " WHERE datname = pg_catalog.current_database()")
                .one(connection, row -> row.getLong(1));
    }

    private RunView start(
            UUID id,
            RunKind kind,
            Target target,
            Actor actor,
            Optional<UUID> parent,
            Optional<Duration> timeLimit,
            StepSpec step) {
        return runs.start(
                id,
                new RunRequest(
                        kind,
                        target.name(),
                        actor,
                        Optional.empty(),
                        parent,
                        List.of(step),
                        target.tuning(),
                        timeLimit,
                        Optional.empty(),
                        RowLimits.NONE));
    }

    /** The same, by itself. */
    public RunView verify(UUID runId, VerifyOrder order) {
        return verify(runId, order, Optional.empty());
    }

    /**
     * Starts the run that verifies a backup: at the scratch target, or beside the target it was taken from.
     *
     * @param parent run that starts it, if any
     * @throws CaretakerException BACKUP_NOT_FOUND, BACKUP_NOT_READY, DESTINATION_UNREACHABLE, TARGET_NOT_FOUND, UNSUPPORTED_SERVER,
     *     SCRATCH_REFUSED, DISK_SPACE_UNKNOWN, DISK_SPACE_SHORT, HELD
     */
    public RunView verify(UUID runId, VerifyOrder order, Optional<UUID> parent) {
        BackupRow backup = get(order.backup());
        BackupFiles.requireStored(backup);
        Target place = targets.get(order.scratchTarget().orElse(backup.target()));
        if (order.scratchTarget().isPresent() && isWhole(backup)) {
            ScratchPlaces.require(files.manifest(backup), place, order.allowSameServer(), targets);
        }
        return start(
                runId,
                RunKind.BACKUP_VERIFY,
                place,
                order.actor(),
                parent,
                order.timeLimit(),
                new StepSpec(
                        VerifyKind.NAME,
                        ALL,
                        "",
                        0,
                        new VerifyWork(
                                backup.id(),
                                order.scratchTarget(),
                                order.allowSameServer(),
                                ScratchPlaces.newName(),
                                order.actor())));
    }

    /** A damaged manifest is what a verification is to find. */
    private boolean isWhole(BackupRow backup) {
        try {
            files.manifest(backup);
            return true;
        } catch (CaretakerException e) {
            if (e.reason() == Reason.BACKUP_DAMAGED) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Starts the run that restores a backup.
     *
     * @throws CaretakerException BACKUP_NOT_FOUND, BACKUP_NOT_READY, BACKUP_DAMAGED, DESTINATION_UNREACHABLE, TARGET_NOT_FOUND,
     *     TARGET_UNREACHABLE, UNSUPPORTED_SERVER, DATABASE_NOT_EMPTY, INVALID_FIELD, TOOL_MISSING, HELD
     */
    public RunView restore(UUID runId, ReturnOrder order) {
        BackupManifest manifest = files.manifest(get(order.backup()));
        engines.get(manifest.order().engine()).requireRestore(manifest);
        Target into = targets.get(order.target());
        BackupReturn.requireAsNew(manifest, into);
        BackupReturn.require(manifest, order.part(), into, order.allowNotEmpty());
        long database = into.withPrimary(Backups::databaseOid);
        return start(
                runId,
                RunKind.RESTORE,
                into,
                order.actor(),
                Optional.empty(),
                order.timeLimit(),
                new StepSpec(
                        RestoreBackupKind.NAME,
                        ALL,
                        "",
                        0,
                        new RestoreBackupWork(order.backup(), order.part(), order.allowNotEmpty(), database)));
    }

    /**
     * What a restore would make, and what not.
     *
     * @throws CaretakerException BACKUP_NOT_FOUND, BACKUP_NOT_READY, BACKUP_DAMAGED, DESTINATION_UNREACHABLE, TARGET_NOT_FOUND,
     *     TARGET_UNREACHABLE, INVALID_FIELD
     */
    public RestorePreview preview(UUID id, String target, RestorePart part, boolean allowNotEmpty) {
        BackupRow backup = get(id);
        BackupManifest manifest = files.manifest(backup);
        return new RestorePreviews(
                        backup,
                        manifest,
                        part,
                        targets.get(target),
                        engines.get(manifest.order().engine()))
                .preview(allowNotEmpty);
    }

    /** @throws CaretakerException BACKUP_NOT_FOUND */
    public BackupRow get(UUID id) {
        return store.find(id)
                .orElseThrow(() -> CaretakerException.of(Reason.BACKUP_NOT_FOUND, "There is no backup " + id + "."));
    }

    /**
     * The newest one of a target that is stored.
     *
     * @param destination empty: wherever it is
     * @param whole whether only one of the whole database is meant
     * @throws CaretakerException BACKUP_NOT_FOUND if there is none
     */
    public BackupRow newest(String target, Optional<String> destination, boolean whole) {
        return store.stored(target).stream()
                .filter(row -> destination
                        .filter(name -> !name.equals(row.destination()))
                        .isEmpty())
                .filter(row -> row.whole() || !whole)
                .findFirst()
                .orElseThrow(() -> CaretakerException.of(
                        Reason.BACKUP_NOT_FOUND,
                        "There is no backup" + (whole ? " of the whole database" : "") + " of target " + target
                                + destination.map(name -> " at " + name).orElse("") + " that could be verified.",
                        Map.of("target", target)));
    }

    /** What its verifications found. */
    public BackupStore.Verifications verifications(UUID id) {
        return store.verifications(id);
    }

    /**
     * Newest first.
     *
     * @param target empty for all
     * @param all also those that are not stored
     */
    public List<BackupRow> list(String target, boolean all, Instant before, UUID beforeId, int most) {
        return store.list(target, all, before, beforeId, most);
    }

    /**
     * What a backup holds.
     *
     * @throws CaretakerException BACKUP_NOT_READY, BACKUP_DAMAGED, DESTINATION_UNREACHABLE
     */
    public BackupManifest manifest(BackupRow backup) {
        return files.manifest(backup);
    }

    /**
     * Keeps it from being deleted.
     *
     * @param actor who pins it; empty to let it go
     * @throws CaretakerException BACKUP_NOT_FOUND, BACKUP_NOT_READY
     */
    public BackupRow pin(UUID id, Optional<Actor> actor, String reason) {
        BackupFiles.requireStored(get(id));
        store.pin(id, actor, reason);
        return get(id);
    }

    /**
     * Deletes it: marks it first, so that nobody pins or reads what is about to go, then removes its objects. What cannot be removed now
     * is removed as soon as it can be; until then it {@linkplain BackupRow#isGoing is going}. Deleting again tries at once.
     *
     * @param force even if it is the newest verified one that holds what it holds
     * @throws CaretakerException BACKUP_NOT_FOUND, BACKUP_NOT_READY, BACKUP_PINNED, BACKUP_IS_ONLY_VERIFIED, DESTINATION_NOT_FOUND
     */
    public BackupRow delete(UUID id, boolean force, Actor actor) {
        BackupRow backup = get(id);
        if (backup.state() == BackupRow.State.DELETED && !backup.isGoing()) {
            return backup;
        }
        destinations.store(backup.destination());
        if (!backup.isGoing() && !store.delete(id, force, clock.instant(), actor)) {
            BackupRow now = get(id);
            if (now.state() != BackupRow.State.DELETED) {
                throw refused(now);
            }
        }
        try {
            files.remove(backup);
            store.swept(id);
        } catch (CaretakerException e) {
            LOG.info("backup {} is deleted; its objects are removed later: {}", id, e.getMessage());
            store.stuck(id, e.getMessage());
        }
        return get(id);
    }

    private static CaretakerException refused(BackupRow backup) {
        if (backup.state() == BackupRow.State.OPEN) {
            BackupFiles.requireStored(backup);
        }
        return backup.pinnedBy()
                .map(actor -> CaretakerException.of(
                        Reason.BACKUP_PINNED,
                        "Backup " + backup.id() + " is pinned by " + actor.name() + ": " + backup.pinReason() + "."))
                .orElseGet(() -> CaretakerException.of(
                        Reason.BACKUP_IS_ONLY_VERIFIED,
                        "Backup " + backup.id() + " is the newest verified one of target " + backup.target()
                                + " that holds what it holds."));
    }
}
