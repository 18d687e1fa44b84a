package dev.caretaker.server.api.mapping;

import dev.caretaker.server.backup.external.ExternalLooks.Known;
import dev.caretaker.server.backup.external.SeenBackup;
import dev.caretaker.server.backup.external.SeenBackups;
import dev.caretaker.server.backup.health.Archiver;
import dev.caretaker.server.backup.health.BackupHealth;
import dev.caretaker.server.backup.health.BackupObjection;
import dev.caretaker.server.run.BackupProof;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ExternalBackupStore.ExternalBackup;
import dev.caretaker.v1.ArchiverState;
import dev.caretaker.v1.BackupHealthVerdict;
import dev.caretaker.v1.BackupToolState;
import dev.caretaker.v1.ToolBackup;
import java.util.List;

/** Writes how backups are as messages. */
public final class BackupHealthWriter {
    private static final int BACKUPS = 20;

    private BackupHealthWriter() {}

    public static dev.caretaker.v1.BackupHealth write(BackupHealth health) {
        List<BackupObjection> objections = health.objections();
        dev.caretaker.v1.BackupHealth.Builder message = dev.caretaker.v1.BackupHealth.newBuilder()
                .setTarget(health.target())
                .setLookTime(Times.write(health.now()))
                .setVerdict(verdict(objections))
                .addAllReasons(objections.stream().map(BackupObjection::message).toList())
                .setExpectedWithin(Times.write(health.within()))
                .setExpectedVerifiedWithin(Times.write(health.verifiedWithin()))
                .addAllTools(
                        health.tools().stream().map(BackupHealthWriter::write).toList());
        health.newest().ifPresent(proof -> message.setNewest(write(health, proof)));
        health.newestVerified().ifPresent(proof -> message.setNewestVerified(write(health, proof)));
        health.archiver().ifPresent(archiver -> message.setArchiver(write(archiver)));
        return message.build();
    }

    private static BackupHealthVerdict verdict(List<BackupObjection> objections) {
        if (objections.isEmpty()) {
            return BackupHealthVerdict.BACKUP_HEALTH_VERDICT_GOOD;
        }
        return objections.getFirst().critical()
                ? BackupHealthVerdict.BACKUP_HEALTH_VERDICT_CRITICAL
                : BackupHealthVerdict.BACKUP_HEALTH_VERDICT_ATTENTION;
    }

    /** A backup, as old as it was when it was looked at. */
    public static dev.caretaker.v1.BackupProof write(BackupHealth health, BackupProof proof) {
        dev.caretaker.v1.BackupProof.Builder message = dev.caretaker.v1.BackupProof.newBuilder()
                .setMaker(proof.maker())
                .setId(proof.id())
                .setTime(Times.write(proof.time()))
                .setAge(Times.write(health.age(proof)))
                .setBytes(proof.bytes().orElse(0));
        proof.verified().ifPresent(at -> message.setVerifyTime(Times.write(at)));
        return message.build();
    }

    private static BackupToolState write(Known known) {
        BackupToolState.Builder message = BackupToolState.newBuilder()
                .setTool(known.source().tool().program())
                .setName(known.source().name())
                .setError(known.error());
        known.looked().ifPresent(at -> message.setLookTime(Times.write(at)));
        known.seen().ifPresent(seen -> message.setProblem(seen.problem()).addAllBackups(newest(seen)));
        return message.build();
    }

    private static List<ToolBackup> newest(SeenBackups seen) {
        return seen.backups().reversed().stream()
                .limit(BACKUPS)
                .map(BackupHealthWriter::write)
                .toList();
    }

    private static ToolBackup write(SeenBackup backup) {
        ToolBackup.Builder message = ToolBackup.newBuilder()
                .setId(backup.id())
                .setKind(backup.kind())
                .setBytes(backup.bytes().orElse(0))
                .setProblem(backup.problem());
        backup.finished().ifPresent(at -> message.setFinishTime(Times.write(at)));
        return message.build();
    }

    private static ArchiverState write(Archiver archiver) {
        ArchiverState.Builder message = ArchiverState.newBuilder()
                .setEnabled(archiver.enabled())
                .setArchived(archiver.archived())
                .setLastArchivedFile(archiver.lastArchivedFile())
                .setFailed(archiver.failed())
                .setLastFailedFile(archiver.lastFailedFile())
                .setFailing(archiver.fails());
        archiver.lastArchived().ifPresent(at -> message.setLastArchiveTime(Times.write(at)));
        archiver.lastFailed().ifPresent(at -> message.setLastFailureTime(Times.write(at)));
        return message.build();
    }

    public static dev.caretaker.v1.ExternalBackup write(ExternalBackup backup) {
        dev.caretaker.v1.ExternalBackup.Builder message = dev.caretaker.v1.ExternalBackup.newBuilder()
                .setBackupId(backup.id().toString())
                .setTarget(backup.target())
                .setSource(backup.source())
                .setReference(backup.reference())
                .setTime(Times.write(backup.taken()))
                .setBytes(backup.bytes().orElse(0))
                .setNote(backup.note())
                .setRecordedBy(write(backup.actor()))
                .setRecordTime(Times.write(backup.recorded()));
        backup.verified().ifPresent(at -> message.setVerifyTime(Times.write(at)));
        return message.build();
    }

    private static dev.caretaker.v1.Actor write(Actor actor) {
        return dev.caretaker.v1.Actor.newBuilder()
                .setName(actor.name())
                .setVerified(actor.verified())
                .build();
    }
}
