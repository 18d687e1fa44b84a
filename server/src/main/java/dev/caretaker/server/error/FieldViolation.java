package dev.caretaker.server.error;

/**
 * A field of a request that is wrong.
 *
 * @param field path as in the proto, for example {@code policies[0].time_column.zone}
 * @param description one sentence that says what is wrong and what would be right
 */
public record FieldViolation(String field, String description) {}
