package dev.caretaker.cli.policies.file;

import com.google.protobuf.util.Timestamps;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.Value;
import java.util.stream.Collectors;

/** A filter on one line, for tables; close to SQL but not SQL. */
public final class FilterText {
    private FilterText() {}

    public static String describe(Filter filter) {
        return switch (filter.getNodeCase()) {
            case AND -> join(filter.getAnd(), " and ");
            case OR -> join(filter.getOr(), " or ");
            case NOT ->
                filter.getNot().hasIsNull()
                        ? filter.getNot().getIsNull().getColumn() + " is not null"
                        : "not (" + describe(filter.getNot()) + ")";
            case COMPARISON ->
                filter.getComparison().getColumn() + " "
                        + FilterWriter.operator(filter.getComparison().getOperator()) + " "
                        + describe(filter.getComparison().getValue());
            case IN ->
                filter.getIn().getColumn() + " in "
                        + filter.getIn().getValuesList().stream()
                                .map(FilterText::describe)
                                .collect(Collectors.joining(", ", "(", ")"));
            case IS_NULL -> filter.getIsNull().getColumn() + " is null";
            case NODE_NOT_SET -> "";
        };
    }

    private static String join(FilterList filters, String word) {
        return filters.getFiltersList().stream()
                .map(filter -> filter.hasAnd() || filter.hasOr() ? "(" + describe(filter) + ")" : describe(filter))
                .collect(Collectors.joining(word));
    }

    private static String describe(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> "'" + value.getStringValue() + "'";
            case INT64_VALUE -> Long.toString(value.getInt64Value());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case TIMESTAMP_VALUE -> Timestamps.toString(value.getTimestampValue());
            case KIND_NOT_SET -> "?";
        };
    }
}
