package dev.caretaker.server.api.mapping;

import dev.caretaker.server.partition.upkeep.plan.PlannedAction;
import dev.caretaker.server.partition.upkeep.plan.UpkeepAction;
import dev.caretaker.server.partition.upkeep.plan.UpkeepLock;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlan;
import dev.caretaker.server.partition.upkeep.plan.UpkeepWarning;
import dev.caretaker.server.partition.upkeep.step.RetiredArchive;
import dev.caretaker.v1.ArchiveKind;
import dev.caretaker.v1.Estimate;
import dev.caretaker.v1.EstimateSource;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PlannedArchive;
import dev.caretaker.v1.PlannedLock;
import java.util.UUID;

/** Writes plans of upkeep as the message that cleanups have too. */
public final class UpkeepWriter {
    private UpkeepWriter() {}

    public static Plan write(UpkeepPlan plan) {
        Plan.Builder message = Plan.newBuilder()
                .setPlanId(plan.id().toString())
                .setEtag(plan.etag())
                .setTarget(plan.target())
                .addAllSets(plan.sets().stream().map(PartitionSetWriter::write).toList())
                .addAllSteps(plan.actions().stream().map(UpkeepWriter::write).toList())
                .addAllWarnings(
                        plan.warnings().stream().map(UpkeepWriter::write).toList())
                .setTotal(total(plan))
                .setCreateTime(Times.write(plan.created()))
                .setExpireTime(Times.write(plan.expires()))
                .setCreatedBy(Names.write(plan.createdBy()))
                .setRunId(plan.runId().map(UUID::toString).orElse(""));
        plan.backup().map(BackupDemands::write).ifPresent(message::setRequireBackup);
        return message.build();
    }

    /** What upkeep gives back is what it drops. */
    private static Estimate total(UpkeepPlan plan) {
        return Estimate.newBuilder()
                .setBytesReturned(plan.actions().stream()
                        .filter(action -> action.action() instanceof UpkeepAction.Drop)
                        .mapToLong(PlannedAction::bytes)
                        .sum())
                .setSource(EstimateSource.ESTIMATE_SOURCE_STATISTICS)
                .build();
    }

    private static PlanStep write(PlannedAction step) {
        boolean drops = step.action() instanceof UpkeepAction.Drop;
        PlanStep.Builder message = PlanStep.newBuilder()
                .setOrdinal(step.ordinal())
                .setSet(step.set())
                .setRelation(Names.write(step.relation()))
                .setAction(action(step.action()))
                .setReason(step.reason())
                .setEstimate(Estimate.newBuilder()
                        .setTableRows(step.rows())
                        .setBytesReturned(drops ? step.bytes() : 0)
                        .setSource(EstimateSource.ESTIMATE_SOURCE_STATISTICS))
                .addAllLocks(step.locks().stream().map(UpkeepWriter::write).toList())
                .addAllSql(step.sql());
        if (step.action() instanceof UpkeepAction.Archive(RetiredArchive order)) {
            message.setArchive(PlannedArchive.newBuilder()
                    .setPlace(order.terms().destination())
                    .setKind(ArchiveKind.ARCHIVE_KIND_STORE)
                    .setRows(step.rows())
                    .setBytes(step.bytes()));
        }
        return message.build();
    }

    private static dev.caretaker.v1.UpkeepAction action(UpkeepAction action) {
        return switch (action) {
            case UpkeepAction.FinishDetach finish -> dev.caretaker.v1.UpkeepAction.UPKEEP_ACTION_FINISH_DETACH;
            case UpkeepAction.Create create ->
                create.order().partitions().getFirst().from().isPresent()
                        ? dev.caretaker.v1.UpkeepAction.UPKEEP_ACTION_CREATE
                        : dev.caretaker.v1.UpkeepAction.UPKEEP_ACTION_CREATE_DEFAULT;
            case UpkeepAction.Adopt adopt -> dev.caretaker.v1.UpkeepAction.UPKEEP_ACTION_ADOPT_DEFAULT;
            case UpkeepAction.Detach detach -> dev.caretaker.v1.UpkeepAction.UPKEEP_ACTION_DETACH;
            case UpkeepAction.Archive archive -> dev.caretaker.v1.UpkeepAction.UPKEEP_ACTION_ARCHIVE;
            case UpkeepAction.Drop drop -> dev.caretaker.v1.UpkeepAction.UPKEEP_ACTION_DROP;
            case UpkeepAction.Reattach reattach -> dev.caretaker.v1.UpkeepAction.UPKEEP_ACTION_REATTACH;
        };
    }

    private static PlannedLock write(UpkeepLock lock) {
        return PlannedLock.newBuilder()
                .setRelation(Names.write(lock.relation()))
                .setMode(lock.mode())
                .setDuration(lock.duration())
                .build();
    }

    private static PlanWarning write(UpkeepWarning warning) {
        var message = PlanWarning.newBuilder()
                .setCode(PlanWarningCode.valueOf(
                        "PLAN_WARNING_CODE_" + warning.code().name()))
                .setMessage(warning.message())
                .setSet(warning.set())
                .putAllEvidence(warning.evidence())
                .setRemediationSql(warning.remediationSql());
        warning.relation().map(Names::write).ifPresent(message::setRelation);
        return message.build();
    }
}
