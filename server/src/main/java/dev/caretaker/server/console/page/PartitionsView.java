package dev.caretaker.server.console.page;

import dev.caretaker.v1.Conversion;
import java.util.List;
import java.util.SortedMap;

/**
 * All partition sets, by target, and conversions of plain tables.
 *
 * @param targets of which a table may be converted
 * @param next where the next page of sets begins; empty on the last
 */
public record PartitionsView(
        SortedMap<String, List<SetView>> byTarget, List<String> targets, String next, List<Conversion> conversions) {}
