package dev.caretaker.server.api.mapping;

import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.grid.PartitionGrid;
import dev.caretaker.server.partition.upkeep.set.AppliedSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.Retirement;
import dev.caretaker.server.partition.upkeep.set.StoredSet;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.v1.AppliedPartitionSet;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.KeyEncoding;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.RetiredPartitionEnd;
import dev.caretaker.v1.RetiredState;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/** Writes partition sets and retired partitions as messages. */
public final class PartitionSetWriter {
    private PartitionSetWriter() {}

    public static dev.caretaker.v1.PartitionSet write(StoredSet stored) {
        return write(stored.set())
                .setEtag(stored.etag())
                .setUpdateTime(Times.write(stored.updated()))
                .setUpdatedBy(Names.write(stored.updatedBy()))
                .build();
    }

    /** Without what the control store adds. */
    public static dev.caretaker.v1.PartitionSet.Builder write(PartitionSet set) {
        var message = dev.caretaker.v1.PartitionSet.newBuilder()
                .setName(set.name())
                .setTarget(set.target())
                .setTable(Names.write(set.table()))
                .setGrid(write(set.grid()))
                .setEncoding(set.encoding()
                        .map(encoding -> KeyEncoding.valueOf("KEY_ENCODING_" + encoding.name()))
                        .orElse(KeyEncoding.KEY_ENCODING_UNSPECIFIED))
                .setAhead(ahead(set))
                .setLookback(set.lookback())
                .setNamePattern(set.names().map(NameTemplate::text).orElse(""))
                .setDefaultPartition(
                        switch (set.defaultRule()) {
                            case LEAVE -> DefaultPartition.DEFAULT_PARTITION_LEAVE;
                            case ENSURE -> DefaultPartition.DEFAULT_PARTITION_ENSURE;
                            case ADOPT -> DefaultPartition.DEFAULT_PARTITION_ADOPT;
                        })
                .setPauseCreation(set.creationPaused())
                .setPauseRetirement(set.retirementPaused())
                .setDescription(set.description());
        set.retirement().map(PartitionSetWriter::write).ifPresent(message::setRetirement);
        return message;
    }

    private static PartitionsAhead ahead(PartitionSet set) {
        var message = PartitionsAhead.newBuilder().setPartitions(set.ahead().partitions());
        if (set.grid() instanceof CalendarGrid) {
            message.setDuration(Times.write(set.ahead().duration()));
        }
        return message.build();
    }

    private static dev.caretaker.v1.PartitionGrid write(PartitionGrid grid) {
        var message = dev.caretaker.v1.PartitionGrid.newBuilder();
        return switch (grid) {
            case CalendarGrid calendar ->
                message.setCalendar(dev.caretaker.v1.CalendarGrid.newBuilder()
                                .setUnit(CalendarUnit.valueOf(
                                        "CALENDAR_UNIT_" + calendar.unit().name()))
                                .setCount(calendar.count())
                                .setZone(Times.write(calendar.zone()))
                                .setAnchor(calendar.anchor()
                                        .map(LocalDate::toString)
                                        .orElse("")))
                        .build();
            case IntegerGrid integers ->
                message.setInteger(dev.caretaker.v1.IntegerGrid.newBuilder()
                                .setStep(integers.step().longValueExact())
                                .setOffset(integers.offset().longValueExact()))
                        .build();
        };
    }

    private static PartitionRetirement write(Retirement retirement) {
        var message = PartitionRetirement.newBuilder()
                .setHold(Times.write(retirement.hold()))
                .setEnd(
                        switch (retirement.end()) {
                            case DROP -> RetiredPartitionEnd.RETIRED_PARTITION_END_DROP;
                            case KEEP -> RetiredPartitionEnd.RETIRED_PARTITION_END_KEEP;
                        });
        switch (retirement.keep()) {
            case Retirement.Fixed fixed -> message.setDuration(Times.write(fixed.duration()));
            case Retirement.Calendar calendar ->
                message.setCalendar(CalendarPeriod.newBuilder()
                        .setYears(calendar.period().getYears())
                        .setMonths(calendar.period().getMonths())
                        .setDays(calendar.period().getDays())
                        .setZone(Times.write(calendar.zone())));
            case Retirement.Newest newest -> message.setPartitions(newest.partitions());
        }
        retirement.archive().map(KeepingWriter::write).ifPresent(message::setArchive);
        return message.build();
    }

    public static AppliedPartitionSet write(AppliedSet applied) {
        return AppliedPartitionSet.newBuilder()
                .setSet(write(applied.set()))
                .setResult(
                        switch (applied.result()) {
                            case CREATED -> ApplyResult.APPLY_RESULT_CREATED;
                            case UPDATED -> ApplyResult.APPLY_RESULT_UPDATED;
                            case UNCHANGED -> ApplyResult.APPLY_RESULT_UNCHANGED;
                        })
                .addAllWarnings(applied.warnings())
                .build();
    }

    public static RetiredPartition write(RetiredRow row) {
        var message = RetiredPartition.newBuilder()
                .setTarget(row.target())
                .setOid(row.oid())
                .setPartition(Names.write(row.partition()))
                .setParent(Names.write(row.parent()))
                .setSet(row.setName())
                .setRange(PartitionRange.newBuilder().setFrom(row.lowerBound()).setTo(row.upperBound()))
                .setState(
                        switch (row.state()) {
                            case DETACHING -> RetiredState.RETIRED_STATE_DETACHING;
                            case HELD -> RetiredState.RETIRED_STATE_HELD;
                            case DROPPED -> RetiredState.RETIRED_STATE_DROPPED;
                            case ATTACHED -> RetiredState.RETIRED_STATE_ATTACHED;
                        })
                .setDetachTime(Times.write(row.detached()))
                .setBytes(row.bytes())
                .setRows(row.rowEstimate())
                .setRunId(row.runId().toString());
        row.due().map(Times::write).ifPresent(message::setHeldUntil);
        Optional.ofNullable(row.ended()).map(Times::write).ifPresent(message::setEndTime);
        row.archive().map(UUID::toString).ifPresent(message::setArchiveId);
        return message.build();
    }
}
