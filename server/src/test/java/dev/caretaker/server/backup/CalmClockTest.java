package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CalmClockTest {
    private static final Instant BEGIN = Instant.parse("2026-11-29T02:00:00Z");

    private Instant wall = BEGIN;
    private long nanos = -5;
    private final CalmClock clock = new CalmClock(() -> wall, () -> nanos);

    /** Time passes, for people and for the machine. */
    private void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    @Test
    void time_that_passes_is_believed_however_long_nobody_asks() {
        assertThat(clock.now()).isEqualTo(BEGIN);
        pass(Duration.ofDays(40));
        assertThat(clock.now()).isEqualTo(wall);
        wall = wall.plus(Duration.ofMinutes(50));
        assertThat(clock.now()).as("set by a little").isEqualTo(wall);
    }

    @Test
    void a_clock_that_leaps_ahead_by_years_is_believed_only_if_it_stands_by_that_for_a_day() {
        clock.now();
        pass(Duration.ofMinutes(1));
        Instant before = wall;
        wall = wall.plus(Duration.ofDays(3650));
        assertThat(clock.now()).isEqualTo(before);
        for (int hours = 1; hours <= 24; hours++) {
            pass(Duration.ofHours(1));
            assertThat(clock.now()).isEqualTo(before.plus(Duration.ofHours(hours)));
        }
        pass(Duration.ofMinutes(1));
        assertThat(clock.now()).isEqualTo(wall);
    }

    @Test
    void one_that_is_set_right_meanwhile_is_believed_at_once_and_a_later_leap_waits_for_a_day_again() {
        clock.now();
        wall = wall.plus(Duration.ofDays(3650));
        assertThat(clock.now()).isEqualTo(BEGIN);
        pass(Duration.ofHours(20));
        clock.now();
        wall = wall.minus(Duration.ofDays(3650));
        assertThat(clock.now()).isEqualTo(wall);
        wall = wall.plus(Duration.ofDays(3650));
        pass(Duration.ofHours(5));
        assertThat(clock.now()).isEqualTo(BEGIN.plus(Duration.ofHours(25)));
    }

    @Test
    void a_further_leap_waits_for_a_day_of_its_own_whatever_the_first_one_has_waited() {
        clock.now();
        wall = wall.plus(Duration.ofHours(2));
        assertThat(clock.now()).isEqualTo(BEGIN);
        pass(Duration.ofMinutes(23 * 60 + 30));
        clock.now();
        wall = wall.plus(Duration.ofDays(3650));
        pass(Duration.ofMinutes(1));
        clock.now();
        pass(Duration.ofHours(23));
        assertThat(clock.now()).isEqualTo(BEGIN.plus(Duration.ofMinutes(46 * 60 + 31)));
        wall = wall.minus(Duration.ofDays(3640)); // still ahead, by ten days
        clock.now();
        pass(Duration.ofHours(2));
        assertThat(clock.now()).isEqualTo(BEGIN.plus(Duration.ofMinutes(48 * 60 + 31)));
        pass(Duration.ofHours(23));
        assertThat(clock.now()).isEqualTo(wall);
    }

    @Test
    void one_that_leaps_back_is_believed_at_once_since_nothing_grows_old_by_that() {
        clock.now();
        wall = wall.minus(Duration.ofDays(3650));
        assertThat(clock.now()).isEqualTo(wall);
    }
}
