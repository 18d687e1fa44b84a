package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.BatchSizing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSizerTest {
    private static final Duration TARGET = Duration.ofMillis(100);

    private static BatchSizer sizer(long size) {
        return new BatchSizer(new BatchSizing(1_000, 10, 1_000_000), size);
    }

    private static void worked(
            BatchSizer sizer, Duration target, Duration work, Duration overhead, long wal, double fill) {
        sizer.committed(overhead);
        sizer.committed(overhead);
        sizer.worked(target, work, wal, fill);
    }

    private static long after(Duration target, long workMillis, long overheadMillis, long wal, double fill) {
        BatchSizer sizer = sizer(1_000);
        worked(sizer, target, target, Duration.ZERO, 0, 1);
        worked(sizer, target, Duration.ofMillis(workMillis), Duration.ofMillis(overheadMillis), wal, fill);
        return sizer.size();
    }

    @Test
    void a_batch_that_took_too_long_shrinks_in_proportion_but_by_half_at_most() {
        assertThat(after(TARGET, 125, 0, 0, 1)).isEqualTo(800);
        assertThat(after(TARGET, 5_000, 0, 0, 1)).isEqualTo(500);
    }

    @Test
    void a_batch_that_was_fast_grows_by_the_root_but_by_half_at_most() {
        assertThat(after(TARGET, 64, 0, 0, 1)).isEqualTo(1_250);
        assertThat(after(TARGET, 1, 0, 0, 1)).isEqualTo(1_500);
    }

    @Test
    void until_a_batch_took_two_thirds_of_the_wanted_time_sizes_follow_it_but_sixfold_at_most() {
        BatchSizer sizer = sizer(1_000);
        worked(sizer, TARGET, Duration.ofMillis(1), Duration.ZERO, 0, 1);
        assertThat(sizer.size()).isEqualTo(6_000);
        worked(sizer, TARGET, Duration.ofMillis(4), Duration.ZERO, 0, 0.1);
        assertThat(sizer.size()).isEqualTo(9_000);
        worked(sizer, TARGET, Duration.ofMillis(40), Duration.ofMillis(20), 0, 1);
        assertThat(sizer.size()).isEqualTo(14_400);
        worked(sizer, TARGET, Duration.ofMillis(80), Duration.ofMillis(20), 0, 1);
        assertThat(sizer.size()).isEqualTo(14_400);
        worked(sizer, TARGET, Duration.ofMillis(1), Duration.ZERO, 0, 1);
        assertThat(sizer.size()).isEqualTo(21_600);
    }

    @Test
    void a_batch_that_only_looked_for_work_changes_no_size() {
        assertThat(after(TARGET, 5_000, 0, 0, -1)).isEqualTo(1_000);
    }

    @Test
    void growth_is_held_back_by_a_thin_batch_and_shrinking_is_not() {
        assertThat(after(TARGET, 1, 0, 0, 0.1)).isEqualTo(1_050);
        assertThat(after(TARGET, 1, 0, 0, 0)).isEqualTo(1_000);
        assertThat(after(TARGET, 125, 0, 0, 0)).isEqualTo(800);
    }

    @Test
    void journal_and_commit_count_but_leave_ten_milliseconds_of_work() {
        assertThat(after(TARGET, 75, 25, 0, 1)).isEqualTo(1_000);
        assertThat(after(Duration.ofMillis(20), 10, 50, 0, 1)).isEqualTo(1_000);
    }

    @Test
    void a_batch_makes_no_more_than_64_megabytes_of_write_ahead_log() {
        assertThat(after(TARGET, 100, 0, 80L << 20, 1)).isEqualTo(800);
        assertThat(after(TARGET, 1, 0, 60L << 20, 1)).isBetween(1_060L, 1_067L);
    }

    @Test
    void it_converges_on_the_target_and_stays_within_bounds() {
        BatchSizer sizer = sizer(10);
        for (int i = 0; i < 60; i++) {
            Duration work = Duration.ofNanos(sizer.size() * 20_000); // 50,000 rows a second
            worked(sizer, TARGET, work, Duration.ofMillis(5), 0, 1);
        }
        assertThat(sizer.size()).isBetween(4_600L, 4_900L);

        for (int i = 0; i < 60; i++) {
            worked(sizer, TARGET, Duration.ofSeconds(10), Duration.ZERO, 0, 1);
        }
        assertThat(sizer.size()).isEqualTo(10);
        for (int i = 0; i < 60; i++) {
            worked(sizer, TARGET, Duration.ofNanos(1), Duration.ZERO, 0, 1);
        }
        assertThat(sizer.size()).isEqualTo(1_000_000);
    }

    @Test
    void a_failure_halves_it() {
        BatchSizer sizer = sizer(1_000);
        sizer.shrink();
        assertThat(sizer.size()).isEqualTo(500);
    }

    @Test
    void room_is_left_for_the_longer_of_the_latest_two_overheads() {
        BatchSizer sizer = sizer(1_000);
        sizer.committed(Duration.ofMillis(50));
        sizer.committed(Duration.ofMillis(10));
        sizer.worked(TARGET, Duration.ofMillis(100), 0, 1);
        assertThat(sizer.size()).isEqualTo(500);
    }
}
