package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.partition.listing.NamePattern;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Recognises how the partitions of a table are called. */
final class NamesOf {

    private NamesOf() {}

    /** The template of most partitions; the usual one if there is none that could go on. */
    static NameTemplate recognised(PartitionSet set, KeyEncoding encoding, TableState table) {
        Map<String, KeyRange> ranges = new LinkedHashMap<>();
        for (Member member : table.members()) {
            member.range(encoding)
                    .filter(range -> range.from().isFinite())
                    .ifPresent(range -> ranges.put(member.name().name(), range));
        }
        return (encoding.isTime() ? times(ranges) : integers(ranges))
                .filter(template ->
                        template.objection(set.grid(), table.name().name()).isEmpty())
                .filter(template -> fits(set.resolved(encoding, template), ranges))
                .orElseGet(() -> NameTemplate.usual(set.grid(), table.name().name()));
    }

    private static Optional<NameTemplate> times(Map<String, KeyRange> ranges) {
        Map<String, Instant> starts = new HashMap<>();
        ranges.forEach((name, range) ->
                starts.put(name, CalendarGrid.instant(range.from().position()).truncatedTo(ChronoUnit.SECONDS)));
        return NamePattern.of(starts).map(pattern -> new NameTemplate(pattern.describe()));
    }

    private static Optional<NameTemplate> integers(Map<String, KeyRange> ranges) {
        Map<String, Integer> templates = new HashMap<>();
        ranges.forEach((name, range) -> {
            String from = number(range.from());
            if (name.endsWith(from)) {
                templates.merge(name.substring(0, name.length() - from.length()) + "{from}", 1, Integer::sum);
            }
        });
        return templates.entrySet().stream()
                .filter(template -> template.getValue() * 2 > ranges.size())
                .map(template -> new NameTemplate(template.getKey()))
                .findFirst();
    }

    private static String number(KeyPoint point) {
        return point.position().toString();
    }

    /** Whether it gives most partitions the names that they have. */
    private static boolean fits(PartitionSet set, Map<String, KeyRange> ranges) {
        long same = ranges.entrySet().stream()
                .filter(entry -> set.nameOf(entry.getValue()).name().equals(entry.getKey()))
                .count();
        return same * 2 > ranges.size();
    }
}
