package dev.caretaker.server.cleanup.policy;

/**
 * A constant of a filter, in the text form of its column's type.
 *
 * @param kind what the caller sent it as; it must fit the column's type
 * @param text the value as Postgres reads it
 */
public record Constant(Kind kind, String text) {

    /** How the caller typed it. */
    public enum Kind {
        STRING,
        INT64,
        DOUBLE,
        BOOL,
        TIMESTAMP
    }
}
