package dev.caretaker.server.report.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caretaker.server.report.growth.CatchUp.Count;
import dev.caretaker.server.report.growth.CatchUp.Verdict;
import dev.caretaker.server.report.growth.GrowthStore.Removal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A table into which rows come and from which cleanups take them, hour by hour; and what is said of it. */
class CatchUpTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Count> counts = new ArrayList<>();
    private final List<Removal> removals = new ArrayList<>();

    /** What became of a run: rows that it removes at most. */
    private void live(int days, double left, double inPerHour, int sampleHour, int runHour, double most) {
        double rows = left;
        for (int hour = 0; hour < days * 24; hour++) {
            rows += inPerHour;
            Instant now = BEGIN.plus(Duration.ofHours(hour));
            if (hour % 24 == sampleHour) {
                counts.add(new Count(now, (long) rows, true));
            }
            if (hour % 24 == runHour && most > 0) {
                double gone = Math.min(rows, most);
                removals.add(new Removal("p", now, now.plusSeconds(600), (long) gone, gone == rows));
                rows -= gone;
            }
        }
    }

    private CatchUp judged() {
        return judged(BEGIN);
    }

    private CatchUp judged(Instant known) {
        return CatchUp.of(counts, counts.isEmpty() ? Optional.empty() : Optional.of(counts.getLast()), removals, known);
    }

    @Test
    void of_a_time_whose_cleanups_are_forgotten_nothing_is_reckoned() {
        live(400, 1_000_000, 100, 12, 2, 2_160); // of 2,400 rows a day a tenth stays
        Instant known = BEGIN.plus(Duration.ofDays(310));
        removals.removeIf(removal -> removal.ended().isBefore(known));
        CatchUp judged = judged(known);
        assertThat(judged.verdict()).as(judged.reason()).isEqualTo(Verdict.NEVER);
        assertThat(judged.inflowPerDay().orElseThrow()).isCloseTo(2_400, within(10.0));
        assertThat(judged.outflowPerDay().orElseThrow()).isCloseTo(2_160, within(30.0));
        assertThat(judged.series().trend().orElseThrow().span())
                .as("how many there were is known of all of it")
                .isGreaterThan(Duration.ofDays(390));
    }

    @Test
    void a_cleanup_that_takes_all_each_night_keeps_up_whatever_the_hour_of_the_sample() {
        for (int hour = 0; hour < 24; hour++) {
            counts.clear();
            removals.clear();
            live(20, 5_000, 100, hour, 2, 1e9);
            assertThat(judged().verdict()).as("sampled at %s", hour).isEqualTo(Verdict.KEEPS_UP);
        }
    }

    @Test
    void a_backlog_that_shrinks_is_done_when_it_is() {
        live(20, 1_000_000, 100, 12, 2, 20_000);
        CatchUp judged = judged();
        assertThat(judged.verdict()).isEqualTo(Verdict.CATCHES_UP);
        assertThat(judged.inflowPerDay().orElseThrow()).isCloseTo(2_400, within(10.0));
        assertThat(judged.outflowPerDay().orElseThrow()).isCloseTo(20_000, within(10.0));
        double left = counts.getLast().rows() / 17_600.0;
        Instant done = counts.getLast().at().plusSeconds((long) (left * 86_400));
        assertThat(judged.done().orElseThrow().at().orElseThrow())
                .isBetween(done.minus(Duration.ofHours(12)), done.plus(Duration.ofHours(12)));
    }

    @Test
    void where_more_comes_than_goes_it_never_catches_up() {
        live(20, 10_000, 1_000, 12, 2, 20_000);
        CatchUp judged = judged();
        assertThat(judged.verdict()).isEqualTo(Verdict.NEVER);
        assertThat(judged.inflowPerDay().orElseThrow()).isCloseTo(24_000, within(50.0));
        assertThat(judged.reason()).contains("More rows become eligible than cleanups remove");
    }

    @Test
    void where_nothing_runs_it_never_catches_up() {
        live(20, 10_000, 1_000, 12, 2, 0);
        assertThat(judged().verdict()).isEqualTo(Verdict.NEVER);
        assertThat(judged().reason()).isEqualTo("No cleanup by it is known of this time.");
        assertThat(judged().lastRun()).isEmpty();
    }

    @Test
    void a_cleanup_that_took_all_and_then_stopped_does_not_keep_up() {
        live(20, 10_000, 1_000, 12, 2, 1e9);
        removals.removeIf(removal -> removal.ended().isAfter(BEGIN.plus(Duration.ofDays(12))));
        assertThat(judged().verdict()).isEqualTo(Verdict.NEVER);
        assertThat(judged().reason()).isEqualTo("The last cleanup by it ended 8 days before.");
    }

    @Test
    void a_weekly_cleanup_is_not_late_on_the_sixth_day() {
        live(27, 10_000, 1_000, 12, 2, 1e9);
        removals.removeIf(removal -> Duration.between(BEGIN, removal.ended()).toDays() % 7 != 0);
        assertThat(judged().verdict()).isEqualTo(Verdict.KEEPS_UP);
    }

    @Test
    void about_as_much_as_comes_is_unclear() {
        Random random = new Random(1);
        double rows = 1_000_000;
        for (int day = 0; day < 20; day++) {
            Instant now = BEGIN.plus(Duration.ofDays(day));
            rows += 20_000;
            counts.add(new Count(now, (long) (rows + random.nextGaussian() * 50_000), false));
            removals.add(new Removal("p", now.plusSeconds(3_600), now.plusSeconds(7_200), 20_000, false));
            rows -= 20_000;
        }
        assertThat(judged().verdict()).isEqualTo(Verdict.UNCLEAR);
    }

    @Test
    void a_run_that_goes_on_for_days_has_done_its_part_at_each_sample() {
        double rows = 5_000_000;
        removals.add(new Removal("p", BEGIN, BEGIN.plus(Duration.ofDays(10)), 1_000_000, false));
        for (int day = 1; day < 10; day++) {
            counts.add(new Count(BEGIN.plus(Duration.ofDays(day)), (long) (rows - day * 100_000 + day * 1_000), false));
        }
        assertThat(judged().inflowPerDay().orElseThrow()).isCloseTo(1_000, within(1.0));
        assertThat(judged().outflowPerDay().orElseThrow()).isCloseTo(100_000, within(1.0));
        assertThat(judged().verdict()).isEqualTo(Verdict.CATCHES_UP);
    }

    @Test
    void few_samples_are_said_to_be_too_few() {
        live(3, 10_000, 1_000, 12, 2, 20_000);
        assertThat(judged().verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(judged().reason()).isEqualTo("3 daily samples: a trend needs 5 over at least 3 days.");
        counts.clear();
        assertThat(judged().verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(judged().eligible()).isEmpty();
    }

    @Test
    void nothing_left_is_kept_up_with_though_no_cleanup_ever_ran() {
        live(20, 0, 0, 12, 2, 0);
        assertThat(judged().verdict()).isEqualTo(Verdict.KEEPS_UP);
    }
}
