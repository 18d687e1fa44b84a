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
    private static final Duration COMMIT = Duration.ofMillis(5);

    private final Pacer pacer = new Pacer(new BatchSizing(2_000, 10, 500_000));
    private long now = 1_000_000_000;
    private long sample;

    private void at(Pace pace) {
        Tuning old = Tuning.DEFAULT;
        pacer.tuned(new Tuning(pace, old.batchTarget(), 0, 0, 0, 0, 1));
    }

    private void batch(long transactions, int logWaiters, int active, Duration commit) {
        now += BATCH.toNanos();
        Pressure pressure = new Pressure(++sample, 0, 0, false, false, logWaiters, active, false, "");
        pacer.batch(new Pacer.Seen(transactions, BATCH), commit, pressure, now);
    }

    @Test
    void while_nobody_else_works_it_is_as_fast_as_it_can_be() {
        for (int i = 0; i < 50; i++) {
            batch(2, 0, 0, COMMIT);
            assertThat(pacer.isGentle()).isFalse();
            assertThat(pacer.reason()).isEmpty();
        }
    }

    @Test
    void transactions_of_others_make_it_gentle_at_once_and_their_silence_makes_it_fast_again() {
        batch(40, 0, 0, COMMIT);
        assertThat(pacer.isGentle()).isTrue();
        assertThat(pacer.reason()).hasValueSatisfying(brake -> {
            assertThat(brake.signal()).isEqualTo(ThrottleSignal.OTHERS_AT_WORK);
            assertThat(brake.value()).isEqualTo(370);
        });

        for (int i = 0; i < 40; i++) {
            batch(1, 0, 0, COMMIT);
        }
        assertThat(pacer.isGentle()).isFalse();
    }

    @Test
    void a_session_that_only_reads_is_noticed_when_it_is_seen_twice() {
        batch(0, 0, 1, COMMIT);
        assertThat(pacer.isGentle()).isFalse();
        batch(0, 0, 1, COMMIT);
        assertThat(pacer.isGentle()).isTrue();
    }

    @Test
    void who_waits_for_the_log_makes_it_work_less_by_a_factor_and_then_more_by_small_steps() {
        batch(40, 0, 0, COMMIT);
        double before = pacer.share();
        for (int i = 0; i < 5; i++) {
            batch(40, 4, 1, COMMIT);
        }
        double after = pacer.share();
        assertThat(after).isLessThan(before * 0.7);
        assertThat(pacer.reason().orElseThrow().signal()).isEqualTo(ThrottleSignal.LOG_WAITERS);

        for (int i = 0; i < 10; i++) {
            batch(40, 0, 1, COMMIT);
        }
        assertThat(pacer.share()).isBetween(after, before);
    }

    @Test
    void so_do_commits_of_its_own_that_take_a_multiple_of_their_quiet_time() {
        batch(40, 0, 0, COMMIT);
        batch(40, 0, 0, Duration.ofMillis(60));
        assertThat(pacer.reason()).hasValueSatisfying(brake -> {
            assertThat(brake.signal()).isEqualTo(ThrottleSignal.COMMIT_TIME);
            assertThat(brake.value()).isEqualTo(60);
            assertThat(brake.threshold()).isEqualTo(30);
        });
    }

    @Test
    void slices_take_about_three_milliseconds_and_are_paused_after_for_as_long() {
        batch(40, 0, 0, COMMIT);
        long before = pacer.slice();
        assertThat(pacer.sliced(Duration.ofMillis(4))).isEqualTo(Duration.ofMillis(4));
        assertThat(pacer.slice()).isEqualTo(before * 3 / 4);
    }

    @Test
    void pace_fast_never_gives_way_and_polite_always_does() {
        at(Pace.FAST);
        batch(40, 9, 9, COMMIT);
        assertThat(pacer.isGentle()).isFalse();

        at(Pace.POLITE);
        assertThat(pacer.isGentle()).isTrue();
        assertThat(pacer.sliced(Duration.ofMillis(2))).isEqualTo(Duration.ofMillis(6));
    }
}
