package dev.caretaker.server.partition.upkeep.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameTemplateTest {
    private static final CalendarGrid MONTHS = CalendarGrid.of(CalendarUnit.MONTH, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "workflow_events_y{yyyy}m{mm}, workflow_events_y2025m03",
        "JobOccurrences_{yyyy}_{mm}, JobOccurrences_2025_03",
        "{table}_p{yyyy}{mm}{dd}, Events_p20250301",
        "e{yyyy}q{q}, e2025q1",
        "e{yyyy}w{ww}, e2025w09"
    })
    void names_are_made_from_the_start(String template, String name) {
        assertThat(new NameTemplate(template).render(from("2025-03-01T00:00:00Z"), "Events", ZoneOffset.UTC))
                .isEqualTo(name);
    }

    @Test
    void names_show_the_clocks_of_the_zone() {
        assertThat(new NameTemplate("e{yyyy}{mm}{dd}")
                        .render(from("2025-02-28T23:00:00Z"), "e", ZoneId.of("Europe/Berlin")))
                .isEqualTo("e20250301");
    }

    @Test
    void case_13_weeks_carry_the_year_of_their_iso_week() {
        assertThat(new NameTemplate("e{yyyy}w{ww}").render(from("2024-12-30T00:00:00Z"), "e", ZoneOffset.UTC))
                .isEqualTo("e2025w01");
        assertThat(new NameTemplate("e{yyyy}w{ww}").render(from("2020-12-28T00:00:00Z"), "e", ZoneOffset.UTC))
                .isEqualTo("e2020w53");
    }

    @ParameterizedTest
    @CsvSource({
        "MONTH, e{yyyy}, ambiguous",
        "MONTH, e{mm}, ambiguous",
        "DAY, e{yyyy}{mm}, ambiguous",
        "HOUR, e{yyyy}{mm}{dd}, ambiguous",
        "WEEK, e{yyyy}{mm}, ambiguous",
        "YEAR, events, ambiguous",
        "MONTH, e{yy}{mm}, unknown token",
        "MONTH, e{from}, unknown token"
    })
    void templates_that_could_name_two_partitions_alike_are_refused(CalendarUnit unit, String template, String why) {
        assertThat(new NameTemplate(template).objection(CalendarGrid.of(unit, ZoneOffset.UTC), "e"))
                .get()
                .asString()
                .contains(why);
    }

    @Test
    void names_longer_than_postgres_allows_are_refused() {
        NameTemplate template = new NameTemplate("{table}_p{yyyy}{mm}");
        assertThat(template.objection(MONTHS, "e".repeat(55))).isEmpty();
        assertThat(template.objection(MONTHS, "e".repeat(56))).isPresent();
        assertThat(template.objection(MONTHS, "ä".repeat(28))).isPresent();
    }

    @Test
    void integers_are_named_by_their_bounds() {
        IntegerGrid grid = new IntegerGrid(BigInteger.valueOf(100), BigInteger.ZERO);
        KeyRange range = new KeyRange(KeyPoint.at(BigInteger.valueOf(-100)), KeyPoint.at(BigInteger.ZERO));
        assertThat(new NameTemplate("e_{from}_{to}").render(range, "e", ZoneOffset.UTC))
                .isEqualTo("e_m100_0");
        assertThat(new NameTemplate("e_{from}").objection(grid, "e")).isEmpty();
        assertThat(new NameTemplate("e_{yyyy}").objection(grid, "e")).isPresent();
    }

    @Test
    void a_partition_off_the_grid_is_not_called_like_the_whole_cell() {
        NameTemplate template = new NameTemplate("e{yyyy}_{mm}");
        assertThat(template.renderShort(from("2025-03-15T00:00:00Z"), "e", ZoneOffset.UTC, true))
                .isEqualTo("e2025_03_from_20250315");
        assertThat(template.renderShort(from("2025-03-15T06:30:00Z"), "e", ZoneOffset.UTC, true))
                .isEqualTo("e2025_03_from_202503150630");
    }

    @Test
    void where_several_cells_end_is_written_as_their_names_are() {
        KeyPoint line = from("2026-12-01T00:00:00Z").from();
        assertThat(new NameTemplate("{table}_{yyyy}_{mm}_{dd}").renderLine(line, ZoneOffset.UTC))
                .isEqualTo("2026_12_01");
        assertThat(new NameTemplate("e_y{yyyy}m{mm}_part").renderLine(line, ZoneOffset.UTC))
                .isEqualTo("2026m12");
        assertThat(new NameTemplate("e_{from}_{to}").renderLine(KeyPoint.at(BigInteger.valueOf(-5)), ZoneOffset.UTC))
                .isEqualTo("m5");
    }

    @Test
    void case_12_hours_of_a_day_of_25_hours_have_names_of_their_own() {
        CalendarGrid hours = CalendarGrid.of(CalendarUnit.HOUR, ZoneId.of("Europe/Berlin"));
        Set<String> names = new HashSet<>();
        BigInteger line = CalendarGrid.position(Instant.parse("2025-10-25T22:00:00Z"));
        for (int i = 0; i < 25; i++) {
            names.add(NameTemplate.usual(hours, "t")
                    .render(new KeyRange(KeyPoint.at(line), KeyPoint.at(hours.next(line))), "e", ZoneOffset.UTC));
            line = hours.next(line);
        }
        assertThat(names).hasSize(25);
    }

    private static KeyRange from(String instant) {
        return new KeyRange(KeyPoint.at(CalendarGrid.position(Instant.parse(instant))), KeyPoint.HIGHEST);
    }

    @Test
    void of_a_table_whose_name_is_long_partitions_have_the_beginning() {
        for (String table : List.of("a".repeat(63), "ü".repeat(31), "a".repeat(54))) {
            for (CalendarUnit unit : CalendarUnit.values()) {
                CalendarGrid grid = CalendarGrid.of(unit, ZoneOffset.UTC);
                NameTemplate usual = NameTemplate.usual(grid, table);
                assertThat(usual.objection(grid, table)).as(usual.toString()).isEmpty();
                assertThat(NameTemplate.bytes(
                                usual.renderShort(from("2024-12-30T23:59:00Z"), table, ZoneOffset.UTC, true)))
                        .isLessThanOrEqualTo(NameTemplate.NAME_BYTES);
            }
        }
        assertThat(NameTemplate.usual(CalendarGrid.of(CalendarUnit.MONTH, ZoneOffset.UTC), "events"))
                .isEqualTo(new NameTemplate("{table}_p{yyyy}{mm}{dd}"));
    }
}
