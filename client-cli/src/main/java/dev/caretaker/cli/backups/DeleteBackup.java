package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.DeleteBackupRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker backups delete BACKUP}. */
@Command(
        name = "delete",
        description = "Delete a backup at its destination. What is known of it stays listed with --all.")
public final class DeleteBackup implements Runnable {
    private final Session session;

    @Mixin
    private final IdArgument<?> backup = IdArgument.backup();

    @Option(names = "--force", description = "Even if it is the newest verified one of its target.")
    private boolean force;

    @Mixin
    private MutationOptions mutation;

    public DeleteBackup(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Backup deleted = session.connection()
                .backups()
                .deleteBackup(DeleteBackupRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setBackupId(backup.id(session))
                        .setForce(force)
                        .build())
                .getBackup();
        session.printer().one(deleted, page -> page.line(words(deleted)));
    }

    private static String words(Backup deleted) {
        return deleted.getState() == BackupState.BACKUP_STATE_DELETING
                ? "Backup " + deleted.getBackupId() + " is deleted, but its objects still lie at "
                        + deleted.getDestination() + "; they are removed as soon as that is possible. "
                        + deleted.getProblem()
                : "Backup " + deleted.getBackupId() + " is deleted.";
    }
}
