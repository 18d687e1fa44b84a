package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;

/** Definitions of indexes and unique constraints, as the server writes them, with something changed. Knows quotes, not SQL. */
final class IndexText {
    private static final String USING = " USING ";

    private IndexText() {}

    /** The list of key columns gets another one at its end. */
    static String withKey(String definition, String column) {
        int open = unquoted(definition, "(", 0);
        int close = closing(definition, open);
        return definition.substring(0, close) + ", " + Identifiers.quote(column) + definition.substring(close);
    }

    /** The same unique index under another name, built beside those who write. */
    static String concurrently(String definition, TableName index, TableName table) {
        return "CREATE UNIQUE INDEX CONCURRENTLY " + onto(definition, index, table);
    }

    /** The same unique index of another table. */
    static String unique(String definition, TableName index, TableName table) {
        return "CREATE UNIQUE INDEX " + onto(definition, index, table);
    }

    private static String onto(String definition, TableName index, TableName table) {
        return Identifiers.quote(index.name()) + " ON " + Identifiers.quote(table)
                + definition.substring(unquoted(definition, USING, 0));
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            i = afterQuoted(text, i);
            char c = i < text.length() ? text.charAt(i) : ' ';
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("no end of the columns in " + text);
    }

    private static int unquoted(String text, String wanted, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.startsWith(wanted, i)) {
                return i;
            }
            i = Math.max(i, afterQuoted(text, i) - 1);
        }
        throw new IllegalArgumentException("no" + wanted + "in " + text);
    }

    /** Where to go on if something quoted begins here; doubled quotes are two quoted pieces. */
    private static int afterQuoted(String text, int at) {
        char quote = text.charAt(at);
        if (quote != '"' && quote != '\'') {
            return at;
        }
        int end = text.indexOf(quote, at + 1);
        return end < 0 ? text.length() : end + 1;
    }
}
