package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void speed_and_remaining_time_come_from_the_last_seconds() {
        ProgressMeter meter = new ProgressMeter(10_000, 0, 0, 0);
        for (int second = 1; second <= 40; second++) {
            int rows = second <= 20 ? second * 10 : 200 + (second - 20) * 100;
            meter.at(rows, -1, second * SECOND);
        }

        assertThat(meter.rowsPerSecond()).isCloseTo(100, within(1.0));
        assertThat(meter.eta().orElseThrow()).isCloseTo(Duration.ofSeconds(78), Duration.ofSeconds(1));
    }

    @Test
    void the_fraction_never_goes_backwards() {
        ProgressMeter meter = new ProgressMeter(100, 0.5, 0, 0);
        meter.at(10, -1, SECOND);
        assertThat(meter.fraction()).isEqualTo(0.5);
        meter.at(10, 0.7, 2 * SECOND);
        meter.at(10, 0.6, 3 * SECOND);
        assertThat(meter.fraction()).isEqualTo(0.7);
        meter.at(10, 1, 4 * SECOND);
        assertThat(meter.fraction()).isEqualTo(1);
    }

    @Test
    void more_rows_than_expected_are_not_the_end() {
        ProgressMeter meter = new ProgressMeter(100, 0, 0, 0);
        meter.at(900, -1, SECOND);
        meter.at(1_800, -1, 2 * SECOND);
        meter.at(2_700, -1, 20 * SECOND);
        assertThat(meter.fraction()).isEqualTo(0.99);
        assertThat(meter.eta()).isEmpty();
    }

    @Test
    void nothing_is_expected_of_what_does_not_move() {
        ProgressMeter meter = new ProgressMeter(0, 0, 0, 0);
        meter.at(0, -1, SECOND);
        assertThat(meter.eta()).isEmpty();
    }
}
