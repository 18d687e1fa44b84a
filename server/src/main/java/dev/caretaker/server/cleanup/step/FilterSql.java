package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.step.Eligibility.Values;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Operators;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The SQL of filters over a row {@code t}: names quoted, values as parameters.
 *
 * @param columnTypes type of every column that is compared, good for a cast wherever names are found
 * @param byFunction columns of these that functions compare: an enum's, between whose values an operator would be ambiguous
 * @param byText columns whose texts are compared
 */
record FilterSql(Map<String, String> columnTypes, List<String> byFunction, Set<String> byText) {

    SqlFragment of(Filter node, Values values) {
        return switch (node) {
            case Filter.And and -> join(and.filters(), " AND ", values);
            case Filter.Or or -> join(or.filters(), " OR ", values);
            case Filter.Not not ->
                SqlFragment.of("(NOT ").then("", of(not.filter(), values)).then("", SqlFragment.of(")"));
            case Filter.Compare compare ->
                new SqlFragment(
                        comparison(compare.column(), compare.operator(), compared(compare, values)),
                        List.of(compare.value().text()));
            case Filter.In in
            when byFunction.contains(in.column()) ->
                new SqlFragment(
                        in.values().stream()
                                .map(value -> comparison(in.column(), Filter.Operator.EQUAL, cast(in.column())))
                                .collect(Collectors.joining(" OR ", "(", ")")),
                        in.values().stream().map(Constant::text).toList());
            case Filter.In in ->
                new SqlFragment(
                        in.values().stream()
                                .map(value -> cast(in.column()))
                                .collect(Collectors.joining(
                                        ", ", operand(in.column()) + " OPERATOR(pg_catalog.=) ANY (ARRAY[", "])")),
                        in.values().stream().map(Constant::text).toList());
            case Filter.IsNull isNull -> SqlFragment.of(column(isNull.column()) + " IS NULL");
        };
    }

    private String comparison(String column, Filter.Operator operator, String value) {
        if (!byFunction.contains(column)) {
            return operand(column) + " " + Operators.catalog(operator.sql()) + " " + value;
        }
        String name = switch (operator) {
            case EQUAL -> "eq";
            case NOT_EQUAL -> "ne";
            case LESS -> "lt";
            case LESS_OR_EQUAL -> "le";
            case GREATER -> "gt";
            case GREATER_OR_EQUAL -> "ge";
        };
        return "pg_catalog.enum_" + name + "(" + operand(column) + ", " + value + ")";
    }

    /** Equality is estimated from statistics alone, and may show what leads along an index. */
    private String compared(Filter.Compare compare, Values values) {
        Values given = switch (compare.operator()) {
            case EQUAL, NOT_EQUAL -> Values.SHOWN;
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> values;
        };
        return given.of(columnTypes.get(compare.column()));
    }

    private SqlFragment join(List<Filter> filters, String separator, Values values) {
        SqlFragment joined = filters.stream()
                .map(filter -> of(filter, values))
                .reduce((left, right) -> left.then(separator, right))
                .orElseThrow();
        return new SqlFragment("(" + joined.text() + ")", joined.parameters());
    }

    /** A column that the filter names equals a parameter. */
    String equality(String column) {
        return comparison(column, Filter.Operator.EQUAL, cast(column));
    }

    /** A domain over an enum compares with nothing unless it is cast to the enum; the cast costs no index. */
    private String operand(String column) {
        String type = columnTypes.get(column);
        if (byText.contains(column)) {
            return "CAST(" + column(column) + " AS pg_catalog.text)";
        }
        return type.startsWith("pg_catalog.") ? column(column) : "CAST(" + column(column) + " AS " + type + ")";
    }

    private String cast(String column) {
        return Values.SHOWN.of(columnTypes.get(column));
    }

    private static String column(String name) {
        return "t." + Identifiers.quote(name);
    }
}
