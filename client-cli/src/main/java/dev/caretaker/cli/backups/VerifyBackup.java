package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.partitions.upkeep.StartOptions;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.v1.VerifyBackupRequest;
import dev.caretaker.v1.VerifyBackupResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker backups verify BACKUP}. */
@Command(
        name = "verify",
        description = "Restore a backup into a scratch database, compare all of it, and drop the database.",
        footer = {
            "",
            "Ctrl-C leaves and the run goes on.",
            "Exits with 0 proven or detached, 1 damaged or failed, 3 refused, 4 not reachable, 5 cancelled."
        })
public final class VerifyBackup implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final IdArgument<?> backup = IdArgument.backup();

    @Option(
            names = "--scratch-target",
            paramLabel = "NAME",
            description =
                    "Make the scratch database on the server of this target. Default: in a PostgreSQL that the server"
                            + " starts for it.")
    private String scratch = "";

    @Option(
            names = "--allow-same-server",
            description = "With --scratch-target: even on the server that the backup was taken from.")
    private boolean sameServer;

    @Mixin
    private StartOptions start;

    public VerifyBackup(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        VerifyBackupRequest.Builder request = VerifyBackupRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setBackupId(backup.id(session))
                .setScratchTarget(scratch)
                .setAllowSameServer(sameServer);
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                Opening.of(
                        VerifyBackupResponse::getEvent,
                        observer -> session.connection().backupStreams().verifyBackup(request.build(), observer)));
    }
}
