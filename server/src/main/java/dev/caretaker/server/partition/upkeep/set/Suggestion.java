package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.CalendarUnit;
import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.grid.PartitionGrid;
import dev.caretaker.server.partition.upkeep.set.PartitionSets.Suggested;
import dev.caretaker.server.partition.upkeep.table.TableState;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads from a table the set that would change nothing about it now: the grid most of its partitions follow. */
final class Suggestion {
    /** Instants of epochs in these units lie between 1990 and 2200. */
    private static final BigInteger LEAST_SECONDS = BigInteger.valueOf(631_152_000);

    private static final BigInteger MOST_SECONDS = BigInteger.valueOf(7_258_118_400L);

    private final TableState table;
    private final Optional<ZoneId> zone;
    private final List<String> notes = new ArrayList<>();

    private Suggestion(TableState table, Optional<ZoneId> zone) {
        this.table = table;
        this.zone = zone;
    }

    /** @throws CaretakerException INVALID_FIELD if the partitions follow no grid */
    static Suggested of(String target, TableState table, Optional<ZoneId> zone, Instant now) {
        return new Suggestion(table, zone).read(target, now);
    }

    private Suggested read(String target, Instant now) {
        KeyEncoding encoding = encoding();
        List<KeyRange> ranges = table.members().stream()
                .flatMap(member -> member.range(encoding).stream())
                .filter(range -> range.from().isFinite() && range.to().isFinite())
                .sorted(Comparator.comparing(KeyRange::from))
                .toList();
        PartitionGrid grid = candidates(encoding, ranges)
                .filter(candidate -> follows(encoding.effective(candidate), ranges))
                .findFirst()
                .orElseThrow(() -> CaretakerException.invalid(
                        "table.name",
                        "\"" + table.name() + "\" has no bounded partitions that follow a grid: say one in a set"));
        PartitionSet draft = new PartitionSet(
                table.name()
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9_]+", "-")
                        .replaceAll("^-+|-+$", ""),
                target,
                table.name(),
                grid,
                Optional.of(encoding),
                Ahead.USUAL,
                0,
                Optional.empty(),
                PartitionSet.DefaultRule.LEAVE,
                Optional.empty(),
                false,
                false,
                "");
        PartitionSet named = draft.resolved(encoding, NamesOf.recognised(draft, encoding, table));
        notes.add("Retirement is not told by a table: say how long partitions are kept, or they stay.");
        return new Suggested(withAhead(named, ranges, now), notes);
    }

    /** So that nothing is created now: as many as exist, but no more than usual. */
    private PartitionSet withAhead(PartitionSet set, List<KeyRange> ranges, Instant now) {
        int ahead;
        Duration runway = Duration.ZERO;
        if (set.key().isTime()) {
            BigInteger position = set.position(now);
            ahead = (int) ranges.stream()
                    .filter(range -> range.from().position().compareTo(position) > 0)
                    .count();
            BigInteger end = ranges.isEmpty() ? position : ranges.getLast().to().position();
            runway = Duration.ofSeconds(end.subtract(position)
                    .max(BigInteger.ZERO)
                    .divide(BigInteger.valueOf(1_000_000))
                    .longValue());
        } else {
            ahead = 0;
        }
        if (ahead < Ahead.USUAL.partitions()) {
            notes.add("Only " + ahead + " partitions lie ahead; " + Ahead.USUAL.partitions() + " are usual.");
        }
        Ahead usual = new Ahead(
                Math.clamp(ahead, 1, Ahead.USUAL.partitions()),
                runway.compareTo(Ahead.USUAL.duration()) < 0
                        ? Duration.ofDays(runway.toDays())
                        : Ahead.USUAL.duration());
        return new PartitionSet(
                named(set.name()),
                set.target(),
                set.table(),
                set.grid(),
                set.encoding(),
                usual,
                set.lookback(),
                set.names(),
                set.defaultRule(),
                set.retirement(),
                false,
                false,
                "");
    }

    /** A name that a set may have. */
    private static String named(String text) {
        String letters = text.isEmpty() || !Character.isLetter(text.charAt(0)) ? "t-" + text : text;
        return letters.substring(0, Math.min(letters.length(), 63));
    }

    private KeyEncoding encoding() {
        return switch (table.keyType().orElse("")) {
            case "timestamp with time zone" -> KeyEncoding.TIMESTAMPTZ;
            case "timestamp without time zone" -> KeyEncoding.TIMESTAMP;
            case "date" -> KeyEncoding.DATE;
            case "uuid" -> KeyEncoding.UUID_V7;
            case "smallint", "integer", "bigint", "numeric" -> integers();
            default ->
                throw CaretakerException.invalid(
                        "table.name", "keys of type " + table.keyType().orElse("unknown") + " have no grid");
        };
    }

    /** Epochs are recognised if every bound is one of these units and begins a day, an hour or a month in it. */
    private KeyEncoding integers() {
        List<BigInteger> bounds = table.members().stream()
                .flatMap(member -> member.range(KeyEncoding.INTEGER).stream())
                .flatMap(range -> Stream.of(range.from(), range.to()))
                .filter(point -> point.isFinite())
                .map(point -> point.position())
                .toList();
        for (KeyEncoding encoding :
                List.of(KeyEncoding.EPOCH_SECONDS, KeyEncoding.EPOCH_MILLIS, KeyEncoding.EPOCH_MICROS)) {
            boolean all = !bounds.isEmpty()
                    && encoding.types().contains(table.keyType().orElseThrow())
                    && bounds.stream().allMatch(bound -> isHour(encoding, bound));
            if (all) {
                notes.add("Its integers look like times (" + encoding + "): check that they are.");
                return encoding;
            }
        }
        return KeyEncoding.INTEGER;
    }

    private static boolean isHour(KeyEncoding encoding, BigInteger bound) {
        BigInteger micros = encoding.read(bound.toString()).orElseThrow().position();
        BigInteger million = BigInteger.valueOf(1_000_000);
        BigInteger seconds = micros.divide(million);
        return micros.mod(BigInteger.valueOf(3_600).multiply(million)).signum() == 0
                && seconds.compareTo(LEAST_SECONDS) > 0
                && seconds.compareTo(MOST_SECONDS) < 0;
    }

    /** More than half of the ranges are cells. */
    private static boolean follows(PartitionGrid lines, List<KeyRange> ranges) {
        long cells = ranges.stream()
                .filter(range -> lines.isLine(range.from().position())
                        && lines.next(range.from().position()).equals(range.to().position()))
                .count();
        return cells * 2 > ranges.size();
    }

    private Stream<PartitionGrid> candidates(KeyEncoding encoding, List<KeyRange> ranges) {
        if (ranges.isEmpty()) {
            return Stream.empty();
        }
        if (!encoding.isTime()) {
            TreeMap<BigInteger, Integer> widths = new TreeMap<>();
            ranges.forEach(range ->
                    widths.merge(range.to().position().subtract(range.from().position()), 1, Integer::sum));
            BigInteger offset = ranges.getLast().from().position();
            return widths.entrySet().stream()
                    .sorted((a, b) -> b.getValue() - a.getValue())
                    .map(width -> new IntegerGrid(width.getKey(), offset.mod(width.getKey())));
        }
        Instant newest = CalendarGrid.instant(ranges.getLast().from().position());
        return zones(encoding, newest).flatMap(where -> grids(encoding, where, newest));
    }

    private Stream<ZoneId> zones(KeyEncoding encoding, Instant newest) {
        if (zone.isPresent()) {
            return zone.stream();
        }
        if (encoding.isLocal()) {
            notes.add("The zone of its times is not told by the table: UTC is taken.");
            return Stream.of(ZoneOffset.UTC);
        }
        // Midnight of another zone: which of those with that offset is meant is not told.
        long seconds = Math.floorMod(newest.getEpochSecond(), 86_400L);
        Stream<ZoneId> guessed = Stream.of(seconds == 0 ? 0L : -seconds, 86_400L - seconds)
                .filter(shift -> shift != 0 && shift % 3_600 == 0 && Math.abs(shift) <= 14 * 3_600)
                .map(shift -> ZoneId.of("Etc/GMT" + (shift > 0 ? "-" : "+") + Math.abs(shift) / 3_600));
        return Stream.concat(Stream.of(ZoneOffset.UTC), guessed);
    }

    private static Stream<PartitionGrid> grids(KeyEncoding encoding, ZoneId where, Instant newest) {
        LocalDate begins = LocalDate.ofInstant(newest, encoding.isLocal() ? ZoneOffset.UTC : where);
        Stream<CalendarGrid> plain = Stream.of(
                        CalendarUnit.YEAR,
                        CalendarUnit.QUARTER,
                        CalendarUnit.MONTH,
                        CalendarUnit.WEEK,
                        CalendarUnit.DAY)
                .map(unit -> CalendarGrid.of(unit, where));
        Stream<CalendarGrid> hours = Stream.of(1, 2, 3, 4, 6, 8, 12)
                .map(count -> new CalendarGrid(CalendarUnit.HOUR, count, where, Optional.empty()));
        Stream<CalendarGrid> anchored = Stream.of(2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 28, 30)
                .flatMap(count -> Stream.of(CalendarUnit.YEAR, CalendarUnit.MONTH, CalendarUnit.WEEK, CalendarUnit.DAY)
                        .map(unit -> new CalendarGrid(unit, count, where, Optional.of(begins))));
        Stream<CalendarGrid> weeks = Stream.of(new CalendarGrid(CalendarUnit.WEEK, 1, where, Optional.of(begins)));
        return Stream.of(plain, weeks, encoding == KeyEncoding.DATE ? Stream.<CalendarGrid>empty() : hours, anchored)
                .flatMap(grids -> grids)
                .filter(grid -> grid.objection().isEmpty())
                .map(PartitionGrid.class::cast);
    }
}
