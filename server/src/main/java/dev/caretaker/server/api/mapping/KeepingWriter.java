package dev.caretaker.server.api.mapping;

import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.v1.ArchiveDurability;
import dev.caretaker.v1.ArchiveProof;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.BucketUnit;
import dev.caretaker.v1.MeasureKind;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.RollUp;
import dev.caretaker.v1.RollUpMeasure;

/** Writes a policy's action, and what it keeps of rows: what {@link KeepingReader} reads. */
final class KeepingWriter {
    private KeepingWriter() {}

    static void write(Keeping keeping, dev.caretaker.v1.Policy.Builder message) {
        switch (keeping) {
            case Keeping.Archive archive -> {
                message.setAction(PolicyAction.POLICY_ACTION_ARCHIVE).setArchive(write(archive));
                archive.figures().map(KeepingWriter::write).ifPresent(message::setRollUp);
            }
            case Keeping.RollUp rollUp ->
                message.setAction(PolicyAction.POLICY_ACTION_ROLL_UP).setRollUp(write(rollUp));
        }
    }

    private static ArchiveTo write(Keeping.Archive archive) {
        var message =
                ArchiveTo.newBuilder().setLoseChildren(archive.loseChildren()).setWithChildren(archive.withChildren());
        return switch (archive.place()) {
            case Keeping.Table table ->
                message.setTable(ArchiveTable.newBuilder()
                                .setName(Names.write(table.pattern()))
                                .setIndexes(table.indexes()))
                        .build();
            case Keeping.Store store -> message.setStore(write(store)).build();
        };
    }

    private static ArchiveStore write(Keeping.Store store) {
        return write(store.terms()).toBuilder().addAllColumns(store.columns()).build();
    }

    /** With all columns. */
    static ArchiveStore write(ArchiveTerms terms) {
        return ArchiveStore.newBuilder()
                .setDestination(terms.destination())
                .setFormat(terms.format())
                .setCompression(terms.compression())
                .setPartBytes(terms.partBytes())
                .setDurable(
                        terms.awaited()
                                ? ArchiveDurability.ARCHIVE_DURABILITY_REMOTE
                                : ArchiveDurability.ARCHIVE_DURABILITY_SPOOL)
                .setVerify(
                        switch (terms.verify()) {
                            case STORED -> ArchiveProof.ARCHIVE_PROOF_STORED;
                            case READ_BACK, RESTORED -> ArchiveProof.ARCHIVE_PROOF_READ_BACK;
                        })
                .build();
    }

    private static RollUp write(Keeping.RollUp rollUp) {
        return RollUp.newBuilder()
                .setInto(Names.write(rollUp.into()))
                .setBucket(
                        switch (rollUp.bucket()) {
                            case MINUTE -> BucketUnit.BUCKET_UNIT_MINUTE;
                            case HOUR -> BucketUnit.BUCKET_UNIT_HOUR;
                            case DAY -> BucketUnit.BUCKET_UNIT_DAY;
                            case WEEK -> BucketUnit.BUCKET_UNIT_WEEK;
                            case MONTH -> BucketUnit.BUCKET_UNIT_MONTH;
                            case QUARTER -> BucketUnit.BUCKET_UNIT_QUARTER;
                            case YEAR -> BucketUnit.BUCKET_UNIT_YEAR;
                        })
                .setZone(Times.write(rollUp.zone()))
                .addAllBy(rollUp.by())
                .addAllMeasures(
                        rollUp.measures().stream().map(KeepingWriter::write).toList())
                .build();
    }

    private static RollUpMeasure write(Keeping.Measure measure) {
        return RollUpMeasure.newBuilder()
                .setName(measure.name())
                .setKind(
                        switch (measure.figure()) {
                            case COUNT -> MeasureKind.MEASURE_KIND_COUNT;
                            case SUM -> MeasureKind.MEASURE_KIND_SUM;
                            case MIN -> MeasureKind.MEASURE_KIND_MIN;
                            case MAX -> MeasureKind.MEASURE_KIND_MAX;
                            case AVERAGE -> MeasureKind.MEASURE_KIND_AVERAGE;
                            case COUNT_BY -> MeasureKind.MEASURE_KIND_COUNT_BY;
                            case SAMPLES -> MeasureKind.MEASURE_KIND_SAMPLES;
                        })
                .setColumn(measure.column().orElse(""))
                .setSamples(measure.samples().orElse(0))
                .build();
    }
}
