package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.FilterWords;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.NullTest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One condition of a filter, as a form has it; all conditions of a form have to be true.
 *
 * @param operator {@code =}, {@code <>}, {@code <}, {@code <=}, {@code >}, {@code >=}, {@code in} or {@code is null}
 * @param value as one writes it: numbers, true and false, and texts, in single quotes where they look like the others; several,
 *     with commas between them, for {@code in}
 */
public record Condition(String column, String operator, String value) {
    private static final Map<String, ComparisonOperator> COMPARISONS = Map.of(
            "=", ComparisonOperator.COMPARISON_OPERATOR_EQUAL,
            "<>", ComparisonOperator.COMPARISON_OPERATOR_NOT_EQUAL,
            "<", ComparisonOperator.COMPARISON_OPERATOR_LESS,
            "<=", ComparisonOperator.COMPARISON_OPERATOR_LESS_OR_EQUAL,
            ">", ComparisonOperator.COMPARISON_OPERATOR_GREATER,
            ">=", ComparisonOperator.COMPARISON_OPERATOR_GREATER_OR_EQUAL);
    private static final String IS_NULL = "is null";
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");
    /** As Java writes them, too: 1.0E10. */
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+\\.[0-9]+(E-?[0-9]{1,3})?");

    /** Those of a filter; empty if a form cannot have it. */
    static Optional<List<Condition>> of(Policy policy) {
        if (!policy.hasFilter()) {
            return Optional.of(List.of());
        }
        Filter filter = policy.getFilter();
        List<Filter> parts = filter.hasAnd() ? filter.getAnd().getFiltersList() : List.of(filter);
        List<Condition> conditions = new ArrayList<>();
        for (Filter part : parts) {
            Optional<Condition> one = one(part);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            conditions.add(one.get());
        }
        return Optional.of(conditions);
    }

    private static Optional<Condition> one(Filter filter) {
        return switch (filter.getNodeCase()) {
            case COMPARISON ->
                filter.getComparison().getValue().hasTimestampValue()
                        ? Optional.empty()
                        : Optional.of(new Condition(
                                filter.getComparison().getColumn(),
                                FilterWords.sign(filter.getComparison().getOperator()),
                                FilterWords.value(filter.getComparison().getValue())));
            case IN ->
                filter.getIn().getValuesList().stream().anyMatch(Condition::isDifficult)
                        ? Optional.empty()
                        : Optional.of(new Condition(
                                filter.getIn().getColumn(),
                                "in",
                                FilterWords.values(filter.getIn().getValuesList())));
            case IS_NULL -> Optional.of(new Condition(filter.getIsNull().getColumn(), IS_NULL, ""));
            case AND, OR, NOT, NODE_NOT_SET -> Optional.empty();
        };
    }

    private static boolean isDifficult(Value value) {
        return value.hasTimestampValue()
                || value.hasStringValue() && value.getStringValue().contains(",");
    }

    /**
     * The conditions of a form as they are written. Rows in which nothing is written count for nothing.
     *
     * @throws BadRequest if columns, comparisons and values are not as many
     */
    static List<Condition> written(Request request) {
        List<String> columns = request.fields("condition-column");
        List<String> operators = request.fields("condition-operator");
        List<String> values = request.fields("condition-value");
        if (columns.size() != operators.size() || columns.size() != values.size()) {
            throw new BadRequest("The form is incomplete. Load the page again.");
        }
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Condition one = new Condition(
                    columns.get(i), operators.get(i), values.get(i).strip());
            if (one.hasColumn() || !one.value().isEmpty() || one.isNull()) {
                conditions.add(one);
            }
        }
        return conditions;
    }

    /**
     * The same if all of them can be meant: one that lost its column would remove more rows if it were left out.
     *
     * @throws BadRequest if one has no column
     */
    static List<Condition> read(Request request) {
        List<Condition> conditions = written(request);
        conditions.stream().filter(one -> !one.hasColumn()).findFirst().ifPresent(one -> {
            throw new BadRequest("The condition \"" + (one.operator() + " " + one.value()).strip()
                    + "\" has no column. Who means to leave it out empties its value, too, and compares by =.");
        });
        return conditions;
    }

    private boolean hasColumn() {
        return !column.isBlank();
    }

    private boolean isNull() {
        return operator.equals(IS_NULL);
    }

    /** All of them; empty if there are none. */
    static Optional<Filter> filter(List<Condition> conditions) {
        List<Filter> filters = conditions.stream().map(Condition::filter).toList();
        return switch (filters.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(filters.getFirst());
            default ->
                Optional.of(Filter.newBuilder()
                        .setAnd(FilterList.newBuilder().addAllFilters(filters))
                        .build());
        };
    }

    private Filter filter() {
        Filter.Builder filter = Filter.newBuilder();
        if (isNull()) {
            return filter.setIsNull(NullTest.newBuilder().setColumn(column)).build();
        }
        if (operator.equals("in")) {
            return filter.setIn(InList.newBuilder()
                            .setColumn(column)
                            .addAllValues(Stream.of(value.split(","))
                                    .map(String::strip)
                                    .map(Condition::value)
                                    .toList()))
                    .build();
        }
        return filter.setComparison(Comparison.newBuilder()
                        .setColumn(column)
                        .setOperator(
                                COMPARISONS.getOrDefault(operator, ComparisonOperator.COMPARISON_OPERATOR_UNSPECIFIED))
                        .setValue(value(value)))
                .build();
    }

    private static Value value(String text) {
        Value.Builder value = Value.newBuilder();
        if (text.length() > 1 && text.startsWith("'") && text.endsWith("'")) {
            return value.setStringValue(text.substring(1, text.length() - 1)).build();
        }
        if (WHOLE.matcher(text).matches() && isLong(text)) {
            return value.setInt64Value(Long.parseLong(text)).build();
        }
        if (DECIMAL.matcher(text).matches()) {
            return value.setDoubleValue(Double.parseDouble(text)).build();
        }
        return text.equals("true") || text.equals("false")
                ? value.setBoolValue(Boolean.parseBoolean(text)).build()
                : value.setStringValue(text).build();
    }

    private static boolean isLong(String digits) {
        return new BigInteger(digits).bitLength() < Long.SIZE;
    }
}
