package dev.caretaker.server.console.show;

import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.Value;
import java.util.List;
import java.util.stream.Collectors;

/** Filters as conditions that people read; they are never run. */
public final class FilterWords {
    private FilterWords() {}

    public static String of(Filter filter) {
        return switch (filter.getNodeCase()) {
            case AND -> join(filter.getAnd(), " and ");
            case OR -> join(filter.getOr(), " or ");
            case NOT -> "not (" + of(filter.getNot()) + ")";
            case COMPARISON -> comparison(filter.getComparison());
            case IN ->
                filter.getIn().getColumn() + " in (" + values(filter.getIn().getValuesList()) + ")";
            case IS_NULL -> filter.getIsNull().getColumn() + " is null";
            case NODE_NOT_SET -> "";
        };
    }

    private static String join(FilterList list, String word) {
        return list.getFiltersList().stream()
                .map(one -> one.hasAnd() || one.hasOr() ? "(" + of(one) + ")" : of(one))
                .collect(Collectors.joining(word));
    }

    private static String comparison(Comparison comparison) {
        return comparison.getColumn() + " " + sign(comparison.getOperator()) + " " + value(comparison.getValue());
    }

    public static String sign(ComparisonOperator operator) {
        return switch (operator) {
            case COMPARISON_OPERATOR_EQUAL -> "=";
            case COMPARISON_OPERATOR_NOT_EQUAL -> "<>";
            case COMPARISON_OPERATOR_LESS -> "<";
            case COMPARISON_OPERATOR_LESS_OR_EQUAL -> "<=";
            case COMPARISON_OPERATOR_GREATER -> ">";
            case COMPARISON_OPERATOR_GREATER_OR_EQUAL -> ">=";
            case COMPARISON_OPERATOR_UNSPECIFIED, UNRECOGNIZED -> "?";
        };
    }

    public static String values(List<Value> values) {
        return values.stream().map(FilterWords::value).collect(Collectors.joining(", "));
    }

    public static String value(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> "'" + value.getStringValue() + "'";
            case INT64_VALUE -> Long.toString(value.getInt64Value());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case TIMESTAMP_VALUE -> Moments.iso(value.getTimestampValue());
            case KIND_NOT_SET -> "";
        };
    }
}
