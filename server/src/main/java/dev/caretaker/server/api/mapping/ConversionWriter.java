package dev.caretaker.server.api.mapping;

import dev.caretaker.server.partition.conversion.Conversion;
import dev.caretaker.server.partition.conversion.ConversionPhase;
import dev.caretaker.server.partition.conversion.ConversionPhases;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.Obstacle;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionObstacle;
import dev.caretaker.v1.ConversionPhaseKind;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.CutOver;
import dev.caretaker.v1.PlannedLock;
import java.util.UUID;

/** Writes conversions as messages. */
public final class ConversionWriter {
    private ConversionWriter() {}

    /** @param statements whether phases with their statements are told */
    public static dev.caretaker.v1.Conversion write(Conversion conversion, boolean statements) {
        ConversionOrder order = conversion.order();
        var message = dev.caretaker.v1.Conversion.newBuilder()
                .setConversionId(conversion.id().toString())
                .setEtag(conversion.etag())
                .setTarget(conversion.target())
                .setTable(Names.write(order.table().name()))
                .setSet(PartitionSetWriter.write(conversion.set()))
                .setKeyColumn(order.key())
                .setBoundary(order.boundary())
                .setLegacy(Names.write(order.legacy()))
                .addAllPartitions(order.partitions().stream().map(Names::write).toList())
                .setCutOver(cutOver(order.when()))
                .addAllObstacles(conversion.obstacles().stream()
                        .map(ConversionWriter::write)
                        .toList())
                .setState(
                        switch (conversion.standing()) {
                            case PLANNED -> ConversionState.CONVERSION_STATE_PLANNED;
                            case EXPIRED -> ConversionState.CONVERSION_STATE_EXPIRED;
                            case RUNNING -> ConversionState.CONVERSION_STATE_STARTED;
                            case WAITING -> ConversionState.CONVERSION_STATE_WAITING;
                            case BROKEN_OFF -> ConversionState.CONVERSION_STATE_BROKEN_OFF;
                            case CONVERTED -> ConversionState.CONVERSION_STATE_CONVERTED;
                            case REVERTED -> ConversionState.CONVERSION_STATE_REVERTED;
                        })
                .setStateReason(conversion.reason())
                .setRequested(conversion.requested())
                .setRunId(conversion.runId().map(UUID::toString).orElse(""))
                .setCreateTime(Times.write(conversion.created()))
                .setExpireTime(Times.write(conversion.expires()))
                .setCreatedBy(Names.write(conversion.createdBy()));
        order.boundaryTime().filter(Times::isWritable).map(Times::write).ifPresent(message::setBoundaryTime);
        order.when().window().map(PolicyWriter::write).ifPresent(message::setWindow);
        if (statements) {
            ConversionPhases.of(order).stream().map(ConversionWriter::write).forEach(message::addPhases);
        }
        return message.build();
    }

    private static CutOver cutOver(dev.caretaker.server.partition.conversion.plan.CutOver when) {
        if (when.onRequest()) {
            return CutOver.CUT_OVER_ON_REQUEST;
        }
        return when.window().isPresent() ? CutOver.CUT_OVER_IN_WINDOW : CutOver.CUT_OVER_AUTO;
    }

    private static ConversionObstacle write(Obstacle obstacle) {
        return ConversionObstacle.newBuilder()
                .setLoss(obstacle.loss()
                        .map(loss -> switch (loss) {
                            case UNIQUE_NARROWED -> ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED;
                            case FOREIGN_KEYS_DROPPED -> ConversionLoss.CONVERSION_LOSS_FOREIGN_KEYS_DROPPED;
                            case PUBLICATION_CHANGED -> ConversionLoss.CONVERSION_LOSS_PUBLICATION_CHANGED;
                            case ROW_TYPE_LEFT -> ConversionLoss.CONVERSION_LOSS_ROW_TYPE_LEFT;
                            case KEY_CHANGED_BY_TRIGGER -> ConversionLoss.CONVERSION_LOSS_KEY_CHANGED_BY_TRIGGER;
                            case NULL_KEYS_REFUSED -> ConversionLoss.CONVERSION_LOSS_NULL_KEYS_REFUSED;
                        })
                        .orElse(ConversionLoss.CONVERSION_LOSS_UNSPECIFIED))
                .setMessage(obstacle.message())
                .setAccepted(obstacle.accepted())
                .build();
    }

    private static dev.caretaker.v1.ConversionPhase write(ConversionPhase phase) {
        return dev.caretaker.v1.ConversionPhase.newBuilder()
                .setKind(
                        switch (phase.kind()) {
                            case INDEXES -> ConversionPhaseKind.CONVERSION_PHASE_KIND_INDEXES;
                            case BOUND -> ConversionPhaseKind.CONVERSION_PHASE_KIND_BOUND;
                            case VALIDATE -> ConversionPhaseKind.CONVERSION_PHASE_KIND_VALIDATE;
                            case PARENT -> ConversionPhaseKind.CONVERSION_PHASE_KIND_PARENT;
                            case CUT_OVER -> ConversionPhaseKind.CONVERSION_PHASE_KIND_CUT_OVER;
                            case ANALYZE -> ConversionPhaseKind.CONVERSION_PHASE_KIND_ANALYZE;
                            case REVERT -> ConversionPhaseKind.CONVERSION_PHASE_KIND_REVERT;
                            case REVALIDATE -> ConversionPhaseKind.CONVERSION_PHASE_KIND_REVALIDATE;
                        })
                .addAllSql(phase.sql())
                .setAtomic(phase.atomic())
                .addAllLocks(phase.locks().stream().map(ConversionWriter::write).toList())
                .build();
    }

    private static PlannedLock write(ConversionPhase.Lock lock) {
        var message = PlannedLock.newBuilder().setMode(lock.mode()).setDuration(lock.duration());
        lock.relation().map(Names::write).ifPresent(message::setRelation);
        return message.build();
    }
}
