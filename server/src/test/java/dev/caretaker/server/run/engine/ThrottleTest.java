package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.run.engine.Throttle.Brake;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration TOOK = Duration.ofMillis(100);

    private final Throttle throttle = new Throttle(0);

    private static Tuning tuning(long rows, double pause, long lag, long wal, int waiters) {
        return new Tuning(Pace.FAST, Duration.ofMillis(100), rows, pause, lag, wal, waiters);
    }

    @Test
    void nothing_holds_back_where_nothing_is_set() {
        Tuning free = tuning(0, 0, 0, 0, 0);
        throttle.batch(free, TOOK, 1_000_000, 1L << 40, 0);

        assertThat(throttle.brake(free, new Pressure(1, 9, 1L << 40, false, 0, false, "", Pressure.Others.NONE), 0))
                .isEmpty();
    }

    @Test
    void rows_are_owed_until_the_cap_has_let_them_flow_off() {
        Tuning capped = tuning(1_000, 0, 0, 0, 0);
        throttle.batch(capped, TOOK, 500, 0, 0);

        assertThat(throttle.brake(capped, Pressure.NONE, 0))
                .contains(new Brake(ThrottleSignal.ROWS_PER_SECOND, 5_000, 1_000, Duration.ofMillis(500)));
        assertThat(throttle.brake(capped, Pressure.NONE, SECOND / 4)
                        .orElseThrow()
                        .pause())
                .isEqualTo(Duration.ofMillis(250));
        assertThat(throttle.brake(capped, Pressure.NONE, SECOND / 2)).isEmpty();
    }

    @Test
    void the_time_a_batch_took_counts_so_that_the_cap_can_be_reached() {
        Tuning capped = tuning(1_000, 0, 0, 0, 0);
        assertThat(throttle.brake(capped, Pressure.NONE, SECOND)).isEmpty();
        throttle.batch(capped, TOOK, 500, 0, SECOND + TOOK.toNanos());

        assertThat(throttle.brake(capped, Pressure.NONE, SECOND + TOOK.toNanos())
                        .orElseThrow()
                        .pause())
                .isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void a_change_of_the_cap_counts_at_once() {
        Tuning capped = tuning(10, 0, 0, 0, 0);
        throttle.batch(capped, TOOK, 1_000, 0, 0);

        assertThat(throttle.brake(capped, Pressure.NONE, 0).orElseThrow().pause())
                .isEqualTo(Duration.ofSeconds(100));
        assertThat(throttle.brake(tuning(10_000, 0, 0, 0, 0), Pressure.NONE, 0)
                        .orElseThrow()
                        .pause())
                .isEqualTo(Duration.ofMillis(100));
        assertThat(throttle.brake(tuning(0, 0, 0, 0, 0), Pressure.NONE, 0)).isEmpty();
    }

    @Test
    void a_pause_is_a_multiple_of_the_batch() {
        Tuning paused = tuning(0, 2, 0, 0, 0);
        throttle.batch(paused, TOOK, 1, 0, 0);

        Brake brake = throttle.brake(paused, Pressure.NONE, 0).orElseThrow();
        assertThat(brake.signal()).isEqualTo(ThrottleSignal.PAUSE_RATIO);
        assertThat(brake.pause()).isEqualTo(Duration.ofMillis(200));
        assertThat(throttle.brake(paused, Pressure.NONE, SECOND / 5)).isEmpty();
    }

    @Test
    void write_ahead_log_over_the_budget_is_waited_for() {
        Tuning budget = tuning(0, 0, 0, 1 << 20, 0);
        throttle.batch(budget, TOOK, 1, 3 << 20, 0);

        assertThat(throttle.brake(budget, Pressure.NONE, 0).orElseThrow())
                .returns(ThrottleSignal.WAL_BUDGET, Brake::signal)
                .returns(Duration.ofSeconds(3), Brake::pause);
    }

    @Test
    void standbys_that_are_behind_hold_back_until_they_have_caught_up() {
        Tuning careful = tuning(0, 0, 1_000, 0, 0);

        assertThat(throttle.brake(careful, new Pressure(1, 0, 1_001, false, 0, false, "", Pressure.Others.NONE), 0))
                .contains(new Brake(ThrottleSignal.REPLICATION_LAG, 1_001, 1_000, Duration.ofSeconds(1)));
        assertThat(throttle.brake(careful, new Pressure(2, 0, 1_000, false, 0, false, "", Pressure.Others.NONE), 0))
                .isEmpty();
    }

    @Test
    void the_same_look_at_lock_waiters_is_given_way_to_once() {
        Tuning polite = tuning(0, 0, 0, 0, 2);
        Pressure seen = new Pressure(7, 2, 0, false, 0, false, "", Pressure.Others.NONE);

        assertThat(throttle.brake(polite, new Pressure(6, 1, 0, false, 0, false, "", Pressure.Others.NONE), 0))
                .isEmpty();
        assertThat(throttle.brake(polite, seen, 0).orElseThrow().signal()).isEqualTo(ThrottleSignal.LOCK_WAITERS);
        throttle.gaveWay(seen);
        assertThat(throttle.brake(polite, seen, 0)).isEmpty();
        assertThat(throttle.brake(polite, new Pressure(8, 2, 0, false, 0, false, "", Pressure.Others.NONE), 0))
                .isPresent();
    }

    @Test
    void the_longest_wait_is_the_one_that_is_told() {
        Tuning both = tuning(1_000, 0, 1_000, 0, 0);
        throttle.batch(both, TOOK, 5_000, 0, 0);

        Brake brake = throttle.brake(both, new Pressure(1, 0, 5_000, false, 0, false, "", Pressure.Others.NONE), 0)
                .orElseThrow();
        assertThat(brake.signal()).isEqualTo(ThrottleSignal.ROWS_PER_SECOND);
    }
}
