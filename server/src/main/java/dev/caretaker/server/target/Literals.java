package dev.caretaker.server.target;

/**
 * Values as SQL text, for the few statements that take no parameters: bounds of partitions, constraints, storage parameters.
 * Sessions have standard_conforming_strings on, so that only quotes need doubling.
 */
public final class Literals {

    private Literals() {}

    /** {@code it's} becomes {@code 'it''s'}. */
    public static String quote(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Postgres keeps no text with the character NUL");
        }
        return "'" + value.replace("'", "''") + "'";
    }
}
