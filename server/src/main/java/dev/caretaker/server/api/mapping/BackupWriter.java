package dev.caretaker.server.api.mapping;

import dev.caretaker.server.backup.BackupManifest;
import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.BackupTerms;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.Evidence;
import dev.caretaker.server.backup.RestorePreview;
import dev.caretaker.server.backup.Retention;
import dev.caretaker.server.backup.Selection;
import dev.caretaker.server.backup.VerifyTerms;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupObjects;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupTable;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.PreviewRestoreResponse;
import dev.caretaker.v1.ScheduledBackup;
import dev.caretaker.v1.ScheduledBackupVerify;
import java.util.List;

/** Backups to their messages. */
public final class BackupWriter {
    private BackupWriter() {}

    /** As in lists. */
    public static Backup write(BackupRow row) {
        return brief(row).build();
    }

    /** With what it holds. */
    public static Backup write(BackupRow row, BackupManifest manifest) {
        return brief(row)
                .addAllNotContained(manifest.copied().notContained())
                .addAllContents(manifest.copied().tables().stream()
                        .map(BackupWriter::write)
                        .toList())
                .build();
    }

    /** With the verifications before the latest, as many as an answer holds. */
    public static Backup withEarlier(Backup backup, BackupStore.Verifications verifications) {
        List<BackupEvidence> told = Fitting.first(
                0,
                verifications.latest().stream()
                        .map(BackupWriter::evidence)
                        .filter(one ->
                                !one.getRunId().equals(backup.getEvidence().getRunId())));
        int latest = backup.hasEvidence() ? 1 : 0;
        return backup.toBuilder()
                .addAllEarlierEvidence(told)
                .setEarlierEvidenceLeftOut(Math.max(0, verifications.number() - latest - told.size()))
                .build();
    }

    private static Backup.Builder brief(BackupRow row) {
        BackupOrder order = Json.read(row.request(), BackupOrder.class);
        Backup.Builder message = Backup.newBuilder()
                .setBackupId(row.id().toString())
                .setTarget(row.target())
                .setEngine(engine(order.engine()))
                .setState(state(row))
                .setDestination(row.destination())
                .setLocation(row.location())
                .setSelection(write(order.selection()))
                .setWhole(row.whole())
                .setTables(row.tables())
                .setRows(row.rows())
                .setBytes(row.bytes())
                .setServerVersion(row.serverVersion())
                .setCreateTime(Times.write(row.created()))
                .setCreatedBy(Names.write(row.actor()))
                .setPinReason(row.pinReason())
                .setProblem(row.problem());
        row.snapshot().map(Times::write).ifPresent(message::setSnapshotTime);
        row.stored().map(Times::write).ifPresent(message::setStoreTime);
        row.deleted().map(Times::write).ifPresent(message::setDeleteTime);
        row.pinnedBy().map(Names::write).ifPresent(message::setPinnedBy);
        if (!order.keep().isNone()) {
            message.setKeep(write(order.keep()));
        }
        row.evidence().map(BackupWriter::evidence).ifPresent(message::setEvidence);
        return message;
    }

    static ScheduledBackup write(BackupTerms terms) {
        ScheduledBackup.Builder message = ScheduledBackup.newBuilder()
                .setDestination(terms.destination())
                .setEngine(engine(terms.engine()))
                .setSelection(write(terms.selection()))
                .setSessions(terms.sessions())
                .setLongestSnapshot(Times.write(terms.longestSnapshot()))
                .setCompression(terms.compression());
        terms.dumpFormat()
                .map(format -> switch (format) {
                    case DIRECTORY -> BackupDumpFormat.BACKUP_DUMP_FORMAT_DIRECTORY;
                    case CUSTOM -> BackupDumpFormat.BACKUP_DUMP_FORMAT_CUSTOM;
                })
                .ifPresent(message::setDumpFormat);
        if (!terms.keep().isNone()) {
            message.setKeep(write(terms.keep()));
        }
        return message.build();
    }

    static ScheduledBackupVerify write(VerifyTerms terms) {
        return ScheduledBackupVerify.newBuilder()
                .setDestination(terms.destination().orElse(""))
                .setWhole(terms.whole())
                .setScratchTarget(terms.scratchTarget().orElse(""))
                .setAllowSameServer(terms.allowSameServer())
                .build();
    }

    static BackupRetention write(Retention keep) {
        BackupRetention.Builder message = BackupRetention.newBuilder();
        keep.age().map(Times::write).ifPresent(message::setAge);
        keep.last().ifPresent(message::setLast);
        return message.build();
    }

    private static BackupEngine engine(BackupOrder.Engine engine) {
        return switch (engine) {
            case TABLE_COPY -> BackupEngine.BACKUP_ENGINE_TABLE_COPY;
            case PG_DUMP -> BackupEngine.BACKUP_ENGINE_PG_DUMP;
        };
    }

    private static BackupState state(BackupRow row) {
        return switch (row.state()) {
            case OPEN -> BackupState.BACKUP_STATE_OPEN;
            case STORED -> BackupState.BACKUP_STATE_STORED;
            case FAILED -> BackupState.BACKUP_STATE_FAILED;
            case DELETED -> row.isGoing() ? BackupState.BACKUP_STATE_DELETING : BackupState.BACKUP_STATE_DELETED;
        };
    }

    private static BackupSelection write(Selection selection) {
        return BackupSelection.newBuilder()
                .addAllSchemas(selection.schemas())
                .addAllTables(selection.tables().stream().map(Names::write).toList())
                .addAllWithoutRows(
                        selection.withoutRows().stream().map(Names::write).toList())
                .build();
    }

    private static BackupTable write(CopiedTable table) {
        return BackupTable.newBuilder()
                .setTable(Names.write(table.table()))
                .setRows(table.rows())
                .setBytes(table.bytes())
                .setHasRows(table.hasRows())
                .setHash(table.hash().toPlainString())
                .build();
    }

    /** What a restore would make. */
    public static PreviewRestoreResponse write(RestorePreview preview) {
        PreviewRestoreResponse.Builder message = PreviewRestoreResponse.newBuilder()
                .addAllTables(preview.tables().stream().map(BackupWriter::write).toList())
                .setRows(preview.tables().stream().mapToLong(CopiedTable::rows).sum())
                .setBytes(preview.bytes())
                .addAllLeftOut(preview.leftOut())
                .addAllObstacles(preview.obstacles());
        preview.objects()
                .forEach((kind, count) -> message.addObjects(
                        BackupObjects.newBuilder().setKind(kind).setCount(count)));
        preview.lastRestore().map(Times::write).ifPresent(message::setLastRestoreDuration);
        return message.build();
    }

    private static BackupEvidence evidence(String json) {
        Evidence evidence = Json.read(json, Evidence.class);
        return BackupEvidence.newBuilder()
                .setRunId(evidence.run().toString())
                .setVerdict(
                        switch (evidence.verdict()) {
                            case PROVEN -> BackupVerdict.BACKUP_VERDICT_PROVEN;
                            case PARTIAL -> BackupVerdict.BACKUP_VERDICT_PARTIAL;
                            case DAMAGED -> BackupVerdict.BACKUP_VERDICT_DAMAGED;
                        })
                .setTime(Times.write(evidence.ended()))
                .setRestoreDuration(Times.write(evidence.restore()))
                .setCompareDuration(Times.write(evidence.compare()))
                .setPlace(evidence.place())
                .setServerVersion(evidence.serverVersion())
                .setTables(evidence.tables())
                .setRows(evidence.rows())
                .addAllFaults(evidence.faults())
                .addAllNotes(evidence.notes())
                .addAllNotContained(evidence.notContained())
                .addAllTools(
                        evidence.tools().values().stream().distinct().sorted().toList())
                .setJson(json)
                .build();
    }
}
