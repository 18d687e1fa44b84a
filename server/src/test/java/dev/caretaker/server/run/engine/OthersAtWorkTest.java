package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OthersAtWorkTest {
    private static final Duration BATCH = Duration.ofMillis(100);

    private final OthersAtWork others = new OthersAtWork();
    private long now = 1_000_000_000;
    private long sample;

    private Pressure look(int active, int justNow, boolean hidden) {
        return new Pressure(++sample, 0, 0, false, 0, false, "", new Pressure.Others(0, active, justNow, hidden));
    }

    private void batch(long transactions, Pressure pressure) {
        now += BATCH.toNanos();
        others.batch(transactions, BATCH, pressure, now);
    }

    @Test
    void who_is_active_when_the_run_begins_counts_before_the_first_batch() {
        others.begin(look(4, 2, false), now);
        assertThat(others.atWork()).isTrue();
    }

    @Test
    void who_was_active_a_moment_before_and_not_since_does_not() {
        others.begin(look(1, 0, false), now);
        assertThat(others.atWork()).isFalse();
    }

    @Test
    void whose_session_is_seen_no_more_counts_as_gone_after_two_seconds() {
        others.begin(look(1, 1, false), now);
        for (int i = 0; i < 20; i++) {
            batch(1, look(0, 0, false));
            assertThat(others.atWork()).isTrue();
        }
        batch(1, look(0, 0, false));
        assertThat(others.atWork()).isFalse();
    }

    @Test
    void transactions_count_where_sessions_cannot_be_seen() {
        others.begin(look(0, 0, true), now);
        batch(43, look(0, 0, true));
        assertThat(others.atWork()).isTrue();
        assertThat(others.perSecond()).isEqualTo(400);
    }

    @Test
    void transactions_of_autovacuum_other_runs_and_the_control_store_do_not_count_where_sessions_are_seen() {
        others.begin(look(0, 0, false), now);
        for (int i = 0; i < 50; i++) {
            batch(43, look(0, 0, false));
            assertThat(others.atWork()).isFalse();
        }
    }

    @Test
    void our_own_batch_and_its_journal_are_not_others() {
        others.begin(look(0, 0, true), now);
        for (int i = 0; i < 50; i++) {
            batch(3, look(0, 0, true));
            assertThat(others.atWork()).isFalse();
        }
    }

    @Test
    void a_rate_is_not_taken_from_a_moment() {
        others.begin(look(0, 0, true), now);
        others.batch(5, Duration.ofMillis(5), look(0, 0, true), now);
        assertThat(others.atWork()).isFalse();
        assertThat(others.perSecond()).isZero();
    }

    @Test
    void a_session_that_only_reads_is_noticed_when_it_is_seen_twice_in_a_row() {
        batch(0, look(1, 0, false));
        assertThat(others.atWork()).isFalse();
        batch(0, look(1, 0, false));
        assertThat(others.atWork()).isTrue();
    }

    @Test
    void who_polls_a_figure_now_and_then_is_no_application() {
        for (int i = 0; i < 50; i++) {
            batch(0, look(i % 2, 0, false));
            assertThat(others.atWork()).isFalse();
        }
    }

    @Test
    void one_look_counts_once_however_many_batches_see_it() {
        Pressure same = look(1, 0, false);
        batch(0, same);
        batch(0, same);
        batch(0, same);
        assertThat(others.atWork()).isFalse();
    }
}
