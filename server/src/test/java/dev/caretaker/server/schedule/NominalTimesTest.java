package dev.caretaker.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.schedule.NominalTimes.Time;
import dev.caretaker.server.schedule.time.IntervalTiming;
import dev.caretaker.server.schedule.time.Jitter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NominalTimesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private static NominalTimes hourly(Duration jitter) {
        return new NominalTimes(new IntervalTiming(HOUR), new Jitter("nightly", jitter));
    }

    @Test
    void each_nominal_time_is_due_after_its_own_jitter_and_none_overtakes_another() {
        Jitter jitter = new Jitter("nightly", Duration.ofMinutes(30));
        List<Time> day = hourly(jitter.most()).due(START, START.plus(Duration.ofDays(1)), 100);
        assertThat(day)
                .hasSizeBetween(23, 24)
                .allSatisfy(time -> assertThat(time.due())
                        .isEqualTo(time.nominal()
                                .plus(jitter.of(time.nominal(), time.nominal().plus(HOUR))))
                        .isBetween(time.nominal(), time.nominal().plus(jitter.most())));
        assertThat(day)
                .extracting(time -> Duration.between(time.nominal(), time.due()))
                .doesNotHaveDuplicates();
        assertThat(day).extracting(Time::due).isSorted();
    }

    @Test
    void what_has_passed_is_not_due_before_its_jitter_has_too() {
        NominalTimes times = hourly(Duration.ofMinutes(30));
        Time next = times.next(START).orElseThrow();
        assertThat(next.due()).isAfter(next.nominal());
        assertThat(times.passed(START, next.nominal(), 10)).containsExactly(next);
        assertThat(times.due(START, next.nominal(), 10)).isEmpty();
        assertThat(times.due(START, next.due().minusMillis(1), 10)).isEmpty();
        assertThat(times.due(START, next.due(), 10)).containsExactly(next);
    }

    @Test
    void without_jitter_a_time_is_due_when_it_comes() {
        Time next = hourly(Duration.ZERO).next(START).orElseThrow();
        assertThat(next.due()).isEqualTo(next.nominal()).isEqualTo(START.plus(HOUR));
    }
}
