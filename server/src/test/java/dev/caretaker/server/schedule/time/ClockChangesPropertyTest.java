package dev.caretaker.server.schedule.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Timings around changes of clocks in every zone of the JDK, against a cron that looks at the clock every minute and knows
 * nothing of transitions: it remembers the latest local time that it saw.
 */
class ClockChangesPropertyTest {
    private static final long SEED = 20_260_329;
    private static final int CHANGES_A_ZONE =
            "all".equals(System.getProperty("caretaker.changes")) ? Integer.MAX_VALUE : 3;
    private static final int EXPRESSIONS_A_CHANGE = 6;
    private static final Instant EARLIEST = Instant.parse("1973-01-01T00:00:00Z"); // the last odd second was in 1972
    private static final Instant LATEST = Instant.parse("2038-01-01T00:00:00Z");
    private static final Duration AROUND = Duration.ofHours(28);

    private final Random random = new Random(SEED);

    @Test
    void timings_are_those_of_a_cron_that_looks_at_the_clock_every_minute() {
        int compared = 0;
        int telling = 0;
        for (String name : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
            ZoneId zone = ZoneId.of(name);
            for (ZoneOffsetTransition change : sampled(zone)) {
                List<Minute> minutes = minutes(zone, change);
                for (int i = 0; i < EXPRESSIONS_A_CHANGE; i++) {
                    Expression expression = expression(change);
                    List<Instant> due = expression.due(minutes);
                    assertThat(times(CronTiming.read(expression.text(), name, zone), minutes))
                            .as("%s in %s around %s, seed %s", expression.text(), name, change, SEED)
                            .isEqualTo(due);
                    compared++;
                    telling += due.isEmpty() ? 0 : 1;
                }
            }
        }
        assertThat(compared).isGreaterThan(3_000);
        assertThat(telling).as("of which so many are due at all").isGreaterThan(compared / 2);
    }

    private List<ZoneOffsetTransition> sampled(ZoneId zone) {
        List<ZoneOffsetTransition> all = new ArrayList<>();
        Instant at = EARLIEST;
        while (true) {
            Optional<ZoneOffsetTransition> next =
                    Optional.ofNullable(zone.getRules().nextTransition(at));
            if (next.isEmpty() || next.get().getInstant().isAfter(LATEST)) {
                break;
            }
            all.add(next.get());
            at = next.get().getInstant();
        }
        if (all.size() <= CHANGES_A_ZONE) {
            return all;
        }
        List<ZoneOffsetTransition> chosen = new ArrayList<>();
        for (int i = 0; i < CHANGES_A_ZONE; i++) {
            chosen.add(all.get(random.nextInt(all.size())));
        }
        return chosen;
    }

    private record Minute(Instant instant, LocalDateTime local) {}

    private static List<Minute> minutes(ZoneId zone, ZoneOffsetTransition change) {
        List<Minute> minutes = new ArrayList<>();
        Instant end = change.getInstant().plus(AROUND);
        for (Instant at = change.getInstant().minus(AROUND); at.isBefore(end); at = at.plusSeconds(60)) {
            ZoneOffset offset = zone.getRules().getOffset(at);
            minutes.add(new Minute(at, LocalDateTime.ofEpochSecond(at.getEpochSecond(), 0, offset)));
        }
        return minutes;
    }

    private static List<Instant> times(Timing timing, List<Minute> minutes) {
        List<Instant> times = new ArrayList<>();
        Instant last = minutes.getLast().instant();
        Instant at = minutes.getFirst().instant();
        while (true) {
            Optional<Instant> next = timing.next(at);
            if (next.isEmpty() || next.get().isAfter(last)) {
                return times;
            }
            at = next.get();
            times.add(at);
        }
    }

    /** Values, and whether the field is written as a wildcard. */
    private record Field(TreeSet<Integer> values, boolean wildcard, int step) {
        String text() {
            return wildcard
                    ? step == 1 ? "*" : "*/" + step
                    : values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    private record Expression(Field minute, Field hour, Field day, Field month, Field weekday) {
        String text() {
            return minute.text() + " " + hour.text() + " " + day.text() + " " + month.text() + " " + weekday.text();
        }

        boolean matches(LocalDateTime time) {
            boolean dayFits = day.values().contains(time.getDayOfMonth());
            boolean weekdayFits = weekday.values().contains(time.getDayOfWeek().getValue() % 7);
            boolean either = !day.wildcard() && !weekday.wildcard();
            return minute.values().contains(time.getMinute())
                    && hour.values().contains(time.getHour())
                    && month.values().contains(time.getMonthValue())
                    && (either ? dayFits || weekdayFits : dayFits && weekdayFits);
        }

        List<Instant> due(List<Minute> minutes) {
            List<Instant> due = new ArrayList<>();
            LocalDateTime seen = minutes.getFirst().local();
            for (Minute minute : minutes.subList(1, minutes.size())) {
                boolean now;
                if (minute().wildcard() || hour().wildcard()) {
                    now = matches(minute.local());
                } else {
                    now = false;
                    while (seen.isBefore(minute.local())) {
                        seen = seen.plusMinutes(1);
                        now |= matches(seen);
                    }
                }
                if (now) {
                    due.add(minute.instant());
                }
            }
            return due;
        }
    }

    /** One that is likely due where the clocks change. */
    private Expression expression(ZoneOffsetTransition change) {
        int near = change.getDateTimeBefore().getHour() + random.nextInt(3) - 1;
        Field hour = random.nextInt(3) == 0 ? wildcard(0, 24) : listed(0, 24, Math.floorMod(near, 24));
        Field minute = random.nextInt(3) == 0 ? wildcard(0, 60) : listed(0, 60, random.nextInt(60));
        Field day = random.nextInt(4) == 0
                ? listed(1, 29, Math.min(28, change.getDateTimeBefore().getDayOfMonth()))
                : range(1, 32, random.nextInt(4) == 0 ? 2 : 1);
        Field month = random.nextInt(3) == 0
                ? listed(1, 13, change.getDateTimeBefore().getMonthValue())
                : range(1, 13, random.nextInt(4) == 0 ? 2 : 1);
        Field weekday = random.nextInt(3) == 0
                ? listed(0, 7, change.getDateTimeBefore().getDayOfWeek().getValue() % 7)
                : range(0, 7, random.nextInt(4) == 0 ? 2 : 1);
        return new Expression(minute, hour, day, month, weekday);
    }

    private Field listed(int from, int to, int one) {
        TreeSet<Integer> values = new TreeSet<>(List.of(one));
        for (int i = random.nextInt(3); i > 0; i--) {
            values.add(from + random.nextInt(to - from));
        }
        return new Field(values, false, 1);
    }

    private Field wildcard(int from, int to) {
        return range(from, to, random.nextBoolean() ? 1 : 2 + random.nextInt(10));
    }

    private static Field range(int from, int to, int step) {
        TreeSet<Integer> values = new TreeSet<>();
        for (int value = from; value < to; value += step) {
            values.add(value);
        }
        return new Field(values, true, step);
    }
}
