package dev.caretaker.server.partition.upkeep.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.CalendarUnit;
import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.grid.PartitionGrid;
import dev.caretaker.server.partition.upkeep.set.Ahead;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WantedTest {
    private static final Instant NOW = Instant.parse("2025-06-15T12:00:00Z");
    private static final PartitionGrid MONTHS = CalendarGrid.of(CalendarUnit.MONTH, ZoneOffset.UTC);

    @Test
    void that_of_now_comes_first_then_those_ahead_then_those_behind_nearest_first() {
        assertThat(wanted(set(MONTHS, 2, 0), range("2025-03-01", "2025-04-01")))
                .containsExactly(
                        range("2025-06-01", "2025-07-01"),
                        range("2025-07-01", "2025-08-01"),
                        range("2025-08-01", "2025-09-01"),
                        range("2025-05-01", "2025-06-01"),
                        range("2025-04-01", "2025-05-01"));
    }

    @Test
    void lookback_is_for_tables_that_have_no_partition_yet() {
        assertThat(wanted(set(MONTHS, 1, 2)))
                .containsExactly(
                        range("2025-06-01", "2025-07-01"),
                        range("2025-07-01", "2025-08-01"),
                        range("2025-05-01", "2025-06-01"),
                        range("2025-04-01", "2025-05-01"));
        assertThat(wanted(set(MONTHS, 1, 2), range("2025-06-01", "2025-07-01")))
                .containsExactly(range("2025-07-01", "2025-08-01"));
    }

    @Test
    void case_9_a_range_that_is_covered_under_whatever_name_is_not_wanted_and_case_10_neither_is_one_without_end() {
        assertThat(wanted(set(MONTHS, 2, 0), range("2025-06-01", "2025-12-01"), range("2025-12-01", "2026-07-01")))
                .containsExactly(range("2026-07-01", "2026-08-01"));
        assertThat(wanted(
                        set(MONTHS, 2, 0),
                        new KeyRange(KeyPoint.LOWEST, point("2025-06-01")),
                        new KeyRange(point("2025-06-01"), KeyPoint.HIGHEST)))
                .isEmpty();
    }

    @Test
    void a_partition_off_the_grid_is_followed_by_a_short_one() {
        assertThat(wanted(set(MONTHS, 2, 0), range("2025-01-10", "2025-06-20")))
                .containsExactly(range("2025-06-20", "2025-07-01"), range("2025-07-01", "2025-08-01"));
    }

    @Test
    void case_11_nothing_overlaps_a_partition_that_follows_no_grid() {
        assertThat(wanted(set(MONTHS, 3, 0), range("2025-06-01", "2025-07-01"), range("2025-07-10", "2025-08-20")))
                .containsExactly(range("2025-07-01", "2025-07-10"), range("2025-08-20", "2025-09-01"));
    }

    @Test
    void both_the_number_and_the_time_ahead_hold() {
        PartitionSet days = set(CalendarGrid.of(CalendarUnit.DAY, ZoneOffset.UTC), 2, 0, Duration.ofDays(5));
        assertThat(wanted(days, range("2025-06-15", "2025-06-16"))).hasSize(5);
        assertThat(wanted(set(MONTHS, 2, 0, Duration.ofDays(100)), range("2025-06-01", "2025-07-01")))
                .hasSize(3);
    }

    @Test
    void what_would_be_retired_at_once_is_not_made() {
        List<KeyRange> wanted = new Wanted(set(MONTHS, 1, 0), List.of(range("2024-01-01", "2024-02-01")))
                .ranges(
                        Optional.of(position("2025-06-15T12:00:00Z")),
                        Optional.of(position("2025-05-01T00:00:00Z")),
                        NOW);
        assertThat(wanted)
                .containsExactly(
                        range("2025-06-01", "2025-07-01"),
                        range("2025-07-01", "2025-08-01"),
                        range("2025-05-01", "2025-06-01"));
    }

    @Test
    void case_18_the_clock_decides_how_far_ahead_and_never_a_row() {
        PartitionSet set = set(MONTHS, 2, 0);
        List<KeyRange> covered =
                new ArrayList<>(List.of(range("2025-06-01", "2025-07-01"), range("9999-01-01", "9999-02-01")));
        covered.addAll(wanted(set, covered.toArray(KeyRange[]::new)));
        assertThat(covered).hasSize(4);
        assertThat(wanted(set, covered.toArray(KeyRange[]::new))).isEmpty();
    }

    @Test
    void case_29_a_clock_that_jumps_back_wants_nothing_it_made_before() {
        PartitionSet set = set(MONTHS, 2, 0);
        List<KeyRange> covered = new ArrayList<>(wanted(set, range("2025-06-01", "2025-07-01")));
        covered.add(range("2025-06-01", "2025-07-01"));
        Instant earlier = Instant.parse("2025-06-01T00:00:01Z");
        assertThat(new Wanted(set, covered).ranges(Optional.of(set.position(earlier)), Optional.empty(), earlier))
                .isEmpty();
    }

    @Test
    void case_19_integers_follow_the_highest_key_by_number_only() {
        PartitionSet set = set(new IntegerGrid(BigInteger.valueOf(100), BigInteger.ZERO), 2, 0);
        assertThat(integers(set, Optional.of(BigInteger.valueOf(150)), keys(100, 200)))
                .containsExactly(keys(200, 300), keys(300, 400));
        assertThat(integers(set, Optional.empty(), keys(100, 200))).containsExactly(keys(200, 300), keys(300, 400));
        assertThat(integers(set, Optional.empty())).containsExactly(keys(0, 100), keys(100, 200), keys(200, 300));
    }

    @Test
    void whatever_the_grid_and_the_zone_upkeep_leaves_no_hole_and_no_overlap_and_wants_nothing_twice() {
        Random random = new Random(14);
        List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        for (int round = 0; round < 300; round++) {
            CalendarUnit unit = CalendarUnit.values()[random.nextInt(CalendarUnit.values().length)];
            ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
            KeyEncoding encoding = random.nextBoolean() ? KeyEncoding.TIMESTAMPTZ : KeyEncoding.TIMESTAMP;
            PartitionSet set = set(
                    CalendarGrid.of(unit, zone),
                    1 + random.nextInt(30),
                    random.nextInt(4),
                    Duration.ofDays(1),
                    encoding);
            Instant now = Instant.ofEpochSecond(random.nextLong(1_600_000_000L, 1_900_000_000L));
            List<KeyRange> covered = new ArrayList<>();
            for (int day = 0; day < 5; day++) {
                Instant later = now.plus(Duration.ofHours(31L * day));
                covered.addAll(
                        new Wanted(set, covered).ranges(Optional.of(set.position(later)), Optional.empty(), later));
                assertThat(new Wanted(set, covered).ranges(Optional.of(set.position(later)), Optional.empty(), later))
                        .as("%s %s at %s", unit, zone, later)
                        .isEmpty();
            }
            covered.sort(Comparator.comparing(KeyRange::from));
            for (int i = 1; i < covered.size(); i++) {
                assertThat(covered.get(i).from())
                        .as("%s %s", unit, zone)
                        .isEqualTo(covered.get(i - 1).to());
            }
        }
    }

    private static List<KeyRange> wanted(PartitionSet set, KeyRange... covered) {
        return new Wanted(set, List.of(covered)).ranges(Optional.of(set.position(NOW)), Optional.empty(), NOW);
    }

    private static List<KeyRange> integers(PartitionSet set, Optional<BigInteger> highest, KeyRange... covered) {
        return new Wanted(set, List.of(covered)).ranges(highest, Optional.empty(), NOW);
    }

    private static PartitionSet set(PartitionGrid grid, int ahead, int lookback) {
        return set(grid, ahead, lookback, Duration.ZERO);
    }

    private static PartitionSet set(PartitionGrid grid, int ahead, int lookback, Duration duration) {
        return set(
                grid,
                ahead,
                lookback,
                duration,
                grid instanceof IntegerGrid ? KeyEncoding.INTEGER : KeyEncoding.TIMESTAMPTZ);
    }

    private static PartitionSet set(
            PartitionGrid grid, int ahead, int lookback, Duration duration, KeyEncoding encoding) {
        return new PartitionSet(
                "events",
                "main",
                new TableName("public", "events"),
                grid,
                Optional.of(encoding),
                new Ahead(ahead, duration),
                lookback,
                Optional.of(NameTemplate.usual(grid, "t")),
                PartitionSet.DefaultRule.LEAVE,
                Optional.empty(),
                false,
                false,
                "");
    }

    private static KeyRange range(String from, String to) {
        return new KeyRange(point(from), point(to));
    }

    private static KeyRange keys(long from, long to) {
        return new KeyRange(KeyPoint.at(BigInteger.valueOf(from)), KeyPoint.at(BigInteger.valueOf(to)));
    }

    private static KeyPoint point(String date) {
        return KeyPoint.at(position(date + "T00:00:00Z"));
    }

    private static BigInteger position(String instant) {
        return CalendarGrid.position(Instant.parse(instant));
    }
}
