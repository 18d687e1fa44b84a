package dev.caretaker.server.target;

import dev.caretaker.server.store.TableName;

/** The only place where names become SQL. Every identifier is quoted, needed or not. */
public final class Identifiers {

    private Identifiers() {}

    /** {@code a"b} becomes {@code "a""b"}. */
    public static String quote(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a Postgres identifier cannot contain the character NUL");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Schema and name, each quoted. */
    public static String quote(TableName table) {
        return quote(table.schema()) + "." + quote(table.name());
    }
}
