package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Literals;
import dev.caretaker.server.target.Sql;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of SQL with its parameters.
 *
 * @param text with a ? for each parameter, and no other question mark
 * @param parameters in order, each in the text form of its type
 */
public record SqlFragment(String text, List<String> parameters) {

    /** What is not shown to people as it is; quoted names and texts are passed over as a whole. */
    private static final Pattern PART =
            Pattern.compile("\"[^\"]*\"|'[^']*'|\\bOPERATOR\\(pg_catalog\\.(?<symbol>[^)]+)\\)|\\bpg_catalog\\.|\\?");

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

    /**
     * With values written out as literals, for the few statements that take no parameters, such as COPY: to be run, and the same to
     * the server as if they had been bound without a type.
     *
     * @throws IllegalStateException if there are more or fewer parameters than question marks
     */
    public String inlined() {
        StringBuilder out = new StringBuilder();
        Iterator<String> values = parameters.iterator();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote; // a doubled one closes and opens again
            } else if (c == '"' || c == '\'') {
                quote = c;
            }
            if (c == '?' && quote == 0) {
                if (!values.hasNext()) {
                    throw new IllegalStateException("a parameter is missing");
                }
                out.append(Literals.quote(values.next()));
            } else {
                out.append(c);
            }
        }
        if (values.hasNext()) {
            throw new IllegalStateException("a parameter is left over");
        }
        return out.toString();
    }

    /** With values written out as literals and the catalog's names unqualified: for people to read, never to be run. */
    public String readable() {
        StringBuilder out = new StringBuilder();
        Iterator<String> values = parameters.iterator();
        Matcher part = PART.matcher(text);
        while (part.find()) {
            String found = part.group();
            String symbol = part.group("symbol");
            part.appendReplacement(out, "");
            if (symbol != null) {
                out.append(symbol);
            } else if (found.equals("?")) {
                out.append(literal(values.next()));
            } else if (!found.equals("pg_catalog.")) {
                out.append(found);
            }
        }
        return part.appendTail(out).toString();
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
