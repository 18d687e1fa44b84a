package dev.caretaker.server.partition.upkeep.grid;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Units of a calendar grid. */
public enum CalendarUnit {
    HOUR(ChronoUnit.HOURS, 1),
    DAY(ChronoUnit.DAYS, 1),
    /** From Monday, unless the anchor says otherwise. */
    WEEK(ChronoUnit.WEEKS, 1),
    MONTH(ChronoUnit.MONTHS, 1),
    QUARTER(ChronoUnit.MONTHS, 3),
    YEAR(ChronoUnit.MONTHS, 12);

    private static final LocalDate EPOCH = LocalDate.EPOCH;
    private static final LocalDate FIRST_MONDAY = LocalDate.of(1970, 1, 5);

    private final ChronoUnit chrono;
    private final int times;

    CalendarUnit(ChronoUnit chrono, int times) {
        this.chrono = chrono;
        this.times = times;
    }

    /** A date at which a line lies when nobody names one. */
    LocalDate usualAnchor() {
        return this == WEEK ? FIRST_MONDAY : EPOCH;
    }

    /** The date so many units after another. */
    LocalDate plus(LocalDate date, long units) {
        return date.plus(Math.multiplyExact(units, times), chrono);
    }

    /** Whole units between two dates, rounded towards the earlier. */
    long between(LocalDate from, LocalDate to) {
        long whole = Math.floorDiv(chrono.between(from, to), times);
        return plus(from, whole).isAfter(to) ? whole - 1 : whole;
    }

    /** Whether its cells are whole months. */
    public boolean isMonths() {
        return chrono == ChronoUnit.MONTHS;
    }

    /** "month", "3 months". */
    String describe(int count) {
        String name = name().toLowerCase(Locale.ROOT);
        return count == 1 ? name : count + " " + name + "s";
    }
}
