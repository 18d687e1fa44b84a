package dev.caretaker.cli.policies.file;

import com.google.protobuf.util.Timestamps;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.file.Documents;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.file.Item;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.NullTest;
import dev.caretaker.v1.Value;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code where}. Short form: a map of columns to what they must equal, where a list means IN and null means IS
 * NULL. Full form: {@code and}, {@code or}, {@code not}, and {@code {column, op, value}}, {@code {column, in}},
 * {@code {column, is: null}}.
 */
public final class FilterReader {
    /** Keys of the full form; a column with such a name needs it too. */
    static final Set<String> RESERVED = Set.of("and", "or", "not", "column");

    /** Far beyond what a server takes; keeps a file that refers to itself from being read for ever. */
    private static final int DEEPEST = 64;

    private FilterReader() {}

    /**
     * A filter that somebody typed.
     *
     * @param option what it was given as, for messages
     */
    public static Filter parse(String option, String text) {
        List<Item> items = Documents.items(new InputFile(option, text));
        if (items.size() != 1) {
            throw CommandFailure.usage(option + ": one filter is needed, such as '{status: done}'");
        }
        return read(items.get(0));
    }

    static Filter read(Item item) {
        return read(item, DEEPEST);
    }

    private static Filter read(Item item, int depth) {
        if (depth == 0) {
            throw item.wrong("nested too deeply");
        }
        Map<String, Item> fields = item.fields();
        if (fields.isEmpty()) {
            throw item.wrong("says nothing; leave it out to mean all rows");
        }
        if (fields.containsKey("column")) {
            return readColumn(item);
        }
        if (fields.size() == 1) {
            Map.Entry<String, Item> only = fields.entrySet().iterator().next();
            return switch (only.getKey()) {
                case "and" ->
                    Filter.newBuilder().setAnd(list(only.getValue(), depth)).build();
                case "or" ->
                    Filter.newBuilder().setOr(list(only.getValue(), depth)).build();
                case "not" ->
                    Filter.newBuilder().setNot(read(only.getValue(), depth - 1)).build();
                default -> readShort(only.getKey(), only.getValue());
            };
        }
        FilterList.Builder all = FilterList.newBuilder();
        fields.forEach((column, value) -> {
            if (RESERVED.contains(column)) {
                throw value.wrong("'" + column + "' must stand alone; a column of that name is written {column: "
                        + column + ", value: …}");
            }
            all.addFilters(readShort(column, value));
        });
        return Filter.newBuilder().setAnd(all).build();
    }

    private static FilterList list(Item item, int depth) {
        FilterList.Builder list = FilterList.newBuilder();
        item.list().forEach(element -> list.addFilters(read(element, depth - 1)));
        return list.build();
    }

    private static Filter readShort(String column, Item value) {
        if (value.isNull()) {
            return isNull(column);
        }
        return value.isList()
                ? in(column, value)
                : comparison(column, ComparisonOperator.COMPARISON_OPERATOR_EQUAL, value);
    }

    private static Filter readColumn(Item item) {
        Map<String, Item> fields = item.fields("column", "op", "value", "in", "is");
        String column = fields.get("column").text();
        boolean compares = fields.containsKey("value");
        if ((compares ? 1 : 0) + (fields.containsKey("in") ? 1 : 0) + (fields.containsKey("is") ? 1 : 0) != 1) {
            throw item.wrong("needs exactly one of value, in, is");
        }
        if (!compares && fields.containsKey("op")) {
            throw fields.get("op").wrong("goes with value only");
        }
        if (fields.containsKey("in")) {
            return in(column, fields.get("in"));
        }
        if (compares) {
            Item op = fields.get("op");
            return comparison(
                    column,
                    op == null ? ComparisonOperator.COMPARISON_OPERATOR_EQUAL : operator(op),
                    fields.get("value"));
        }
        Item is = fields.get("is");
        if (is.isNull() || is.text().equalsIgnoreCase("null")) {
            return isNull(column);
        }
        if (is.text().equalsIgnoreCase("not null")) {
            return Filter.newBuilder().setNot(isNull(column)).build();
        }
        throw is.wrong("must be null or 'not null'");
    }

    private static Filter isNull(String column) {
        return Filter.newBuilder()
                .setIsNull(NullTest.newBuilder().setColumn(column))
                .build();
    }

    private static Filter in(String column, Item values) {
        InList.Builder in = InList.newBuilder().setColumn(column);
        List<Item> items = values.list();
        items.forEach(item -> in.addValues(value(item)));
        return Filter.newBuilder().setIn(in).build();
    }

    private static Filter comparison(String column, ComparisonOperator operator, Item value) {
        return Filter.newBuilder()
                .setComparison(Comparison.newBuilder()
                        .setColumn(column)
                        .setOperator(operator)
                        .setValue(value(value)))
                .build();
    }

    private static ComparisonOperator operator(Item item) {
        return switch (item.text()) {
            case "=", "==" -> ComparisonOperator.COMPARISON_OPERATOR_EQUAL;
            case "<>", "!=" -> ComparisonOperator.COMPARISON_OPERATOR_NOT_EQUAL;
            case "<" -> ComparisonOperator.COMPARISON_OPERATOR_LESS;
            case "<=" -> ComparisonOperator.COMPARISON_OPERATOR_LESS_OR_EQUAL;
            case ">" -> ComparisonOperator.COMPARISON_OPERATOR_GREATER;
            case ">=" -> ComparisonOperator.COMPARISON_OPERATOR_GREATER_OR_EQUAL;
            default -> throw item.wrong("'" + item.text() + "' is none of =, <>, <, <=, >, >=");
        };
    }

    private static Value value(Item item) {
        Value.Builder value = Value.newBuilder();
        if (item.isMap()) {
            Item timestamp = item.fields("timestamp").get("timestamp");
            if (timestamp == null) {
                throw item.wrong("must be a value, or {timestamp: …}");
            }
            try {
                return value.setTimestampValue(Timestamps.parse(timestamp.text()))
                        .build();
            } catch (ParseException e) {
                throw timestamp.wrong("'" + timestamp.text() + "' is not a timestamp such as 2025-01-31T12:00:00Z");
            }
        }
        if (item.isNull()) {
            throw item.wrong("must not be null; to ask for NULL write {column: …, is: null}");
        }
        if (item.isInteger()) {
            value.setInt64Value(item.integer());
        } else if (item.isFraction()) {
            value.setDoubleValue(item.fraction());
        } else if (item.isBoolean()) {
            value.setBoolValue(item.bool());
        } else {
            value.setStringValue(item.text());
        }
        return value.build();
    }
}
