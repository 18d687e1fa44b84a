package dev.caretaker.server.partition.upkeep.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the lines of calendar grids lie: failure cases 12, 13 and 17, and properties over all zones that Java knows. */
class CalendarGridTest {
    private static final Random RANDOM = new Random(20_251_129);
    private static final Instant FROM = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2040-01-01T00:00:00Z");

    @ParameterizedTest
    @EnumSource(CalendarUnit.class)
    void case_12_in_every_zone_lines_increase_and_every_instant_has_one_cell(CalendarUnit unit) {
        for (String id : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(id);
            CalendarGrid grid = CalendarGrid.of(unit, zone);
            for (Instant at : interesting(zone)) {
                BigInteger position = CalendarGrid.position(at);
                BigInteger from = grid.floor(position);
                BigInteger to = grid.next(position);
                assertThat(from).as("%s %s %s", id, unit, at).isLessThanOrEqualTo(position);
                assertThat(to).as("%s %s %s", id, unit, at).isGreaterThan(position);
                assertThat(grid.floor(from)).isEqualTo(from);
                assertThat(grid.next(from)).as("%s %s %s", id, unit, at).isEqualTo(to);
                assertThat(grid.floor(to)).as("%s %s %s", id, unit, at).isEqualTo(to);
                assertThat(grid.floor(to.subtract(BigInteger.ONE))).isEqualTo(from);
            }
        }
    }

    @Test
    void in_every_zone_a_day_begins_with_the_first_instant_of_its_date() {
        for (String id : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(id);
            CalendarGrid days = CalendarGrid.of(CalendarUnit.DAY, zone);
            for (Instant at : interesting(zone)) {
                Instant line = CalendarGrid.instant(days.floor(CalendarGrid.position(at)));
                LocalDate date = LocalDate.ofInstant(line, zone);
                assertThat(line)
                        .as("%s %s", id, at)
                        .isEqualTo(date.atStartOfDay(zone).toInstant());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2025-03-30, 23, 23",
        "Europe/Berlin, 2025-10-26, 25, 25",
        "Europe/Berlin, 2025-07-01, 24, 24",
        // The clocks of Lord Howe change by half an hour: a half hour joins the one beside it.
        "Australia/Lord_Howe, 2025-04-06, 24, 24.5",
        "Australia/Lord_Howe, 2025-10-05, 24, 23.5",
        // Clocks change at midnight: the day begins at one.
        "America/Sao_Paulo, 2018-11-04, 23, 23",
        "Asia/Kathmandu, 2025-01-01, 24, 24"
    })
    void case_12_a_day_has_as_many_hours_as_its_clocks_show(String id, LocalDate date, int cells, double hours) {
        ZoneId zone = ZoneId.of(id);
        BigInteger from = CalendarGrid.position(date.atStartOfDay(zone).toInstant());
        BigInteger to = CalendarGrid.of(CalendarUnit.DAY, zone).next(from);
        assertThat(Duration.between(CalendarGrid.instant(from), CalendarGrid.instant(to)))
                .isEqualTo(Duration.ofMinutes((long) (hours * 60)));
        assertThat(lines(CalendarGrid.of(CalendarUnit.HOUR, zone), from, to)).hasSize(cells);
    }

    @Test
    void several_hours_stay_at_the_same_times_of_the_day() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        CalendarGrid sixHours = new CalendarGrid(CalendarUnit.HOUR, 6, berlin, Optional.empty());
        BigInteger from = CalendarGrid.position(Instant.parse("2025-10-25T12:00:00Z"));
        BigInteger to = CalendarGrid.position(Instant.parse("2025-10-27T12:00:00Z"));
        assertThat(lines(sixHours, from, to))
                .extracting(line -> LocalTime.ofInstant(CalendarGrid.instant(line), berlin))
                .containsExactly(
                        LocalTime.of(18, 0),
                        LocalTime.of(0, 0),
                        LocalTime.of(6, 0),
                        LocalTime.of(12, 0),
                        LocalTime.of(18, 0),
                        LocalTime.of(0, 0),
                        LocalTime.of(6, 0),
                        LocalTime.of(12, 0));
    }

    @Test
    void a_date_that_a_zone_skipped_has_no_cell() {
        CalendarGrid days = CalendarGrid.of(CalendarUnit.DAY, ZoneId.of("Pacific/Apia"));
        BigInteger before = CalendarGrid.position(Instant.parse("2011-12-30T09:59:00Z"));
        assertThat(CalendarGrid.instant(days.floor(before))).isEqualTo(Instant.parse("2011-12-29T10:00:00Z"));
        assertThat(CalendarGrid.instant(days.next(before))).isEqualTo(Instant.parse("2011-12-30T10:00:00Z"));
        assertThat(CalendarGrid.instant(days.next(days.next(before)))).isEqualTo(Instant.parse("2011-12-31T10:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "MONTH, 1, , 2024-02-29T12:00:00Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "MONTH, 1, 2020-01-15, 2024-02-29T12:00:00Z, 2024-02-15T00:00:00Z, 2024-03-15T00:00:00Z",
        "MONTH, 5, 2020-01-01, 2024-02-29T12:00:00Z, 2023-10-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "QUARTER, 1, , 2025-12-31T23:59:59Z, 2025-10-01T00:00:00Z, 2026-01-01T00:00:00Z",
        "QUARTER, 1, , 1969-12-31T23:59:59Z, 1969-10-01T00:00:00Z, 1970-01-01T00:00:00Z",
        "YEAR, 2, 2025-01-01, 2024-06-01T00:00:00Z, 2023-01-01T00:00:00Z, 2025-01-01T00:00:00Z",
        "WEEK, 1, , 2020-12-31T00:00:00Z, 2020-12-28T00:00:00Z, 2021-01-04T00:00:00Z",
        "WEEK, 1, 2025-01-05, 2025-01-11T00:00:00Z, 2025-01-05T00:00:00Z, 2025-01-12T00:00:00Z",
        "WEEK, 9, 2025-01-06, 2025-03-09T00:00:00Z, 2025-01-06T00:00:00Z, 2025-03-10T00:00:00Z",
        "DAY, 10, 2025-01-01, 2024-12-31T00:00:00Z, 2024-12-22T00:00:00Z, 2025-01-01T00:00:00Z"
    })
    void case_13_months_quarters_years_and_weeks_are_counted_from_the_anchor(
            CalendarUnit unit, int count, LocalDate anchor, Instant at, Instant from, Instant to) {
        CalendarGrid grid = new CalendarGrid(unit, count, ZoneOffset.UTC, Optional.ofNullable(anchor));
        BigInteger position = CalendarGrid.position(at);
        assertThat(CalendarGrid.instant(grid.floor(position))).isEqualTo(from);
        assertThat(CalendarGrid.instant(grid.next(position))).isEqualTo(to);
        assertThat(grid.isLine(CalendarGrid.position(from))).isTrue();
    }

    @Test
    void integers_have_lines_below_zero_too() {
        IntegerGrid grid = new IntegerGrid(BigInteger.valueOf(1_000), BigInteger.ONE);
        assertThat(grid.floor(BigInteger.valueOf(-1))).isEqualTo(BigInteger.valueOf(-999));
        assertThat(grid.next(BigInteger.valueOf(-999))).isEqualTo(BigInteger.ONE);
        assertThat(grid.isLine(BigInteger.valueOf(1_001))).isTrue();
    }

    @Test
    void grids_that_some_month_or_day_has_not_are_refused() {
        assertThat(new CalendarGrid(CalendarUnit.MONTH, 1, ZoneOffset.UTC, Optional.of(LocalDate.of(2025, 1, 31)))
                        .objection())
                .isPresent();
        assertThat(new CalendarGrid(CalendarUnit.HOUR, 5, ZoneOffset.UTC, Optional.empty()).objection())
                .isPresent();
        assertThat(new CalendarGrid(CalendarUnit.HOUR, 6, ZoneOffset.UTC, Optional.empty()).objection())
                .isEmpty();
    }

    private static List<BigInteger> lines(PartitionGrid grid, BigInteger from, BigInteger to) {
        List<BigInteger> lines = new ArrayList<>();
        for (BigInteger line = grid.floor(from).equals(from) ? from : grid.next(from);
                line.compareTo(to) < 0;
                line = grid.next(line)) {
            lines.add(line);
        }
        return lines;
    }

    /** Around every change of the zone's clocks, and a few others. */
    private static List<Instant> interesting(ZoneId zone) {
        List<Instant> instants = new ArrayList<>();
        var transition = zone.getRules().nextTransition(FROM);
        for (int i = 0; transition != null && transition.getInstant().isBefore(TO) && i < 40; i++) {
            for (int minutes : new int[] {-1_441, -61, -1, 0, 1, 31, 61, 1_441}) {
                instants.add(transition.getInstant().plusSeconds(60L * minutes));
            }
            transition = zone.getRules().nextTransition(transition.getInstant());
        }
        for (int i = 0; i < 5; i++) {
            instants.add(Instant.ofEpochSecond(RANDOM.nextLong(FROM.getEpochSecond(), TO.getEpochSecond())));
        }
        return instants;
    }
}
