package dev.caretaker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.caretaker.bench.BenchDatabase.Remainder;
import dev.caretaker.bench.Contender.Details;
import dev.caretaker.bench.Contender.Work;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Results results = new Results();

    @Test
    void a_goal_that_is_told_and_not_met_is_the_exit_code() {
        Lines lines = new Lines(new PrintWriter(new StringWriter()));
        lines.say("%s", new Goal("time", 1, 2, true, " s"));
        lines.say("%s of %d", new Goal("too few rounds", 3, 2, true, " s").in(List.of(3.0, 3.0)), 1);
        lines.say("%s", new Goal("too short to be seen", Double.NaN, 2, true, " s"));
        assertThat(lines.exitCode()).isZero();
        lines.say("%s", new Goal("time", 3, 2, true, " s").in(List.of(3.0, 3.0, 3.0)));
        lines.say("%s", new Goal("time", 1, 2, true, " s"));
        assertThat(lines.exitCode()).isEqualTo(Lines.NOT_MET);
    }

    @Test
    void quantiles_are_the_smallest_values_that_cover_the_share() {
        List<Double> values =
                IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList();
        assertThat(Statistics.quantile(values, 0.95)).isEqualTo(95);
        assertThat(Statistics.quantile(values, 1)).isEqualTo(100);
        assertThat(Statistics.median(List.of(3.0, 1.0, 2.0, 10.0))).isEqualTo(2.5);
        assertThat(Statistics.median(List.of())).isNaN();
    }

    @Test
    void a_run_of_steady_speed_has_no_slowdown() {
        assertThat(course(100, 200, 300, 400, 500, 600, 700).slowdown()).isEqualTo(1, within(1e-9));
    }

    @Test
    void a_run_that_halves_its_speed_takes_twice_as_long_per_row() {
        assertThat(course(100, 200, 300, 400, 450, 500, 550).slowdown()).isEqualTo(2, within(1e-9));
    }

    @Test
    void too_few_points_say_nothing_of_a_slowdown() {
        assertThat(course(100, 200).slowdown()).isNaN();
        assertThat(course(100, 200, 300, 400, 500, 600, 700).lateRate()).isNaN();
    }

    @Test
    void the_last_tenth_of_the_rows_is_held_against_the_first_whatever_the_waits_before_and_behind_them() {
        long[] rows = new long[120];
        for (int second = 6; second < rows.length; second++) {
            rows[second] = second <= 95 ? (second - 5) * 100L : Math.min(10_000, 9_000 + (second - 95) * 50L);
        }
        Course course = course(rows);
        assertThat(course.rates()).hasSize(10).first().isEqualTo(100.0);
        assertThat(course.lateRate()).isBetween(0.5, 0.6);
    }

    @Test
    void memory_is_told_at_the_beginning_at_the_end_and_at_most() {
        Course course = new Course(List.of(point(0, 100), point(1, 300), point(2, 200)));
        assertThat(course.resident()).isEqualTo(new Course.Resident(100, 200, 300));
        assertThat(course.growth()).isEqualTo(2);
        assertThat(course(100, 200).growth()).isNaN();
    }

    private static Course.Point point(double seconds, long residentBytes) {
        return new Course.Point(seconds, 0, OptionalLong.of(residentBytes));
    }

    @Test
    void a_contender_that_leaves_other_rows_is_an_error() {
        results.add(measurement("delete", 1, 10, new Remainder(500, "17"), Details.NONE));
        assertThatThrownBy(() -> results.add(measurement("loop", 1, 30, new Remainder(500, "18"), Details.NONE)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("loop left");
    }

    @Test
    void a_run_that_miscounts_is_an_error() {
        Details details = new Details("INDEX_RANGE", 499, List.of(), Course.NONE);
        assertThatThrownBy(() -> results.add(measurement("caretaker", 1, 10, new Remainder(500, "17"), details)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("499");
    }

    @Test
    void goals_compare_medians_over_the_rounds() {
        for (int round = 1; round <= 3; round++) {
            results.add(measurement("delete", round, 10 * round, new Remainder(500, "17"), Details.NONE));
            results.add(measurement("loop", round, 70, new Remainder(500, "17"), Details.NONE));
            Details details = new Details("", 500, List.of(90.0, 130.0), Course.NONE);
            results.add(measurement("caretaker", round, 20, new Remainder(500, "17"), details));
        }
        assertThat(CleanupGoals.of(results, 100, OptionalLong.of(250_000_000)))
                .extracting(goal -> goal.what().replaceAll(".*: ", "") + " " + goal.met())
                .containsExactly(
                        "time, of the single DELETE's true",
                        "write-ahead log, of the single DELETE's true",
                        "95 % of the batches take false",
                        "speed, of the loop's true",
                        "server's peak resident memory true");
    }

    @Test
    void goals_tell_between_what_the_rounds_lay() {
        for (int round = 1; round <= 3; round++) {
            results.add(measurement("delete", round, 10 * round, new Remainder(500, "17"), Details.NONE));
            results.add(measurement("caretaker", round, 15, new Remainder(500, "17"), Details.NONE));
        }
        assertThat(CleanupGoals.of(results, 100, OptionalLong.empty()).getFirst())
                .hasToString(
                        "met        half-index: time, of the single DELETE's: 0.75× (≤ 1.00×), 0.50–1.50 in 3 rounds");
    }

    @Test
    void a_figure_that_could_not_be_measured_is_no_number() {
        assertThat(new Goal("time per row", Double.NaN, 1.3, true, "×"))
                .hasToString("too short  time per row (≤ 1.30×)");
        assertThat(new Goal("time per row", 1.2, 1.3, true, "×"))
                .hasToString("met        time per row: 1.20× (≤ 1.30×)");
    }

    @Test
    void two_rounds_are_too_few_for_a_verdict() {
        assertThat(new Goal("time per row", 1.2, 1.3, true, "×").in(List.of(1.1, 1.3)))
                .hasToString("no verdict  time per row: 1.20× (≤ 1.30×), 1.10–1.30 in 2 rounds");
    }

    @Test
    void there_are_verdicts_from_three_rounds_on_and_they_say_what_size_they_are_for() {
        List<Goal> goals = List.of(new Goal("time per row", 1.2, 1.3, true, "×"));
        assertThat(told(List.of(), 2_000_000)).isEqualTo("No verdicts: they are for 3 rounds or more.");
        assertThat(told(goals, 2_000_000)).isEqualTo("met        time per row: 1.20× (≤ 1.30×)");
        assertThat(told(goals, 1_000))
                .startsWith("The goals are for 2,000,000 rows or more")
                .contains("met");
    }

    private static String told(List<Goal> goals, long rows) {
        StringWriter out = new StringWriter();
        new Report(new Lines(new PrintWriter(out, true))).goals(goals, rows, OptionalLong.empty());
        return out.toString().strip();
    }

    private static Course course(long... rows) {
        return new Course(IntStream.range(0, rows.length)
                .mapToObj(second -> new Course.Point(second, rows[second], OptionalLong.empty()))
                .toList());
    }

    private static Measurement measurement(
            String contender, int round, long seconds, Remainder remainder, Details details) {
        return new Measurement(
                Scenario.HALF_INDEX,
                contender,
                round,
                new Work(Duration.ofSeconds(seconds), details),
                1000,
                1000,
                remainder);
    }
}
