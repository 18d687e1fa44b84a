package dev.caretaker.server.partition.upkeep.grid;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Lines at the beginnings of hours, days, weeks, months, quarters or years as the clocks of a zone show them. Days on which clocks
 * change are an hour longer or shorter, and so are their partitions:
 *
 * <ul>
 *   <li>A day begins with its first instant, which is not always midnight: some zones skip it in spring. A date that a zone skips
 *       whole (Samoa, 30 December 2011) has no cell.
 *   <li>Single hours: an hour that occurs twice in autumn has two cells, one that is skipped in spring has none.
 *   <li>Several hours: lines are at the same hours of every day; where the hour occurs twice, at its first.
 * </ul>
 *
 * @param count cells are that many units; hours must divide 24
 * @param zone whose clocks are meant
 * @param anchor a date on which a line lies; empty means 1 January 1970, for weeks Monday 5 January 1970. Not for hours
 */
public record CalendarGrid(CalendarUnit unit, int count, ZoneId zone, Optional<LocalDate> anchor)
        implements PartitionGrid {
    private static final int HOURS = 24;
    private static final long MICROS = 1_000_000;

    public static CalendarGrid of(CalendarUnit unit, ZoneId zone) {
        return new CalendarGrid(unit, 1, zone, Optional.empty());
    }

    /** The same cells by the clocks of another zone. */
    public CalendarGrid in(ZoneId other) {
        return new CalendarGrid(unit, count, other, anchor);
    }

    @Override
    public BigInteger floor(BigInteger position) {
        return position(floor(instant(position)));
    }

    @Override
    public BigInteger next(BigInteger position) {
        return position(next(instant(position)));
    }

    @Override
    public String describe() {
        return unit.describe(count) + (zone.equals(ZoneOffset.UTC) ? "" : ", " + zone.getId());
    }

    /** Position of an instant: microseconds since the epoch, finer fractions cut off. */
    public static BigInteger position(Instant instant) {
        return BigInteger.valueOf(instant.getEpochSecond())
                .multiply(BigInteger.valueOf(MICROS))
                .add(BigInteger.valueOf(instant.getNano() / 1_000));
    }

    /** Instant of a position. */
    public static Instant instant(BigInteger position) {
        BigInteger micros = BigInteger.valueOf(MICROS);
        BigInteger fraction = position.mod(micros);
        return Instant.ofEpochSecond(
                position.subtract(fraction).divide(micros).longValueExact(), fraction.longValue() * 1_000);
    }

    private Instant floor(Instant at) {
        if (unit == CalendarUnit.HOUR) {
            return hoursAround(at).floor(at);
        }
        long cell = cell(at);
        return start(cell);
    }

    private Instant next(Instant at) {
        if (unit == CalendarUnit.HOUR) {
            return hoursAround(at).higher(at);
        }
        long cell = cell(at) + 1;
        while (!start(cell).isAfter(at)) {
            cell++;
        }
        return start(cell);
    }

    /** The last cell that begins at or before an instant: where a date begins twice, not always that of its local date. */
    private long cell(Instant at) {
        long cell = Math.floorDiv(unit.between(origin(), LocalDate.ofInstant(at, zone)), count);
        while (!start(cell + 1).isAfter(at)) {
            cell++;
        }
        while (start(cell).isAfter(at)) {
            cell--;
        }
        return cell;
    }

    private Instant start(long cell) {
        return unit.plus(origin(), Math.multiplyExact(cell, count))
                .atStartOfDay(zone)
                .toInstant();
    }

    private LocalDate origin() {
        return anchor.orElse(unit.usualAnchor());
    }

    /** Lines from the day before to the day after. */
    private TreeSet<Instant> hoursAround(Instant at) {
        LocalDate today = LocalDate.ofInstant(at, zone);
        TreeSet<Instant> lines = new TreeSet<>();
        for (int day = -2; day <= 2; day++) {
            for (int hour = 0; hour < HOURS; hour += count) {
                addHour(lines, today.plusDays(day).atTime(LocalTime.of(hour, 0)));
            }
        }
        return lines;
    }

    private void addHour(TreeSet<Instant> lines, LocalDateTime local) {
        var first = local.atZone(zone).withEarlierOffsetAtOverlap();
        lines.add(first.toInstant());
        if (count == 1) {
            lines.add(first.withLaterOffsetAtOverlap().toInstant());
        }
    }

    /** What is wrong with it; empty if nothing is. */
    @JsonIgnore
    public Optional<String> objection() {
        if (count < 1 || count > 1_000) {
            return Optional.of("count must be 1 to 1,000");
        }
        if (unit == CalendarUnit.HOUR && HOURS % count != 0) {
            return Optional.of("count must divide 24, so that every day has the same hours");
        }
        if (unit == CalendarUnit.HOUR && anchor.isPresent()) {
            return Optional.of("hours take no anchor: they begin at midnight");
        }
        boolean endOfMonth = anchor.filter(date -> date.getDayOfMonth() > 28).isPresent();
        return unit.isMonths() && endOfMonth
                ? Optional.of("the anchor must be on day 1 to 28, which every month has")
                : Optional.empty();
    }
}
