package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private Instant time = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos = Long.MAX_VALUE - 1;
    private final ClockWatch watch = new ClockWatch(() -> time, () -> nanos);

    private void pass(Duration passed) {
        time = time.plus(passed);
        nanos += passed.toNanos();
    }

    @Test
    void a_clock_that_goes_as_time_passes_does_not_leap() {
        assertThat(watch.leapt()).isZero();
        pass(Duration.ofDays(3));
        assertThat(watch.leapt()).isZero();
    }

    @Test
    void each_leap_is_told_once_whichever_way() {
        pass(Duration.ofSeconds(1));
        time = time.minusSeconds(3_600);
        assertThat(watch.leapt()).isEqualTo(Duration.ofHours(-1));
        pass(Duration.ofSeconds(1));
        assertThat(watch.leapt()).isZero();
        time = time.plusSeconds(60);
        assertThat(watch.leapt()).isEqualTo(Duration.ofMinutes(1));
    }
}
