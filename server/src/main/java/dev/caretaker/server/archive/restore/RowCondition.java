package dev.caretaker.server.archive.restore;

import java.util.List;

/**
 * Which rows of an archive are wanted, beside a range of time: made from a checked filter by whoever knows filters.
 *
 * @param sql a condition on a row {@code t} with the archived columns, with a ? for each value
 * @param values as texts, in the order of the question marks
 * @param words the same for people
 */
public record RowCondition(String sql, List<String> values, String words) {}
