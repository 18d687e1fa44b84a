package dev.caretaker.server.schedule.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<Instant> next(Timing timing, String after, int count) {
        List<Instant> times = new ArrayList<>();
        Instant at = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            at = timing.next(at).orElseThrow();
            times.add(at);
        }
        return times;
    }

    private static Timing cron(String text, String zone) {
        return CronTiming.read(text, "nightly", ZoneId.of(zone));
    }

    private static List<Instant> instants(String... texts) {
        return java.util.Arrays.stream(texts).map(Instant::parse).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 2 * * *          | 2026-01-01T02:00:00Z | 2026-01-02T02:00:00Z
            */20 * * * *       | 2026-01-01T00:20:00Z | 2026-01-01T00:40:00Z
            5/20 3 * * *       | 2026-01-01T03:05:00Z | 2026-01-01T03:25:00Z
            0 3 * * MON-FRI    | 2026-01-01T03:00:00Z | 2026-01-02T03:00:00Z
            0 4 * * sat,sun    | 2026-01-03T04:00:00Z | 2026-01-04T04:00:00Z
            0 4 * * 5-7        | 2026-01-02T04:00:00Z | 2026-01-03T04:00:00Z
            0 4 * * FRI-SUN    | 2026-01-02T04:00:00Z | 2026-01-03T04:00:00Z
            0 0 L * *          | 2026-01-31T00:00:00Z | 2026-02-28T00:00:00Z
            0 0 L-1 * *        | 2026-01-30T00:00:00Z | 2026-02-27T00:00:00Z
            0 0 29 2 *         | 2028-02-29T00:00:00Z | 2032-02-29T00:00:00Z
            0 0 * * MON#1      | 2026-01-05T00:00:00Z | 2026-02-02T00:00:00Z
            0 0 * * 5L         | 2026-01-30T00:00:00Z | 2026-02-27T00:00:00Z
            0 0 * JAN,APR FRI#5| 2026-01-30T00:00:00Z | 2027-01-29T00:00:00Z
            0 0 13 * FRI       | 2026-01-02T00:00:00Z | 2026-01-09T00:00:00Z
            0 0 */2 * THU      | 2026-01-15T00:00:00Z | 2026-01-29T00:00:00Z
            @hourly            | 2026-01-01T01:00:00Z | 2026-01-01T02:00:00Z
            @daily             | 2026-01-02T00:00:00Z | 2026-01-03T00:00:00Z
            @weekly            | 2026-01-04T00:00:00Z | 2026-01-11T00:00:00Z
            @monthly           | 2026-02-01T00:00:00Z | 2026-03-01T00:00:00Z
            @yearly            | 2027-01-01T00:00:00Z | 2028-01-01T00:00:00Z
            """)
    void is_due_when_crontab_says(String text, String first, String second) {
        assertThat(next(cron(text, "UTC"), "2026-01-01T00:00:00Z", 2))
                .containsExactly(Instant.parse(first), Instant.parse(second));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 2 * *         | five
            0 2 * * * *     | five
            60 2 * * *      | minute
            0 24 * * *      | hour
            0 2 0 * *       | day of month
            0 2 * 13 *      | month
            0 2 * FOO *     | month
            0 2 * * 8       | day of week
            0 2 * * FRI#6   | fifth
            0 2 L-31 * *    | day of month
            0 22-4 * * *    | backwards
            */0 * * * *     | step
            1,, * * * *     | minute
            0 2 30 2 *      | never
            0 2 31 4,6,9 *  | never
            0 2 L-29 2 *    | never
            @reboot         | not known
            """)
    void what_cannot_be_read_or_is_never_due_is_refused_with_its_reason(String text, String why) {
        assertThatThrownBy(() -> cron(text, "UTC"))
                .isInstanceOf(InvalidCron.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_value_of_H_follows_from_the_name_and_spreads() {
        List<Instant> nightly = next(CronTiming.read("H H(1-4) * * *", "nightly", BERLIN), "2026-01-01T00:00:00Z", 1);
        assertThat(next(CronTiming.read("H H(1-4) * * *", "nightly", BERLIN), "2026-01-01T00:00:00Z", 1))
                .isEqualTo(nightly);
        List<LocalDateTime> spread = IntStream.range(0, 50)
                .mapToObj(i -> CronTiming.read("H H(1-4) * * *", "s" + i, BERLIN))
                .map(timing -> LocalDateTime.ofInstant(
                        timing.next(Instant.parse("2026-01-01T00:00:00Z")).orElseThrow(), BERLIN))
                .distinct()
                .toList();
        assertThat(spread).hasSizeGreaterThan(20).allMatch(time -> time.getHour() >= 1 && time.getHour() <= 4);
        assertThat(next(CronTiming.read("H/15 * * * *", "nightly", BERLIN), "2026-01-01T00:00:00Z", 5))
                .satisfies(times ->
                        assertThat(Duration.between(times.get(0), times.get(4))).isEqualTo(Duration.ofHours(1)));
    }

    @Test
    void a_fixed_time_that_does_not_exist_is_due_right_after_the_gap() {
        Timing timing = cron("30 2 * * *", "Europe/Berlin");
        assertThat(next(timing, "2026-03-28T12:00:00Z", 2))
                .isEqualTo(instants("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"));
        assertThat(timing.isShifted(Instant.parse("2026-03-29T01:00:00Z"))).isTrue();
        assertThat(timing.isShifted(Instant.parse("2026-03-30T00:30:00Z"))).isFalse();
    }

    @Test
    void several_fixed_times_in_a_gap_are_one() {
        assertThat(next(cron("0,30 2,3 * * *", "Europe/Berlin"), "2026-03-28T12:00:00Z", 2))
                .isEqualTo(instants("2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"));
    }

    @Test
    void a_fixed_time_that_exists_twice_is_due_at_the_first() {
        assertThat(next(cron("30 2 * * *", "Europe/Berlin"), "2026-10-24T12:00:00Z", 2))
                .isEqualTo(instants("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"));
        assertThat(next(cron("30 2 * * *", "Europe/Berlin"), "2026-10-25T00:45:00Z", 1))
                .isEqualTo(instants("2026-10-26T01:30:00Z"));
    }

    @Test
    void wildcards_follow_real_time() {
        assertThat(next(cron("0 * * * *", "Europe/Berlin"), "2026-10-24T23:30:00Z", 4))
                .isEqualTo(instants(
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T03:00:00Z"));
        assertThat(next(cron("*/30 * * * *", "Europe/Berlin"), "2026-03-29T00:30:00Z", 2))
                .isEqualTo(instants("2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "0 2 30 12 *, Pacific/Apia, 2011-12-01T00:00:00Z, 2011-12-30T10:00:00Z",
        "15 2 * * *, Australia/Lord_Howe, 2026-10-03T00:00:00Z, 2026-10-03T15:30:00Z",
        "0 0 * * *, America/Santiago, 2026-09-05T12:00:00Z, 2026-09-06T04:00:00Z",
        "0 0 * * *, Asia/Beirut, 2026-03-28T12:00:00Z, 2026-03-28T22:00:00Z",
    })
    void odd_gaps_are_gaps(String text, String zone, String after, String due) {
        assertThat(next(cron(text, zone), after, 1)).isEqualTo(instants(due));
    }

    @Test
    void an_interval_counts_from_1970() {
        assertThat(next(new IntervalTiming(Duration.ofHours(5)), "2026-01-01T00:00:00Z", 2))
                .allMatch(time -> time.getEpochSecond() % 18_000 == 0)
                .isSorted();
    }

    @Test
    void jitter_is_the_same_for_the_same_time_and_never_overtakes() {
        Jitter jitter = new Jitter("nightly", Duration.ofHours(2));
        Instant nominal = Instant.parse("2026-01-01T02:00:00Z");
        Instant next = nominal.plusSeconds(60);
        assertThat(jitter.of(nominal, next))
                .isEqualTo(new Jitter("nightly", Duration.ofHours(2)).of(nominal, next))
                .isBetween(Duration.ZERO, Duration.ofSeconds(60));
        assertThat(IntStream.range(0, 100)
                        .mapToObj(i ->
                                new Jitter("s" + i, Duration.ofMinutes(10)).of(nominal, nominal.plusSeconds(86_400)))
                        .distinct())
                .hasSizeGreaterThan(90);
        assertThat(new Jitter("nightly", Duration.ZERO).of(nominal, next)).isZero();
    }

    @Test
    void at_the_end_of_the_calendar_nothing_breaks() {
        assertThat(cron("0 0 29 2 MON#5", "UTC").next(Instant.parse("9999-12-31T23:59:00Z")))
                .isPresent();
    }

    @Test
    void what_was_settled_by_other_rules_is_settled_up_to_the_same_local_time() {
        Instant settled = Instant.parse("2026-07-01T00:00:00Z");
        Timing fixed = cron("0 3 * * *", "Europe/Berlin");
        assertThat(fixed.offset(settled)).contains(ZoneOffset.ofHours(2));
        assertThat(fixed.settledAnew(settled, ZoneOffset.ofHours(2))).isEqualTo(settled);
        assertThat(fixed.settledAnew(settled, ZoneOffset.ofHours(1)))
                .as("it was 1:00 there, and is at 23:00 UTC")
                .isEqualTo(Instant.parse("2026-06-30T23:00:00Z"));
        assertThat(fixed.settledAnew(settled, ZoneOffset.ofHours(3))).isEqualTo(Instant.parse("2026-07-01T01:00:00Z"));
        Timing hourly = cron("0 * * * *", "Europe/Berlin");
        assertThat(hourly.offset(settled)).as("it follows real time").isEmpty();
        assertThat(hourly.settledAnew(settled, ZoneOffset.ofHours(1))).isEqualTo(settled);
    }
}
