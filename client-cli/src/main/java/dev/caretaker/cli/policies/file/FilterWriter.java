package dev.caretaker.cli.policies.file;

import com.google.protobuf.util.Timestamps;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes {@code where}, in the short form where it says the same. */
final class FilterWriter {
    private FilterWriter() {}

    static Map<String, Object> write(Filter filter) {
        return switch (filter.getNodeCase()) {
            case AND -> writeAnd(filter.getAnd());
            case OR -> single("or", list(filter.getOr()));
            case NOT -> single("not", write(filter.getNot()));
            case COMPARISON -> writeComparison(filter.getComparison());
            case IN -> writeColumn(filter.getIn().getColumn(), "in", values(filter.getIn()));
            case IS_NULL -> writeColumn(filter.getIsNull().getColumn(), "is", null);
            case NODE_NOT_SET -> Map.of();
        };
    }

    private static Map<String, Object> writeAnd(FilterList and) {
        Map<String, Object> merged = new LinkedHashMap<>();
        for (Filter filter : and.getFiltersList()) {
            boolean leaf = filter.hasIn() || filter.hasIsNull() || filter.hasComparison();
            Map<String, Object> one = leaf ? write(filter) : Map.of();
            if (one.size() != 1 || merged.containsKey(one.keySet().iterator().next())) {
                return single("and", list(and));
            }
            merged.putAll(one);
        }
        return merged.size() < 2 ? single("and", list(and)) : merged;
    }

    private static List<Map<String, Object>> list(FilterList filters) {
        return filters.getFiltersList().stream().map(FilterWriter::write).toList();
    }

    private static Map<String, Object> writeComparison(Comparison comparison) {
        Object value = value(comparison.getValue());
        if (comparison.getOperator() == ComparisonOperator.COMPARISON_OPERATOR_EQUAL
                && !FilterReader.RESERVED.contains(comparison.getColumn())) {
            return single(comparison.getColumn(), value);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("column", comparison.getColumn());
        map.put("op", operator(comparison.getOperator()));
        map.put("value", value);
        return map;
    }

    /** Short if the column's name allows it, else {column: …, in: …} or {column: …, is: null}. */
    private static Map<String, Object> writeColumn(String column, String test, Object operand) {
        if (!FilterReader.RESERVED.contains(column)) {
            return single(column, operand);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("column", column);
        map.put(test, operand);
        return map;
    }

    private static Map<String, Object> single(String key, Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, value);
        return map;
    }

    private static List<Object> values(InList in) {
        return in.getValuesList().stream().map(FilterWriter::value).toList();
    }

    static String operator(ComparisonOperator operator) {
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

    private static Object value(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT64_VALUE -> value.getInt64Value();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case BOOL_VALUE -> value.getBoolValue();
            case TIMESTAMP_VALUE -> Map.of("timestamp", Timestamps.toString(value.getTimestampValue()));
            case KIND_NOT_SET -> throw new IllegalArgumentException("the server's policy compares with nothing");
        };
    }
}
