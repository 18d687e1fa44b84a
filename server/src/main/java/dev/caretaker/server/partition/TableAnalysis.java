package dev.caretaker.server.partition;

import dev.caretaker.server.partition.PartitionRow.Key;
import dev.caretaker.server.partition.PartitionRow.Method;
import dev.caretaker.server.partition.PartitionedTable.Stretch;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.PartitionBound;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
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
    private final List<PartitionRow> below;
    private final Key key;
    private final Moment moment;

    /**
     * @param table the partitioned table
     * @param children its immediate partitions
     * @param below all partitions below it
     */
    TableAnalysis(PartitionRow table, List<PartitionRow> children, List<PartitionRow> below, Moment moment) {
        this.table = table;
        this.children = children;
        this.below = below;
        this.key = table.key().orElseThrow();
        this.moment = moment;
    }

    PartitionedTable summarize() {
        Map<PartitionRow, TimeRange> times = ranges((child, type) -> KeyRange.times(child, type, moment.zone()));
        Map<PartitionRow, IntegerRange> integers = ranges(KeyRange::integers);
        return times.isEmpty() ? ofIntegers(integers) : ofTimes(times);
    }

    private PartitionedTable ofTimes(Map<PartitionRow, TimeRange> ranges) {
        List<TimeRange> all = List.copyOf(ranges.values());
        List<TimeRange> bounded = all.stream().filter(TimeRange::isBounded).toList();
        Map<String, Instant> starts = ranges.entrySet().stream()
                .filter(entry -> !entry.getValue().from().equals(Instant.MIN))
                .collect(Collectors.toMap(
                        entry -> entry.getKey().name().name(),
                        entry -> entry.getValue().from(),
                        (first, second) -> first));
        return summary(
                PartitionInterval.ofTimes(bounded),
                NamePattern.of(starts),
                Coverage.coveredUntil(open(ranges), moment.now()),
                Coverage.of(open(ranges)).gaps(),
                Coverage.of(all).overlaps(),
                order(ranges));
    }

    private PartitionedTable ofIntegers(Map<PartitionRow, IntegerRange> ranges) {
        List<IntegerRange> all = List.copyOf(ranges.values());
        return summary(
                PartitionInterval.ofIntegers(all),
                Optional.empty(),
                exhaustion(ranges),
                Coverage.of(open(ranges)).gaps(),
                Coverage.of(all).overlaps(),
                order(ranges));
    }

    private PartitionedTable summary(
            Optional<PartitionInterval> interval,
            Optional<NamePattern> names,
            Optional<Instant> safeUntil,
            List<? extends Coverage.Hole<?>> gaps,
            List<? extends Coverage.Hole<?>> overlaps,
            List<TableName> ordered) {
        return new PartitionedTable(
                table.name(),
                key,
                below.size(),
                interval,
                names,
                safeUntil,
                stretches(gaps),
                stretches(overlaps),
                defaultRows(),
                below.stream().mapToLong(row -> row.size().total()).sum(),
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
        long inserted = below.stream().mapToLong(PartitionRow::inserted).sum();
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
        BigDecimal left = new BigDecimal(end.subtract(position).max(BigInteger.ZERO))
                .multiply(BigDecimal.valueOf(seconds))
                .divide(BigDecimal.valueOf(inserted), RoundingMode.DOWN);
        return Optional.of(moment.now()
                .plusSeconds(left.min(BigDecimal.valueOf(LONGEST_EXTRAPOLATION_SECONDS))
                        .longValue()));
    }

    private long defaultRows() {
        return children.stream()
                .filter(child -> child.bound()
                        .filter(PartitionBound.Default.class::isInstance)
                        .isPresent())
                .mapToLong(PartitionRow::rows)
                .sum();
    }

    private <R> Map<PartitionRow, R> ranges(BiFunction<PartitionRow, String, Optional<R>> read) {
        Map<PartitionRow, R> ranges = new LinkedHashMap<>();
        if (key.method() == Method.RANGE && key.type().isPresent()) {
            for (PartitionRow child : children) {
                read.apply(child, key.type().get()).ifPresent(range -> ranges.put(child, range));
            }
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

    private static List<Stretch> stretches(List<? extends Coverage.Hole<?>> holes) {
        return holes.stream()
                .map(hole -> new Stretch(hole.from().toString(), hole.to().toString()))
                .toList();
    }
}
