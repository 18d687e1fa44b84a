package dev.caretaker.server.partition.listing;

import dev.caretaker.server.partition.listing.PartitionRow.Key;
import dev.caretaker.server.partition.listing.PartitionedTable.Stretch;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.PartitionBound;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Says what the partitions of one table mean together. Pure: rows in, summary out. */
final class TableAnalysis {
    private static final long LONGEST_EXTRAPOLATION_SECONDS =
            Duration.ofDays(365_000).toSeconds();

    private final PartitionRow table;
    private final List<PartitionRow> children;
    private final long partitions;
    private final Key key;
    private final Moment moment;

    /**
     * @param table the partitioned table
     * @param children its immediate partitions, sub-partitioned ones with the sums over theirs
     * @param partitions number of partitions at all levels below it
     */
    TableAnalysis(PartitionRow table, List<PartitionRow> children, long partitions, Moment moment) {
        this.table = table;
        this.children = children;
        this.partitions = partitions;
        this.key = table.key().orElseThrow();
        this.moment = moment;
    }

    PartitionedTable summarize() {
        return KeyRange.isTime(key) ? ofTimes(ranges(KeyRange::times)) : ofIntegers(ranges(KeyRange::integers));
    }

    private PartitionedTable ofTimes(Map<PartitionRow, TimeRange> ranges) {
        List<TimeRange> all = List.copyOf(ranges.values());
        List<TimeRange> cut = all.stream().filter(TimeRange::hasWidth).toList();
        Map<String, Instant> starts = ranges.entrySet().stream()
                .filter(entry -> entry.getValue().begins())
                .collect(Collectors.toMap(
                        entry -> entry.getKey().name().name(),
                        entry -> entry.getValue().from(),
                        (first, second) -> first));
        return summary(
                PartitionInterval.ofTimes(cut),
                NamePattern.of(starts),
                Coverage.coveredUntil(open(ranges), moment.now())
                        .or(() -> Optional.of(moment.now()).filter(now -> KeyRange.areKnown(children, key))),
                stretches(gaps(ranges), ranges),
                stretches(Coverage.of(all).overlaps(), ranges),
                order(ranges));
    }

    /** A partition for {@code infinity} alone leaves no gap before it, but all the time to come. */
    private static List<Coverage.Hole<Instant>> gaps(Map<PartitionRow, TimeRange> ranges) {
        return Coverage.of(open(ranges)).gaps().stream()
                .filter(gap -> !gap.to().equals(Instant.MAX))
                .toList();
    }

    private PartitionedTable ofIntegers(Map<PartitionRow, IntegerRange> ranges) {
        List<IntegerRange> all = List.copyOf(ranges.values());
        return summary(
                PartitionInterval.ofIntegers(all),
                Optional.empty(),
                exhaustion(ranges),
                stretches(Coverage.of(open(ranges)).gaps(), ranges),
                stretches(Coverage.of(all).overlaps(), ranges),
                order(ranges));
    }

    private PartitionedTable summary(
            Optional<PartitionInterval> interval,
            Optional<NamePattern> names,
            Optional<Instant> safeUntil,
            List<Stretch> gaps,
            List<Stretch> overlaps,
            List<TableName> ordered) {
        return new PartitionedTable(
                table.name(),
                key,
                partitions,
                interval,
                names,
                safeUntil,
                gaps,
                overlaps,
                defaultRows(),
                children.stream().mapToLong(child -> child.size().total()).sum(),
                ordered.stream().findFirst(),
                ordered.reversed().stream().findFirst());
    }

    /**
     * When the highest integer range will be used up, if rows keep coming as fast as since the statistics were reset and each
     * takes one key.
     */
    private Optional<Instant> exhaustion(Map<PartitionRow, IntegerRange> ranges) {
        if (ranges.isEmpty() || moment.statisticsSince().isEmpty()) {
            return Optional.empty();
        }
        long seconds =
                Duration.between(moment.statisticsSince().get(), moment.now()).toSeconds();
        long inserted = children.stream().mapToLong(PartitionRow::inserted).sum();
        Optional<Map.Entry<PartitionRow, IntegerRange>> used = ranges.entrySet().stream()
                .filter(entry -> entry.getKey().rows() > 0)
                .max(Comparator.comparing(entry -> entry.getValue().to()));
        if (seconds <= 0 || inserted == 0 || used.isEmpty()) {
            return Optional.empty();
        }
        BigInteger position = used.get()
                .getValue()
                .from()
                .add(BigInteger.valueOf(used.get().getKey().rows()));
        BigInteger end = Coverage.coveredUntil(
                        open(ranges), used.get().getValue().from())
                .orElse(position);
        if (isEndlessFrom(end)) {
            return Optional.of(Instant.MAX);
        }
        BigDecimal left = new BigDecimal(end.subtract(position).max(BigInteger.ZERO))
                .multiply(BigDecimal.valueOf(seconds))
                .divide(BigDecimal.valueOf(inserted), RoundingMode.DOWN);
        return Optional.of(moment.now()
                .plusSeconds(left.min(BigDecimal.valueOf(LONGEST_EXTRAPOLATION_SECONDS))
                        .longValue()));
    }

    private boolean isEndlessFrom(BigInteger key) {
        return children.stream()
                .filter(child -> !child.detaching())
                .filter(child -> KeyRange.end(child, PartitionBound.Range::to)
                        .filter(PartitionBound.Max.class::isInstance)
                        .isPresent())
                .flatMap(child -> KeyRange.end(child, PartitionBound.Range::from).stream())
                .anyMatch(from -> from.text().equals(key.toString()));
    }

    private long defaultRows() {
        return children.stream()
                .filter(child -> child.bound()
                        .filter(PartitionBound.Default.class::isInstance)
                        .isPresent())
                .mapToLong(PartitionRow::rows)
                .sum();
    }

    private <R> Map<PartitionRow, R> ranges(BiFunction<PartitionRow, Key, Optional<R>> read) {
        Map<PartitionRow, R> ranges = new LinkedHashMap<>();
        for (PartitionRow child : children) {
            read.apply(child, key).ifPresent(range -> ranges.put(child, range));
        }
        return ranges;
    }

    /** Ranges into which rows can go: those of a partition that is being detached are closed already. */
    private static <R> List<R> open(Map<PartitionRow, R> ranges) {
        return ranges.entrySet().stream()
                .filter(entry -> !entry.getKey().detaching())
                .map(Map.Entry::getValue)
                .toList();
    }

    private static <K extends Comparable<? super K>> List<TableName> order(
            Map<PartitionRow, ? extends Span<K>> ranges) {
        return ranges.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().from()))
                .map(entry -> entry.getKey().name())
                .toList();
    }

    /** Holes begin and end where ranges do: told by the text of these. */
    private static <K extends Comparable<? super K>> List<Stretch> stretches(
            List<Coverage.Hole<K>> holes, Map<PartitionRow, ? extends Span<K>> ranges) {
        if (holes.isEmpty()) {
            return List.of();
        }
        Map<K, String> texts = new HashMap<>();
        ranges.forEach((child, range) -> {
            KeyRange.end(child, PartitionBound.Range::from).ifPresent(end -> texts.put(range.from(), end.text()));
            KeyRange.end(child, PartitionBound.Range::to).ifPresent(end -> texts.put(range.to(), end.text()));
        });
        return holes.stream()
                .map(hole -> new Stretch(texts.get(hole.from()), texts.get(hole.to())))
                .toList();
    }
}
