package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.BackupEngine;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.BackupManifest;
import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.Copied;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.Dumped;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.Restored;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.backup.tool.Children;
import dev.caretaker.server.backup.tool.Libpq;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;

/** Has pg_dump copy and pg_restore restore, as children of this server. */
@Singleton
public final class PgDump implements BackupEngine {
    private final PostgresTools tools;
    private final Children children;
    private final WorkFolders folders;

    PgDump(PostgresTools tools, Children children, WorkFolders folders) {
        this.tools = tools;
        this.children = children;
        this.folders = folders;
    }

    @Override
    public BackupOrder.Engine name() {
        return BackupOrder.Engine.PG_DUMP;
    }

    @Override
    public void require(BackupOrder order, Target from) {
        int major = from.withPrimary(
                connection -> Sql.of("SELECT CAST(pg_catalog.current_setting('server_version_num') AS int) / 10000")
                        .one(connection, row -> row.getInt(1)));
        DumpArguments.compression(order.compression(), tools.forServer(major));
        from.config(config -> Libpq.of(config, "caretaker"));
    }

    @Override
    public Copied copy(BackupOrder order, Target from, BackupFolder into, Gate gate, Runnable locked)
            throws SQLException, IOException {
        String name = "caretaker/backup " + order.id();
        try (Session session = from.openSession(name);
                Gate.Registration _ = Crew.watched(gate, session);
                WorkFolder folder = folders.make()) {
            Snapshot snapshot = Snapshot.begin(session, order.longestSnapshot());
            PostgresTools.Tools programs = tools.forServer(snapshot.source().major());
            try (Gate.Registration _ = gate.watch(snapshot::requireYoung)) {
                return new Dumping(order, from, into, gate, session, snapshot, new Programs(programs, children), folder)
                        .run(locked);
            }
        }
    }

    @Override
    public void requireRestore(BackupManifest manifest) {
        tools.forServer(dump(manifest).major());
    }

    @Override
    public Restored restore(BackupManifest manifest, RestorePart part, Target into, BackupFolder from, Gate gate)
            throws SQLException, IOException {
        Dumped dump = dump(manifest);
        Programs programs = new Programs(tools.forServer(dump.major()), children);
        try (WorkFolder folder = folders.make()) {
            return new DumpRestoring(manifest, dump, part, into, from, gate, programs, folder).run();
        }
    }

    private static Dumped dump(BackupManifest manifest) {
        return manifest.copied()
                .dump()
                .orElseThrow(() -> CaretakerException.of(
                        Reason.BACKUP_DAMAGED, "The manifest says nothing of the archive of pg_dump."));
    }
}
