package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakOffTest {
    private static final Duration TARGET = Duration.ofMillis(100);
    private static final long BEGAN = 1_000_000_000;

    private static Pressure look(long sample, String holders) {
        return new Pressure(sample, 0, 0, false, 0, false, holders, Pressure.Others.NONE);
    }

    private static long after(long millis) {
        return BEGAN + Duration.ofMillis(millis).toNanos();
    }

    /** Late, and seen late once more. */
    private static boolean late(BreakOff breakOff, String holders) {
        breakOff.isDue(TARGET, look(1, ""), after(600));
        return breakOff.isDue(TARGET, look(2, holders), after(1_600));
    }

    private static BreakOff deleting() {
        BreakOff breakOff = new BreakOff(() -> BEGAN);
        breakOff.next(false, Duration.ZERO);
        return breakOff;
    }

    @Test
    void a_batch_that_took_five_times_its_target_is_broken_off_once_it_is_seen_that_it_waits_for_nobody() {
        BreakOff breakOff = deleting();

        assertThat(breakOff.isDue(TARGET, look(1, ""), after(499))).isFalse();
        assertThat(breakOff.isDue(TARGET, look(1, ""), after(501))).isFalse();
        assertThat(breakOff.isDue(TARGET, look(2, ""), after(900))).isTrue();
        assertThat(breakOff.happened()).isTrue();
        assertThat(breakOff.happened()).isFalse();
    }

    @Test
    void one_that_waits_for_a_lock_is_left_to_the_lock_timeout() {
        assertThat(late(deleting(), "pid 7")).isFalse();
    }

    @Test
    void what_the_size_does_not_decide_is_never_broken_off() {
        BreakOff breakOff = new BreakOff(() -> 0);

        assertThat(late(breakOff, "")).isFalse();
    }

    @Test
    void fixed_costs_do_not_count() {
        BreakOff breakOff = deleting();
        breakOff.next(false, Duration.ofSeconds(1));

        assertThat(late(breakOff, "")).isFalse();
    }

    @Test
    void it_ends_a_batch_that_cannot_be_smaller_and_one_after_three_in_a_row() {
        BreakOff breakOff = deleting();
        breakOff.next(true, Duration.ZERO);
        assertThat(late(breakOff, "")).isFalse();

        breakOff.next(false, Duration.ZERO);
        for (int i = 0; i < 3; i++) {
            assertThat(late(breakOff, "")).isTrue();
            assertThat(breakOff.happened()).isTrue();
        }
        assertThat(late(breakOff, "")).isFalse();

        breakOff.worked();
        assertThat(late(breakOff, "")).isTrue();
    }
}
