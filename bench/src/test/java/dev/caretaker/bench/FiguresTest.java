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
        assertThat(Slowdown.of(points(100, 200, 300, 400, 500, 600, 700))).isEqualTo(1, within(1e-9));
    }

    @Test
    void a_run_that_halves_its_speed_takes_twice_as_long_per_row() {
        assertThat(Slowdown.of(points(100, 200, 300, 400, 450, 500, 550))).isEqualTo(2, within(1e-9));
    }

    @Test
    void too_few_points_say_nothing_of_a_slowdown() {
        assertThat(Slowdown.of(points(100, 200))).isNaN();
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
        Details details = new Details("INDEX_RANGE", 499, List.of(), Double.NaN);
        assertThatThrownBy(() -> results.add(measurement("caretaker", 1, 10, new Remainder(500, "17"), details)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("499");
    }

    @Test
    void goals_compare_medians_over_the_rounds() {
        for (int round = 1; round <= 3; round++) {
            results.add(measurement("delete", round, 10 * round, new Remainder(500, "17"), Details.NONE));
            results.add(measurement("loop", round, 70, new Remainder(500, "17"), Details.NONE));
            results.add(measurement(
                    "caretaker", round, 20, new Remainder(500, "17"), new Details("", 500, List.of(90.0, 130.0), 1)));
        }
        assertThat(Goal.of(results, 100, OptionalLong.of(250_000_000)))
                .extracting(goal -> goal.what().replaceAll(".*: ", "") + " " + goal.met())
                .containsExactly(
                        "time, of the single DELETE's true",
                        "write-ahead log, of the single DELETE's true",
                        "95 % of the batches take false",
                        "speed, of the loop's true",
                        "server's peak resident memory true");
    }

    @Test
    void a_figure_that_could_not_be_measured_is_no_number() {
        assertThat(new Goal("time per row", Double.NaN, 1.3, true, "×"))
                .hasToString("too short  time per row (≤ 1.30×)");
        assertThat(new Goal("time per row", 1.2, 1.3, true, "×"))
                .hasToString("met        time per row: 1.20× (≤ 1.30×)");
    }

    @Test
    void a_run_too_small_for_the_goals_says_so_instead_of_judging() {
        StringWriter out = new StringWriter();
        new Report(new Lines(new PrintWriter(out, true))).goals(List.of(), OptionalLong.empty());
        assertThat(out.toString().strip())
                .isEqualTo("No verdicts: the goals are for 2,000,000 rows and 3 rounds or more.");
    }

    private static List<Slowdown.Point> points(long... rows) {
        return IntStream.range(0, rows.length)
                .mapToObj(second -> new Slowdown.Point(second, rows[second]))
                .toList();
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
