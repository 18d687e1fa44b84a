package dev.caretaker.server.target.catalog;

import dev.caretaker.server.target.catalog.PartitionBound.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the text of a partition bound. The server writes constants without casts: numbers and truth values bare, all else
 * quoted with doubled quotes, bit strings with a B before them; a backslash is an ordinary character.
 *
 * @see <a href="https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/ruleutils.c">ruleutils.c,
 *     T_PartitionBoundSpec and get_const_expr</a>
 */
final class PartitionBoundParser {
    private final String text;
    private int at;

    PartitionBoundParser(String text) {
        this.text = text;
    }

    PartitionBound parse() {
        PartitionBound bound;
        if (accept("DEFAULT")) {
            bound = new PartitionBound.Default();
        } else {
            expect("FOR VALUES");
            if (accept("FROM")) {
                List<Limit> from = list(this::limit);
                expect("TO");
                bound = new PartitionBound.Range(from, list(this::limit));
            } else if (accept("IN")) {
                bound = new PartitionBound.Values(list(this::value));
            } else {
                expect("WITH (modulus");
                int modulus = Integer.parseInt(bare());
                expect(", remainder");
                bound = new PartitionBound.Hash(modulus, Integer.parseInt(bare()));
                expect(")");
            }
        }
        skipSpace();
        if (at != text.length()) {
            throw unreadable();
        }
        return bound;
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> elements = new ArrayList<>();
        expect("(");
        do {
            elements.add(element.get());
        } while (accept(","));
        expect(")");
        return List.copyOf(elements);
    }

    private Limit limit() {
        skipSpace();
        if (startsQuoted()) {
            return new PartitionBound.Value(quoted());
        }
        String word = bare();
        return switch (word) {
            case "MINVALUE" -> new PartitionBound.Min();
            case "MAXVALUE" -> new PartitionBound.Max();
            default -> new PartitionBound.Value(word);
        };
    }

    private Optional<String> value() {
        skipSpace();
        if (startsQuoted()) {
            return Optional.of(quoted());
        }
        String word = bare();
        return word.equals("NULL") ? Optional.empty() : Optional.of(word);
    }

    private boolean startsQuoted() {
        return text.startsWith("'", at) || text.startsWith("B'", at);
    }

    private String quoted() {
        at = text.indexOf('\'', at) + 1;
        StringBuilder value = new StringBuilder();
        while (true) {
            int end = text.indexOf('\'', at);
            if (end < 0) {
                throw unreadable();
            }
            value.append(text, at, end);
            at = end + 1;
            if (!text.startsWith("'", at)) {
                return value.toString();
            }
            value.append('\'');
            at++;
        }
    }

    private String bare() {
        skipSpace();
        int start = at;
        while (at < text.length() && ",() ".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            throw unreadable();
        }
        return text.substring(start, at);
    }

    private boolean accept(String token) {
        skipSpace();
        boolean found = text.startsWith(token, at);
        if (found) {
            at += token.length();
        }
        return found;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw unreadable();
        }
    }

    private void skipSpace() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private IllegalArgumentException unreadable() {
        return new IllegalArgumentException("cannot read the partition bound \"" + text + "\" at position " + at);
    }
}
