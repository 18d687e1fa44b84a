package dev.caretaker.server.api.mapping;

import dev.caretaker.server.report.growth.CatchUp;
import dev.caretaker.server.report.growth.Forecast;
import dev.caretaker.server.report.growth.Growth;
import dev.caretaker.server.report.growth.Growth.DatabaseGrowth;
import dev.caretaker.server.report.growth.Growth.DiskGrowth;
import dev.caretaker.server.report.growth.Growth.PolicyGrowth;
import dev.caretaker.server.report.growth.Growth.TableGrowth;
import dev.caretaker.server.report.growth.GrowthSample.OtherTables;
import dev.caretaker.server.report.growth.GrowthSample.TableSize;
import dev.caretaker.server.report.growth.GrowthSample.ValueCount;
import dev.caretaker.server.report.growth.GrowthSample.ValueRows;
import dev.caretaker.server.report.growth.Series;
import dev.caretaker.server.report.growth.Trend;
import dev.caretaker.v1.CatchUpVerdict;
import dev.caretaker.v1.GrowthForecast;
import dev.caretaker.v1.GrowthForecastState;
import dev.caretaker.v1.GrowthPoint;
import dev.caretaker.v1.GrowthSeries;
import dev.caretaker.v1.GrowthTrend;
import dev.caretaker.v1.RowsByValue;

/** Writes how targets grow as messages. */
public final class GrowthWriter {
    private GrowthWriter() {}

    public static dev.caretaker.v1.Growth write(Growth growth) {
        var message = dev.caretaker.v1.Growth.newBuilder()
                .setTarget(growth.target())
                .setSince(Times.write(growth.since()))
                .setSamples(growth.samples());
        growth.latest().map(Times::write).ifPresent(message::setSampleTime);
        growth.failing()
                .ifPresent(failing ->
                        message.setFailingSince(Times.write(failing.since())).setFailure(failing.error()));
        growth.database().map(GrowthWriter::write).ifPresent(message::setDatabase);
        growth.tables().stream().map(GrowthWriter::write).forEach(message::addTables);
        growth.others().map(GrowthWriter::write).ifPresent(message::setOthers);
        growth.policies().stream().map(GrowthWriter::write).forEach(message::addPolicies);
        return message.build();
    }

    private static dev.caretaker.v1.DatabaseGrowth write(DatabaseGrowth database) {
        var message = dev.caretaker.v1.DatabaseGrowth.newBuilder()
                .setBytes(database.bytes())
                .setSeries(write(database.series()));
        database.disk().map(GrowthWriter::write).ifPresent(message::setDisk);
        return message.build();
    }

    private static dev.caretaker.v1.DiskGrowth write(DiskGrowth disk) {
        return dev.caretaker.v1.DiskGrowth.newBuilder()
                .setDiskBytes(disk.diskBytes())
                .setServerBytes(disk.serverBytes())
                .setUnseenDatabases(disk.unseenDatabases())
                .setSeries(write(disk.series()))
                .setFull(write(disk.full()))
                .build();
    }

    private static dev.caretaker.v1.TableGrowth write(TableGrowth table) {
        TableSize size = table.size();
        var message = dev.caretaker.v1.TableGrowth.newBuilder()
                .setTable(Names.write(table.table()))
                .setSampleTime(Times.write(table.taken()))
                .setHeapBytes(size.heapBytes())
                .setIndexBytes(size.indexBytes())
                .setToastBytes(size.toastBytes())
                .setBytes(size.bytes())
                .setEstimated(size.estimated())
                .setRows(size.rows())
                .setDeadRows(size.deadRows())
                .setSeries(write(table.series()))
                .setRowSeries(write(table.rows()))
                .setLimitBytes(table.limitBytes().orElse(0));
        table.limit().map(GrowthWriter::write).ifPresent(message::setLimit);
        return message.build();
    }

    private static dev.caretaker.v1.OtherTables write(OtherTables others) {
        return dev.caretaker.v1.OtherTables.newBuilder()
                .setTables(others.tables())
                .setBytes(others.bytes())
                .setRows(others.rows())
                .setDeadRows(others.deadRows())
                .build();
    }

    private static dev.caretaker.v1.PolicyGrowth write(PolicyGrowth policy) {
        CatchUp catchUp = policy.catchUp();
        var message = dev.caretaker.v1.PolicyGrowth.newBuilder()
                .setPolicy(policy.policy())
                .setTable(Names.write(policy.table()))
                .setVerdict(
                        switch (catchUp.verdict()) {
                            case KEEPS_UP -> CatchUpVerdict.CATCH_UP_VERDICT_KEEPS_UP;
                            case CATCHES_UP -> CatchUpVerdict.CATCH_UP_VERDICT_CATCHES_UP;
                            case NEVER -> CatchUpVerdict.CATCH_UP_VERDICT_NEVER;
                            case UNCLEAR -> CatchUpVerdict.CATCH_UP_VERDICT_UNCLEAR;
                            case UNKNOWN -> CatchUpVerdict.CATCH_UP_VERDICT_UNKNOWN;
                        })
                .setReason(catchUp.reason())
                .setEligibleExact(catchUp.exact())
                .setSeries(write(catchUp.series()))
                .setProblem(policy.problem());
        catchUp.eligible().ifPresent(message::setEligibleRows);
        catchUp.inflowPerDay().ifPresent(message::setInflowPerDay);
        catchUp.outflowPerDay().ifPresent(message::setOutflowPerDay);
        catchUp.lastRun().map(Times::write).ifPresent(message::setLastRunTime);
        catchUp.done().map(GrowthWriter::write).ifPresent(message::setDone);
        policy.values().map(GrowthWriter::write).ifPresent(message::setValues);
        return message.build();
    }

    private static RowsByValue write(ValueRows values) {
        return RowsByValue.newBuilder()
                .setColumn(values.column())
                .setExact(values.exact())
                .addAllCounts(values.counts().stream().map(GrowthWriter::write).toList())
                .setOtherRows(values.otherRows())
                .build();
    }

    private static dev.caretaker.v1.ValueRows write(ValueCount count) {
        return dev.caretaker.v1.ValueRows.newBuilder()
                .setValue(count.value().orElse(""))
                .setNullValue(count.value().isEmpty())
                .setRows(count.rows())
                .build();
    }

    private static GrowthSeries write(Series series) {
        GrowthSeries.Builder message = GrowthSeries.newBuilder().setNote(series.note());
        series.points()
                .forEach(point -> message.addPoints(GrowthPoint.newBuilder()
                        .setTime(Times.write(point.at()))
                        .setValue((long) point.value())));
        series.trend().map(GrowthWriter::write).ifPresent(message::setTrend);
        return message.build();
    }

    private static GrowthTrend write(Trend trend) {
        return GrowthTrend.newBuilder()
                .setPerDay(trend.perDay())
                .setLowPerDay(trend.lowPerDay())
                .setHighPerDay(trend.highPerDay())
                .setSamples(trend.samples())
                .setFrom(Times.write(trend.from()))
                .setTo(Times.write(trend.to()))
                .build();
    }

    private static GrowthForecast write(Forecast forecast) {
        GrowthForecast.Builder message = GrowthForecast.newBuilder()
                .setState(
                        switch (forecast.state()) {
                            case REACHED -> GrowthForecastState.GROWTH_FORECAST_STATE_REACHED;
                            case EXPECTED -> GrowthForecastState.GROWTH_FORECAST_STATE_EXPECTED;
                            case BEYOND -> GrowthForecastState.GROWTH_FORECAST_STATE_BEYOND;
                            case NOT_GROWING -> GrowthForecastState.GROWTH_FORECAST_STATE_NOT_GROWING;
                            case UNCLEAR -> GrowthForecastState.GROWTH_FORECAST_STATE_UNCLEAR;
                            case UNKNOWN -> GrowthForecastState.GROWTH_FORECAST_STATE_UNKNOWN;
                        });
        forecast.at().map(Times::write).ifPresent(message::setTime);
        forecast.earliest().map(Times::write).ifPresent(message::setEarliest);
        forecast.latest().map(Times::write).ifPresent(message::setLatest);
        forecast.beyond().map(Times::write).ifPresent(message::setBeyond);
        return message.build();
    }
}
