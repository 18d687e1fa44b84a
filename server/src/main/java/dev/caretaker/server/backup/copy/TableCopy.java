package dev.caretaker.server.backup.copy;

import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.backup.BackupEngine;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.BackupManifest;
import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.Copied;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.Restored;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;

/** Copies tables by COPY, and objects as statements. */
@Singleton
public final class TableCopy implements BackupEngine {
    private final Formats formats;

    TableCopy(Formats formats) {
        this.formats = formats;
    }

    @Override
    public BackupOrder.Engine name() {
        return BackupOrder.Engine.TABLE_COPY;
    }

    @Override
    public void require(BackupOrder order, Target from) {
        formats.compression(order.compression());
    }

    @Override
    public Copied copy(BackupOrder order, Target from, BackupFolder into, Gate gate, Runnable locked)
            throws SQLException, IOException {
        String name = "caretaker/backup " + order.id();
        try (Session session = from.openSession(name);
                Gate.Registration _ = Crew.watched(gate, session)) {
            Snapshot snapshot = Snapshot.begin(session, order.longestSnapshot());
            try (Gate.Registration _ = gate.watch(snapshot::requireYoung)) {
                return new Copying(order, from, into, gate, session, snapshot, name).run(locked);
            }
        }
    }

    @Override
    public Restored restore(BackupManifest manifest, RestorePart part, Target into, BackupFolder from, Gate gate)
            throws SQLException, IOException {
        return new Restoring(manifest, part, into, gate, new CopiedRows(manifest, into, from, gate)).run();
    }
}
