package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.GetBackupRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caretaker backups show BACKUP}. */
@Command(
        name = "show",
        description = "Show a backup with its tables and its latest verification; as JSON, with all evidence.")
public final class ShowBackup implements Runnable {
    private final Session session;

    @Mixin
    private final IdArgument<?> backup = IdArgument.backup();

    public ShowBackup(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Backup found = session.connection()
                .backups()
                .getBackup(GetBackupRequest.newBuilder()
                        .setBackupId(backup.id(session))
                        .build())
                .getBackup();
        session.printer().one(found, page -> BackupText.show(found, page));
    }
}
