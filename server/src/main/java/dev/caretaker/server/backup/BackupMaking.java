package dev.caretaker.server.backup;

import dev.caretaker.server.archive.Locations;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to make a backup: the engine copies, the manifest comes last. */
@Singleton
final class BackupMaking {
    private static final Logger LOG = LoggerFactory.getLogger(BackupMaking.class);
    /** Beginnings at which a table may be dropped in that instant, so that the last of them fails. */
    private static final int MOST_BEGINNINGS = 5;

    private final BackupStore store;
    private final BackupFiles files;
    private final Engines engines;
    private final Targets targets;
    private final GuardsAtWork guards;
    private final Clock clock;

    BackupMaking(
            BackupStore store, BackupFiles files, Engines engines, Targets targets, GuardsAtWork guards, Clock clock) {
        this.store = store;
        this.files = files;
        this.engines = engines;
        this.targets = targets;
        this.guards = guards;
        this.clock = clock;
    }

    /** Writes a backup down that is about to be made; nothing changes if it is there already. */
    void open(BackupOrder order) {
        store.open(
                order.id(),
                order.target(),
                order.engine().name(),
                order.destination(),
                Locations.backup(order.target(), order.id(), clock.instant()),
                Json.write(order),
                order.selection().isWhole(),
                order.actor(),
                clock.instant());
    }

    String make(BackupOrder order, Gate gate) throws SQLException, IOException {
        open(order);
        BackupRow backup = store.find(order.id())
                .orElseThrow(
                        () -> CaretakerException.of(Reason.BACKUP_NOT_FOUND, "There is no backup " + order.id() + "."));
        if (backup.state() != BackupRow.State.OPEN) {
            BackupFiles.requireStored(backup); // an attempt before this one has done it
            return "Backup " + order.id() + " is stored.";
        }
        Copied copied = copied(order, backup, gate).withConsequences();
        gate.pass();
        BackupManifest manifest = BackupManifest.of(order, copied, clock.instant());
        String sha256 = files.seal(backup, manifest);
        store.stored(
                order.id(),
                new BackupStore.Contents(
                        sha256,
                        manifest.tablesWithRows(),
                        manifest.rows(),
                        manifest.bytes(),
                        copied.source().serverVersion(),
                        copied.source().systemIdentifier(),
                        copied.source().databaseOid(),
                        copied.snapshot()),
                clock.instant());
        copied.notContained().forEach(sentence -> gate.warn("NOT_IN_BACKUP", sentence));
        CopiedCollation.changed(copied.collations()).forEach(sentence -> gate.warn("COLLATION_CHANGED", sentence));
        sweep(backup, manifest);
        String done = "Backup " + order.id() + " of "
                + Amounts.count(manifest.tablesWithRows(), "table", "tables") + " with "
                + Amounts.count(manifest.rows(), "row", "rows") + " is at " + order.destination() + ", "
                + backup.location() + ", in " + Amounts.count(manifest.bytes(), "byte", "bytes") + ".";
        gate.warn("BACKUP_STORED", done);
        return done;
    }

    private Copied copied(BackupOrder order, BackupRow backup, Gate gate) throws SQLException, IOException {
        BackupEngine engine = engines.get(order.engine());
        GuardsAtWork.Watch watch = guards.of(order.target());
        int changed = 0;
        while (true) {
            watch.awaitNone(gate);
            try {
                return engine.copy(order, targets.get(order.target()), files.folder(backup), gate, watch::requireNone);
            } catch (GuardsAtWork.MetException met) {
                LOG.debug("backup {} begins again without locks: {}", order.id(), met.getMessage());
            } catch (CaretakerException e) {
                changed++;
                if (e.reason() != Reason.RELATION_CHANGED || changed == MOST_BEGINNINGS) {
                    throw e;
                }
                gate.warn("BACKUP_BEGINS_AGAIN", e.getMessage() + " It begins again, with a snapshot of its own.");
                gate.pass();
            }
        }
    }

    private void sweep(BackupRow backup, BackupManifest manifest) {
        try {
            files.sweep(backup, manifest);
        } catch (IOException e) {
            LOG.info("backup {}: what earlier attempts have left stays: {}", backup.id(), e.getMessage());
        }
    }
}
