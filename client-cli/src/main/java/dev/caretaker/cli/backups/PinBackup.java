package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.PinBackupRequest;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker backups pin BACKUP --reason TEXT}. */
@Command(name = "pin", description = "Keep a backup from being deleted, or let it go again.")
public final class PinBackup implements Runnable {
    private final Session session;

    @Mixin
    private final IdArgument<?> backup = IdArgument.backup();

    @ArgGroup(multiplicity = "1")
    private What what;

    @Mixin
    private MutationOptions mutation;

    public PinBackup(Session session) {
        this.session = session;
    }

    /** Which of the two. */
    static final class What {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Why it is kept.")
        private String reason;

        @Option(names = "--unpin", description = "Let it go.")
        private boolean unpin;
    }

    @Override
    public void run() {
        Backup now = session.connection()
                .backups()
                .pinBackup(PinBackupRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setBackupId(backup.id(session))
                        .setUnpin(what.unpin)
                        .setReason(what.reason == null ? "" : what.reason)
                        .build())
                .getBackup();
        session.printer()
                .one(
                        now,
                        page -> page.line("Backup " + now.getBackupId()
                                + (now.hasPinnedBy() ? " is pinned." : " is not pinned.")));
    }
}
