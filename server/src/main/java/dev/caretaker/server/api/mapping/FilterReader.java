package dev.caretaker.server.api.mapping;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.Filter.Operator;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reads filters and their constants. Every method returns null or something incomplete once violations were found. */
final class FilterReader {
    private static final int MOST_LEVELS = 16;
    private static final int MOST_OPERANDS = 100;
    private static final int MOST_VALUES = 1_000;
    private static final int MOST_CHARACTERS = 10_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private FilterReader() {}

    static Filter read(Violations violations, String path, dev.caretaker.v1.Filter message) {
        return read(violations, path, message, 1);
    }

    private static Filter read(Violations violations, String path, dev.caretaker.v1.Filter message, int level) {
        if (level > MOST_LEVELS) {
            violations.add(path, "is nested deeper than 16 levels");
            return null;
        }
        return switch (message.getNodeCase()) {
            case AND -> new Filter.And(operands(violations, path + ".and", message.getAnd(), level));
            case OR -> new Filter.Or(operands(violations, path + ".or", message.getOr(), level));
            case NOT -> new Filter.Not(read(violations, path + ".not", message.getNot(), level + 1));
            case COMPARISON -> comparison(violations, path + ".comparison", message.getComparison());
            case IN -> in(violations, path + ".in", message.getIn());
            case IS_NULL ->
                new Filter.IsNull(violations.identifier(
                        path + ".is_null.column", message.getIsNull().getColumn()));
            case NODE_NOT_SET -> {
                violations.add(path, "must be one of and, or, not, comparison, in, is_null");
                yield null;
            }
        };
    }

    private static List<Filter> operands(Violations violations, String path, FilterList list, int level) {
        int count = list.getFiltersCount();
        violations.require(count >= 1 && count <= MOST_OPERANDS, path + ".filters", "must hold 1 to 100 filters");
        List<Filter> operands = new ArrayList<>();
        IntStream.range(0, Math.min(count, MOST_OPERANDS))
                .forEach(i ->
                        operands.add(read(violations, path + ".filters[" + i + "]", list.getFilters(i), level + 1)));
        return operands;
    }

    private static Filter comparison(Violations violations, String path, Comparison message) {
        violations.identifier(path + ".column", message.getColumn());
        Operator operator = operator(message.getOperator());
        violations.require(operator != null, path + ".operator", "is required");
        return new Filter.Compare(
                message.getColumn(), operator, constant(violations, path + ".value", message.getValue()));
    }

    private static Operator operator(ComparisonOperator message) {
        return switch (message) {
            case COMPARISON_OPERATOR_EQUAL -> Operator.EQUAL;
            case COMPARISON_OPERATOR_NOT_EQUAL -> Operator.NOT_EQUAL;
            case COMPARISON_OPERATOR_LESS -> Operator.LESS;
            case COMPARISON_OPERATOR_LESS_OR_EQUAL -> Operator.LESS_OR_EQUAL;
            case COMPARISON_OPERATOR_GREATER -> Operator.GREATER;
            case COMPARISON_OPERATOR_GREATER_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
            case COMPARISON_OPERATOR_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    }

    private static Filter in(Violations violations, String path, InList message) {
        violations.identifier(path + ".column", message.getColumn());
        int count = message.getValuesCount();
        violations.require(count >= 1 && count <= MOST_VALUES, path + ".values", "must hold 1 to 1,000 values");
        List<Constant> values = new ArrayList<>();
        IntStream.range(0, Math.min(count, MOST_VALUES))
                .forEach(i -> values.add(constant(violations, path + ".values[" + i + "]", message.getValues(i))));
        return new Filter.In(message.getColumn(), values);
    }

    private static Constant constant(Violations violations, String path, Value message) {
        return switch (message.getKindCase()) {
            case STRING_VALUE -> string(violations, path + ".string_value", message.getStringValue());
            case INT64_VALUE -> new Constant(Constant.Kind.INT64, Long.toString(message.getInt64Value()));
            case DOUBLE_VALUE -> {
                violations.require(
                        Double.isFinite(message.getDoubleValue()), path + ".double_value", "must be a finite number");
                yield new Constant(Constant.Kind.DOUBLE, Double.toString(message.getDoubleValue()));
            }
            case BOOL_VALUE -> new Constant(Constant.Kind.BOOL, Boolean.toString(message.getBoolValue()));
            case TIMESTAMP_VALUE -> timestamp(violations, path + ".timestamp_value", message);
            case KIND_NOT_SET -> {
                violations.add(path, "is required");
                yield null;
            }
        };
    }

    private static Constant string(Violations violations, String path, String text) {
        violations.require(text.indexOf('\0') < 0, path, "must not contain the character NUL");
        violations.require(text.length() <= MOST_CHARACTERS, path, "is longer than 10,000 characters");
        return new Constant(Constant.Kind.STRING, text);
    }

    private static Constant timestamp(Violations violations, String path, Value message) {
        Instant instant = Times.read(violations, path, message.getTimestampValue());
        if (instant == null) {
            return null;
        }
        // Postgres would round to microseconds, and the comparison would be another one.
        violations.require(instant.getNano() % NANOS_PER_MICRO == 0, path, "must not be finer than a microsecond");
        return new Constant(Constant.Kind.TIMESTAMP, instant.toString());
    }
}
