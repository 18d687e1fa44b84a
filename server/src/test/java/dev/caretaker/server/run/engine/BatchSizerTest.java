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
    void journal_and_commit_count_but_leave_ten_milliseconds_of_work_and_half_of_what_they_take() {
        assertThat(after(TARGET, 75, 25, 0, 1)).isEqualTo(1_000);
        assertThat(after(Duration.ofMillis(20), 10, 15, 0, 1)).isEqualTo(1_000);
        assertThat(after(Duration.ofMillis(20), 25, 50, 0, 1)).isEqualTo(1_000);
    }

    @Test
    void a_batch_whose_fixed_costs_exceed_its_target_grows_until_its_rows_take_as_long() {
        BatchSizer sizer = sizer(10);
        for (int i = 0; i < 60; i++) {
            long work = 150_000_000 + sizer.size() * 20_000; // 150 ms, and 50,000 rows a second
            worked(sizer, TARGET, Duration.ofNanos(work), Duration.ofMillis(5), 0, 1);
        }
        assertThat(sizer.size()).isBetween(5_000L, 8_000L);
    }

    @Test
    void fixed_costs_that_come_up_in_the_middle_do_not_make_batches_tiny_and_go_again() {
        BatchSizer sizer = sizer(1_000);
        for (int i = 0; i < 100; i++) {
            long fixed = i > 20 && i < 60 ? 400_000_000 : 1_000_000;
            worked(sizer, TARGET, Duration.ofNanos(fixed + sizer.size() * 20_000), Duration.ofMillis(5), 0, 1);
            assertThat(sizer.size()).isGreaterThan(250);
        }
        assertThat(sizer.size()).isBetween(4_400L, 4_900L);
    }

    @Test
    void planning_that_was_measured_is_a_fixed_cost_at_once() {
        BatchSizer sizer = sizer(1_000);
        worked(sizer, TARGET, TARGET, Duration.ZERO, 0, 1);
        sizer.planned(Duration.ofMillis(100));
        worked(sizer, TARGET, Duration.ofMillis(125), Duration.ZERO, 0, 1);
        assertThat(sizer.size()).isGreaterThan(1_000);
    }

    @Test
    void for_the_sake_of_fixed_costs_rows_take_four_times_the_wanted_time_at_most() {
        BatchSizer sizer = sizer(10);
        for (int i = 0; i < 80; i++) {
            long work = 3_000_000_000L + sizer.size() * 20_000;
            worked(sizer, TARGET, Duration.ofNanos(work), Duration.ofMillis(5), 0, 1);
        }
        assertThat(sizer.size()).isBetween(14_000L, 21_000L);
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
            worked(sizer, TARGET, Duration.ofSeconds(sizer.size()), Duration.ZERO, 0, 1);
        }
        assertThat(sizer.size()).isBetween(10L, 15L);
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
