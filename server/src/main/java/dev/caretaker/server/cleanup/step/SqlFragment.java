package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Sql;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A piece of SQL with its parameters.
 *
 * @param text with a ? for each parameter, and no other question mark
 * @param parameters in order, each in the text form of its type
 */
public record SqlFragment(String text, List<String> parameters) {

    public static SqlFragment of(String text, String... parameters) {
        return new SqlFragment(text, List.of(parameters));
    }

    /** The two, with {@code separator} between them. */
    public SqlFragment then(String separator, SqlFragment other) {
        List<String> all = new ArrayList<>(parameters);
        all.addAll(other.parameters);
        return new SqlFragment(text + separator + other.text, all);
    }

    /** As a statement to run. */
    public Sql statement() {
        return Sql.of(text, parameters.toArray());
    }

    /** As PREPARE wants it: $1 for the first parameter. */
    String numbered() {
        StringBuilder out = new StringBuilder();
        int number = 0;
        boolean quoted = false;
        for (char c : text.toCharArray()) {
            quoted ^= c == '"';
            out.append(c == '?' && !quoted ? "$" + ++number : String.valueOf(c));
        }
        return out.toString();
    }

    /** With values written out as literals: for people to read, never to be run. */
    public String readable() {
        StringBuilder out = new StringBuilder();
        Iterator<String> values = parameters.iterator();
        boolean quoted = false;
        for (char c : text.toCharArray()) {
            quoted ^= c == '"';
            out.append(c == '?' && !quoted ? literal(values.next()) : String.valueOf(c));
        }
        return out.toString();
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
