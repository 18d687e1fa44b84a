package dev.caretaker.server.api.mapping;

import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.Mechanism;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlannedArchive;
import dev.caretaker.server.cleanup.plan.kept.PlannedLock;
import dev.caretaker.server.cleanup.plan.kept.PlannedPolicy;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.policy.AppliedPolicy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.ArchiveKind;
import dev.caretaker.v1.EstimateSource;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.RowsSource;
import dev.caretaker.v1.TriggerCost;
import java.time.Instant;
import java.util.UUID;

/** Writes plans, and policies as they are stored, as messages. */
public final class PlanWriter {
    private PlanWriter() {}

    public static dev.caretaker.v1.Policy write(StoredPolicy stored) {
        return PolicyWriter.write(stored.policy())
                .setEtag(stored.etag())
                .setUpdateTime(Times.write(stored.updated()))
                .setUpdatedBy(Names.write(stored.updatedBy()))
                .build();
    }

    public static dev.caretaker.v1.AppliedPolicy write(AppliedPolicy applied) {
        return dev.caretaker.v1.AppliedPolicy.newBuilder()
                .setPolicy(write(applied.policy()))
                .setResult(
                        switch (applied.result()) {
                            case CREATED -> ApplyResult.APPLY_RESULT_CREATED;
                            case UPDATED -> ApplyResult.APPLY_RESULT_UPDATED;
                            case UNCHANGED -> ApplyResult.APPLY_RESULT_UNCHANGED;
                            case DELETED -> ApplyResult.APPLY_RESULT_DELETED;
                        })
                .addAllWarnings(applied.warnings())
                .build();
    }

    public static dev.caretaker.v1.Plan write(Plan plan, Instant now) {
        var message = dev.caretaker.v1.Plan.newBuilder()
                .setPlanId(plan.id().toString())
                .setEtag(plan.etag())
                .setTarget(plan.target())
                .addAllPolicies(plan.policies().stream().map(PlanWriter::write).toList())
                .addAllSteps(plan.steps().stream().map(PlanWriter::write).toList())
                .addAllWarnings(plan.warnings().stream().map(PlanWriter::write).toList())
                .setTotal(write(plan.total()))
                .setCreateTime(Times.write(plan.created()))
                .setExpireTime(Times.write(plan.expires()))
                .setCreatedBy(Names.write(plan.createdBy()))
                .setRunId(plan.runId().map(UUID::toString).orElse(""))
                .setBlocked(plan.blocked());
        plan.backup().map(BackupDemands::write).ifPresent(message::setRequireBackup);
        plan.policies().stream()
                .flatMap(planned -> planned.policy().policy().limits().window().stream())
                .findFirst() // all have the same
                .filter(window -> !window.isOpen(now))
                .ifPresent(window -> message.setWindowOpenTime(Times.write(window.nextOpening(now))));
        return message.build();
    }

    private static dev.caretaker.v1.PlannedPolicy write(PlannedPolicy planned) {
        return dev.caretaker.v1.PlannedPolicy.newBuilder()
                .setPolicy(write(planned.policy()))
                .setCutoff(Times.write(planned.cutoff()))
                .setPredicateSql(planned.predicateSql())
                .build();
    }

    private static PlanStep write(PlannedStep step) {
        var message = PlanStep.newBuilder()
                .setOrdinal(step.ordinal())
                .setPolicy(step.policy())
                .setRelation(Names.write(step.relation()))
                .setReason(step.reason())
                .setEstimate(write(step.estimate()))
                .addAllLocks(step.locks().stream().map(PlanWriter::write).toList())
                .addAllSql(step.sql())
                .setConditional(step.conditional());
        step.mechanism().map(PlanWriter::write).ifPresent(message::setMechanism);
        step.archive().map(PlanWriter::write).ifPresent(message::setArchive);
        step.more().stream().map(PlanWriter::write).forEach(message::addMoreArchives);
        return message.build();
    }

    private static dev.caretaker.v1.PlannedArchive write(PlannedArchive archive) {
        var message = dev.caretaker.v1.PlannedArchive.newBuilder()
                .setPlace(archive.place())
                .setKind(
                        switch (archive.kind()) {
                            case TABLE -> ArchiveKind.ARCHIVE_KIND_TABLE;
                            case ROLL_UP -> ArchiveKind.ARCHIVE_KIND_ROLL_UP;
                            case STORE -> ArchiveKind.ARCHIVE_KIND_STORE;
                        })
                .setCreated(archive.created())
                .setRows(archive.rows())
                .setBytes(archive.bytes());
        archive.child().map(Names::write).ifPresent(message::setChild);
        return message.build();
    }

    private static dev.caretaker.v1.Mechanism write(Mechanism mechanism) {
        return switch (mechanism) {
            case DROP_PARTITION -> dev.caretaker.v1.Mechanism.MECHANISM_DROP_PARTITION;
            case INDEX_RANGE -> dev.caretaker.v1.Mechanism.MECHANISM_INDEX_RANGE;
            case BLOCK_RANGE -> dev.caretaker.v1.Mechanism.MECHANISM_BLOCK_RANGE;
            case ROW_LIST -> dev.caretaker.v1.Mechanism.MECHANISM_ROW_LIST;
        };
    }

    static dev.caretaker.v1.Estimate write(Estimate estimate) {
        return dev.caretaker.v1.Estimate.newBuilder()
                .setRows(estimate.rows())
                .setRowsExact(estimate.rowsExact())
                .setTableRows(estimate.tableRows())
                .setBytesDeleted(estimate.bytesDeleted())
                .setBytesReusable(estimate.bytesReusable())
                .setBytesReturned(estimate.bytesReturned())
                .setWalBytes(estimate.walBytes())
                .setBatches(estimate.batches())
                .setDuration(Times.write(estimate.duration()))
                .setSource(
                        switch (estimate.source()) {
                            case STATISTICS -> EstimateSource.ESTIMATE_SOURCE_STATISTICS;
                            case PROBE -> EstimateSource.ESTIMATE_SOURCE_PROBE;
                        })
                .setRowsSource(rowsSource(estimate))
                .setRowsMargin(estimate.rowsMargin().orElse(0))
                .addAllTriggerCosts(estimate.triggerCosts().stream()
                        .map(cost -> TriggerCost.newBuilder()
                                .setName(cost.name())
                                .setPerThousandRows(Times.write(cost.perThousandRows()))
                                .build())
                        .toList())
                .build();
    }

    private static RowsSource rowsSource(Estimate estimate) {
        if (estimate.rowsMargin().isPresent()) {
            return RowsSource.ROWS_SOURCE_SAMPLE;
        }
        return estimate.rowsExact() ? RowsSource.ROWS_SOURCE_COUNT : RowsSource.ROWS_SOURCE_STATISTICS;
    }

    private static dev.caretaker.v1.PlannedLock write(PlannedLock lock) {
        return dev.caretaker.v1.PlannedLock.newBuilder()
                .setRelation(Names.write(lock.relation()))
                .setMode(lock.mode())
                .setDuration(lock.duration())
                .build();
    }

    private static dev.caretaker.v1.PlanWarning write(PlanWarning warning) {
        var message = dev.caretaker.v1.PlanWarning.newBuilder()
                .setCode(WarningCodes.write(warning.code()))
                .setMessage(warning.message())
                .setBlocking(warning.blocking())
                .setPolicy(warning.policy())
                .putAllEvidence(warning.evidence())
                .setRemediationSql(warning.remediationSql());
        warning.relation().map(Names::write).ifPresent(message::setRelation);
        return message.build();
    }
}
