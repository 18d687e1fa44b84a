package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.partitions.upkeep.StartOptions;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.v1.PreviewRestoreRequest;
import dev.caretaker.v1.PreviewRestoreResponse;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.RestoreBackupResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker backups restore BACKUP --into TARGET}. */
@Command(
        name = "restore",
        description = "Restore a backup, schemas or tables of it into the database of a target.",
        footer = {
            "",
            "Ctrl-C leaves and the run goes on.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable, 5 cancelled."
        })
public final class RestoreBackup implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final IdArgument<?> backup = IdArgument.backup();

    @Option(
            names = "--into",
            required = true,
            paramLabel = "TARGET",
            description = "Target into whose database it is restored.")
    private String target;

    @Mixin
    private PartOptions part;

    @Option(
            names = "--allow-not-empty",
            description = "Although the database has objects of its own; none of them is replaced.")
    private boolean notEmpty;

    @Option(
            names = "--dry-run",
            description = "Only say what would be there and what not; exits with 3 if it would be refused.")
    private boolean dryRun;

    @Mixin
    private StartOptions start;

    public RestoreBackup(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (dryRun) {
            return preview();
        }
        RestoreBackupRequest.Builder request = RestoreBackupRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setBackupId(backup.id(session))
                .setTarget(target)
                .addAllSchemas(part.schemas())
                .addAllTables(part.tables())
                .setAllowNotEmpty(notEmpty);
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                Opening.of(
                        RestoreBackupResponse::getEvent,
                        observer -> session.connection().backupStreams().restoreBackup(request.build(), observer)));
    }

    private int preview() {
        PreviewRestoreResponse preview = session.connection()
                .backups()
                .previewRestore(PreviewRestoreRequest.newBuilder()
                        .setBackupId(backup.id(session))
                        .setTarget(target)
                        .addAllSchemas(part.schemas())
                        .addAllTables(part.tables())
                        .setAllowNotEmpty(notEmpty)
                        .build());
        session.printer().one(preview, page -> BackupText.preview(preview, page));
        return preview.getObstaclesCount() == 0 ? ExitCode.COMPLETE : ExitCode.REFUSED;
    }
}
