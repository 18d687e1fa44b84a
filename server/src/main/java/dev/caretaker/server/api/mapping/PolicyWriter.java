package dev.caretaker.server.api.mapping;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.PolicySuggestion;
import dev.caretaker.server.cleanup.policy.Retention;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.NullTest;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.StateColumn;
import dev.caretaker.v1.SuggestPolicyResponse;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.Value;
import java.time.Instant;
import java.util.List;

/** Writes a policy as its message: what {@link PolicyReader} reads, without etag and other stored facts. */
public final class PolicyWriter {
    private PolicyWriter() {}

    public static dev.caretaker.v1.Policy.Builder write(Policy policy) {
        var message = dev.caretaker.v1.Policy.newBuilder()
                .setName(policy.name())
                .setTarget(policy.target())
                .setTable(Names.write(policy.table()))
                .setTimeColumn(write(policy.timeColumn()))
                .setRetention(write(policy.retention()))
                .setAction(PolicyAction.POLICY_ACTION_DELETE)
                .setAllowCascade(policy.cascades().all())
                .addAllCascadeTo(
                        policy.cascades().tables().stream().map(Names::write).toList())
                .setSkipPinned(policy.skipPinned())
                .setFollowUp(
                        switch (policy.followUp()) {
                            case AUTO -> FollowUp.FOLLOW_UP_AUTO;
                            case NEVER -> FollowUp.FOLLOW_UP_NEVER;
                            case ALWAYS -> FollowUp.FOLLOW_UP_ALWAYS;
                        })
                .setDescription(policy.description())
                .setCountBy(policy.countBy().orElse(""));
        policy.keeping().ifPresent(keeping -> KeepingWriter.write(keeping, message));
        policy.filter().map(PolicyWriter::write).ifPresent(message::setFilter);
        if (!policy.limits().equals(Limits.NONE)) {
            message.setLimits(write(policy.limits()));
        }
        return message;
    }

    public static SuggestPolicyResponse write(PolicySuggestion suggestion) {
        var message = SuggestPolicyResponse.newBuilder()
                .setPolicy(write(suggestion.policy()))
                .addAllNotes(suggestion.notes())
                .addAllCascades(suggestion.cascades().stream().map(Names::write).toList());
        suggestion
                .state()
                .ifPresent(state -> message.setState(StateColumn.newBuilder()
                        .setName(state.name())
                        .addAllValues(
                                state.values().stream().map(PolicyWriter::write).toList())));
        return message.build();
    }

    private static dev.caretaker.v1.TimeColumn write(TimeColumn column) {
        return dev.caretaker.v1.TimeColumn.newBuilder()
                .setName(column.name())
                .setKind(
                        switch (column.kind()) {
                            case TIMESTAMPTZ -> TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ;
                            case TIMESTAMP -> TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMP;
                            case DATE -> TimeColumnKind.TIME_COLUMN_KIND_DATE;
                            case EPOCH_SECONDS -> TimeColumnKind.TIME_COLUMN_KIND_EPOCH_SECONDS;
                            case EPOCH_MILLIS -> TimeColumnKind.TIME_COLUMN_KIND_EPOCH_MILLIS;
                            case EPOCH_MICROS -> TimeColumnKind.TIME_COLUMN_KIND_EPOCH_MICROS;
                            case UUID_V7 -> TimeColumnKind.TIME_COLUMN_KIND_UUID_V7;
                        })
                .setZone(column.zone().map(Times::write).orElse(""))
                .build();
    }

    private static dev.caretaker.v1.Retention write(Retention retention) {
        var message = dev.caretaker.v1.Retention.newBuilder();
        return switch (retention) {
            case Retention.Fixed fixed ->
                message.setDuration(Times.write(fixed.duration())).build();
            case Retention.Calendar calendar ->
                message.setCalendar(CalendarPeriod.newBuilder()
                                .setYears(calendar.period().getYears())
                                .setMonths(calendar.period().getMonths())
                                .setDays(calendar.period().getDays())
                                .setZone(Times.write(calendar.zone())))
                        .build();
        };
    }

    private static dev.caretaker.v1.Filter write(Filter filter) {
        var message = dev.caretaker.v1.Filter.newBuilder();
        switch (filter) {
            case Filter.And and -> message.setAnd(write(and.filters()));
            case Filter.Or or -> message.setOr(write(or.filters()));
            case Filter.Not not -> message.setNot(write(not.filter()));
            case Filter.Compare compare ->
                message.setComparison(Comparison.newBuilder()
                        .setColumn(compare.column())
                        .setOperator(write(compare.operator()))
                        .setValue(write(compare.value())));
            case Filter.In in ->
                message.setIn(InList.newBuilder()
                        .setColumn(in.column())
                        .addAllValues(
                                in.values().stream().map(PolicyWriter::write).toList()));
            case Filter.IsNull isNull -> message.setIsNull(NullTest.newBuilder().setColumn(isNull.column()));
        }
        return message.build();
    }

    private static FilterList write(List<Filter> filters) {
        return FilterList.newBuilder()
                .addAllFilters(filters.stream().map(PolicyWriter::write).toList())
                .build();
    }

    private static ComparisonOperator write(Filter.Operator operator) {
        return switch (operator) {
            case EQUAL -> ComparisonOperator.COMPARISON_OPERATOR_EQUAL;
            case NOT_EQUAL -> ComparisonOperator.COMPARISON_OPERATOR_NOT_EQUAL;
            case LESS -> ComparisonOperator.COMPARISON_OPERATOR_LESS;
            case LESS_OR_EQUAL -> ComparisonOperator.COMPARISON_OPERATOR_LESS_OR_EQUAL;
            case GREATER -> ComparisonOperator.COMPARISON_OPERATOR_GREATER;
            case GREATER_OR_EQUAL -> ComparisonOperator.COMPARISON_OPERATOR_GREATER_OR_EQUAL;
        };
    }

    private static Value write(Constant constant) {
        var message = Value.newBuilder();
        return switch (constant.kind()) {
            case STRING -> message.setStringValue(constant.text()).build();
            case INT64 -> message.setInt64Value(Long.parseLong(constant.text())).build();
            case DOUBLE ->
                message.setDoubleValue(Double.parseDouble(constant.text())).build();
            case BOOL ->
                message.setBoolValue(Boolean.parseBoolean(constant.text())).build();
            case TIMESTAMP ->
                message.setTimestampValue(Times.write(Instant.parse(constant.text())))
                        .build();
        };
    }

    private static PolicyLimits write(Limits limits) {
        var message = PolicyLimits.newBuilder().setMaxRows(limits.maxRows()).setMaxFraction(limits.maxFraction());
        limits.deadline().map(Times::write).ifPresent(message::setDeadline);
        limits.window().map(PolicyWriter::write).ifPresent(message::setWindow);
        limits.backup().map(BackupDemands::write).ifPresent(message::setRequireBackup);
        return message.build();
    }

    static dev.caretaker.v1.RunWindow write(RunWindow window) {
        return dev.caretaker.v1.RunWindow.newBuilder()
                .setStart(window.start().toString())
                .setEnd(window.end().toString())
                .setZone(Times.write(window.zone()))
                .build();
    }
}
