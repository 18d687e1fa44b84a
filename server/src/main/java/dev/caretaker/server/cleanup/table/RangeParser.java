package dev.caretaker.server.cleanup.table;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the first column's bounds out of what pg_get_expr(relpartbound) writes. */
final class RangeParser {
    private static final String VALUE = "('(?:[^']|'')*'|[^,)\\s]+)";
    private static final Pattern RANGE = Pattern.compile(
            "FOR VALUES FROM \\(" + VALUE + "(?:,.*)?\\) TO \\(" + VALUE + "(?:,.*)?\\)", Pattern.DOTALL);

    private RangeParser() {}

    /** Empty for DEFAULT, lists and hashes. */
    static Optional<Relation.Range> parse(String bound) {
        if (bound == null) {
            return Optional.empty();
        }
        Matcher matcher = RANGE.matcher(bound);
        return matcher.matches()
                ? Optional.of(new Relation.Range(value(matcher.group(1)), value(matcher.group(2))))
                : Optional.empty();
    }

    private static Optional<String> value(String text) {
        if (text.equals("MINVALUE") || text.equals("MAXVALUE")) {
            return Optional.empty();
        }
        return Optional.of(
                text.startsWith("'") ? text.substring(1, text.length() - 1).replace("''", "'") : text);
    }
}
