package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final Duration BATCH = Duration.ofMillis(100);
    private static final Duration COMMIT = Duration.ofMillis(2);
    private static final long MB = 1L << 20;

    private final Pacer pacer = new Pacer(new BatchSizing(2_000, 10, 500_000));
    private long now = 1_000_000_000;
    private long sample;

    private void at(Pace pace) {
        pacer.tuned(Tuning.DEFAULT.at(java.util.Optional.of(pace)));
    }

    private Pressure pressure(int lockWaiters, long unflushed, int logWaiters, int active) {
        return new Pressure(
                ++sample,
                lockWaiters,
                0,
                false,
                unflushed,
                false,
                "",
                new Pressure.Others(logWaiters, active, active, false));
    }

    private void batch(long transactions, Duration commit, Pressure pressure) {
        now += BATCH.toNanos();
        pacer.batch(new Pacer.Seen(transactions, BATCH), commit, 0, pressure, now);
    }

    private void alone() {
        batch(2, COMMIT, pressure(0, 0, 0, 0));
    }

    /** Beside 400 transactions a second. */
    private void beside() {
        batch(43, COMMIT, pressure(0, 0, 1, 4));
    }

    private double shareAfter(int batches, Runnable batch) {
        for (int i = 0; i < batches; i++) {
            batch.run();
        }
        return pacer.share();
    }

    private ThrottleSignal signal() {
        return pacer.reason().orElseThrow().signal();
    }

    @Test
    void while_nobody_else_works_it_is_as_fast_as_it_can_be() {
        for (int i = 0; i < 50; i++) {
            alone();
            assertThat(pacer.isGentle()).isFalse();
            assertThat(pacer.reason()).isEmpty();
        }
    }

    @Test
    void beside_others_it_is_gentle_from_the_first_batch_and_says_at_which_rate_they_work() {
        pacer.begin(pressure(0, 0, 0, 4), now);
        assertThat(pacer.isGentle()).isTrue();

        beside();
        assertThat(pacer.reason()).hasValueSatisfying(brake -> {
            assertThat(brake.signal()).isEqualTo(ThrottleSignal.OTHERS_AT_WORK);
            assertThat(brake.value()).isEqualTo(400);
            assertThat(brake.threshold()).isEqualTo(10);
        });
    }

    @Test
    void when_they_are_gone_it_is_fast_again() {
        beside();
        assertThat(pacer.isGentle()).isTrue();
        shareAfter(40, this::alone);
        assertThat(pacer.isGentle()).isFalse();
        assertThat(pacer.reason()).isEmpty();
    }

    @Test
    void who_waits_for_the_log_makes_it_work_less_by_a_factor_and_then_more_by_small_steps() {
        beside();
        double before = pacer.share();
        double after = shareAfter(20, () -> batch(43, COMMIT, pressure(0, 0, 4, 4)));
        assertThat(after).isLessThan(before * 0.75);
        assertThat(signal()).isEqualTo(ThrottleSignal.LOG_WAITERS);
        assertThat(pacer.reason().orElseThrow().value())
                .isGreaterThan(pacer.reason().orElseThrow().threshold());

        double later = shareAfter(15, this::beside);
        assertThat(later).isBetween(after, before);
        assertThat(shareAfter(60, this::beside)).isEqualTo(before);
    }

    @Test
    void many_who_wait_for_the_log_are_no_harm_where_very_many_transactions_are_made() {
        double before = shareAfter(1, this::beside);
        assertThat(shareAfter(30, () -> batch(503, COMMIT, pressure(0, 0, 9, 20))))
                .isEqualTo(before);
    }

    @Test
    void commits_of_its_own_that_take_a_multiple_of_their_best_make_it_work_less() {
        beside();
        double before = pacer.share();
        shareAfter(10, () -> batch(43, Duration.ofMillis(30), pressure(0, 0, 1, 4)));
        assertThat(pacer.share()).isLessThan(before);
        assertThat(pacer.reason()).hasValueSatisfying(brake -> {
            assertThat(brake.signal()).isEqualTo(ThrottleSignal.COMMIT_TIME);
            assertThat(brake.value()).isGreaterThan(20);
            assertThat(brake.threshold()).isBetween(5.0, 6.0);
        });
    }

    @Test
    void who_waits_for_its_locks_makes_it_work_less() {
        beside();
        double before = pacer.share();
        batch(43, COMMIT, pressure(3, 0, 0, 4));
        assertThat(pacer.share()).isLessThan(before);
        assertThat(signal()).isEqualTo(ThrottleSignal.LOCK_WAITERS);
    }

    @Test
    void a_standby_that_cannot_follow_makes_it_gentle_though_nobody_else_works_until_it_has_caught_up() {
        alone();
        batch(2, COMMIT, pressure(0, 100 * MB, 0, 0));
        assertThat(pacer.isGentle()).isTrue();
        double before = pacer.share();
        batch(2, COMMIT, pressure(0, 40 * MB, 0, 0));
        now += Duration.ofSeconds(1).toNanos();
        batch(2, COMMIT, pressure(0, 40 * MB, 0, 0));
        assertThat(pacer.share()).isLessThan(before);
        assertThat(signal()).isEqualTo(ThrottleSignal.REPLICATION_LAG);

        batch(2, COMMIT, pressure(0, 10 * MB, 0, 0));
        assertThat(pacer.isGentle()).isFalse();
    }

    @Test
    void the_share_goes_down_no_faster_than_its_effect_can_show_and_never_to_nothing() {
        beside();
        double before = pacer.share();
        shareAfter(3, () -> batch(43, COMMIT, pressure(2, 0, 0, 4)));
        assertThat(pacer.share()).isGreaterThan(before * 0.6);
        assertThat(shareAfter(200, () -> batch(43, COMMIT, pressure(2, 0, 0, 4))))
                .isEqualTo(0.2);
    }

    @Test
    void a_slice_is_followed_by_a_pause_half_as_long_and_what_was_slept_too_long_is_taken_off_the_next() {
        assertThat(pacer.sliced(Duration.ofNanos(6_500_000), 1))
                .isCloseTo(Duration.ofNanos(3_500_000), Duration.ofNanos(10));
        pacer.paused(Duration.ofNanos(4_500_000));
        assertThat(pacer.sliced(Duration.ofNanos(6_500_000), 1))
                .isCloseTo(Duration.ofNanos(2_500_000), Duration.ofNanos(10));
    }

    @Test
    void costs_that_every_slice_has_do_not_make_slices_ever_smaller() {
        for (int i = 0; i < 300; i++) {
            long micros = 6_000 + pacer.slice() * 3;
            pacer.sliced(Duration.ofNanos(micros * 1_000), 1);
        }
        assertThat(pacer.slice()).isGreaterThan(800);
    }

    @Test
    void where_everything_is_slow_slices_stay_worth_it_and_pauses_end() {
        beside();
        shareAfter(100, () -> batch(43, Duration.ofSeconds(1), pressure(2, 0, 4, 4)));
        for (int i = 0; i < 100; i++) {
            assertThat(pacer.sliced(Duration.ofMillis(200), 1)).isLessThanOrEqualTo(Duration.ofMillis(40));
        }
        assertThat(pacer.slice()).isGreaterThanOrEqualTo(200);
    }

    @Test
    void a_slice_makes_no_more_log_than_half_a_megabyte() {
        for (int i = 0; i < 100; i++) {
            long size = pacer.slice();
            pacer.sliced(Duration.ofMillis(1), 1);
            pacer.batch(new Pacer.Seen(0, BATCH), COMMIT, size * 1_024, pressure(0, 0, 0, 0), now);
        }
        assertThat(pacer.slice()).isBetween(256L, 512L);
    }

    @Test
    void pace_fast_never_gives_way_and_polite_always_does_and_more() {
        at(Pace.FAST);
        alone();
        assertThat(pacer.mayOverlap()).isTrue();
        beside();
        assertThat(pacer.isGentle()).isFalse();
        assertThat(pacer.mayOverlap()).isFalse(); // on two processors others would have none
        assertThat(pacer.reason()).isEmpty();

        at(Pace.POLITE);
        assertThat(pacer.isGentle()).isTrue();
        assertThat(pacer.sliced(Duration.ofMillis(2), 1)).isEqualTo(Duration.ofMillis(6));
        alone();
        assertThat(pacer.reason()).isEmpty();
    }
}
