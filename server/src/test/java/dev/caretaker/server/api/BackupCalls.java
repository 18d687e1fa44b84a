package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.backup.Backups;
import dev.caretaker.server.backup.Compared;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VerifyBackupRequest;
import dev.caretaker.v1.WatchRunRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Backups at the destination disk through the API of a server, of target main and restored into target empty unless told. */
final class BackupCalls {
    private final WholeServer server;

    BackupCalls(WholeServer server) {
        this.server = server;
    }

    static RunBackupRequest.Builder backup() {
        return RunBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setTarget("main")
                .setDestination("disk")
                .setActor("test");
    }

    static TableName table(String schema, String name) {
        return TableName.newBuilder().setSchema(schema).setName(name).build();
    }

    /** The id of a backup that was made. */
    String made(RunBackupRequest.Builder request) {
        return complete(run(request));
    }

    /** The run that has ended. */
    String run(RunBackupRequest.Builder request) {
        return ended(server.backups().runBackup(request.build()), message -> message.getEvent());
    }

    /** The run that has ended, of a verification beside the source. */
    String verified(String backup) {
        return verified(backup, "empty");
    }

    /** The same at the server of another target. */
    String verified(String backup, String scratch) {
        return ended(
                server.backups()
                        .verifyBackup(VerifyBackupRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setBackupId(backup)
                                .setScratchTarget(scratch)
                                .setAllowSameServer(true)
                                .setActor("test")
                                .build()),
                message -> message.getEvent());
    }

    /** The run that has ended, of a verification by a PostgreSQL that the server starts. */
    String verifiedByOwnServer(String backup) {
        return ended(
                server.backups()
                        .verifyBackup(VerifyBackupRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setBackupId(backup)
                                .setActor("test")
                                .build()),
                message -> message.getEvent());
    }

    static RestoreBackupRequest.Builder restore(String backup) {
        return RestoreBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setBackupId(backup)
                .setTarget("empty")
                .setActor("test");
    }

    /** The run that has ended. */
    String restored(RestoreBackupRequest.Builder request) {
        return ended(server.backups().restoreBackup(request.build()), message -> message.getEvent());
    }

    <T> String ended(Iterator<T> stream, Function<T, RunEvent> event) {
        List<RunEvent> events = new ArrayList<>();
        stream.forEachRemaining(message -> events.add(event.apply(message)));
        return events.getLast().getRunId();
    }

    Run runOf(String id) {
        return server.runs()
                .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                .getRun();
    }

    String complete(String id) {
        Run run = runOf(id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        return id;
    }

    /** Messages of the warnings of a run that has ended. */
    List<String> warnings(String id) {
        List<String> told = new ArrayList<>();
        server.runs()
                .watchRun(WatchRunRequest.newBuilder().setRunId(id).build())
                .forEachRemaining(message -> {
                    if (message.getEvent().hasWarning()) {
                        told.add(message.getEvent().getWarning().getMessage());
                    }
                });
        return told;
    }

    Backup get(String id) {
        return server.backups()
                .getBackup(GetBackupRequest.newBuilder().setBackupId(id).build())
                .getBackup();
    }

    /** What a comparison of a backup with the database of target empty finds. */
    List<String> faults(String id) {
        return faults(id, "empty");
    }

    /** What a comparison of a backup with the database of a target finds. */
    List<String> faults(String id, String target) {
        Backups backups = server.bean(Backups.class);
        return Compared.faults(
                backups.manifest(backups.get(UUID.fromString(id))),
                server.bean(Targets.class).get(target));
    }
}
