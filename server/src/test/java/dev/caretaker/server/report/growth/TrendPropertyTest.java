package dev.caretaker.server.report.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caretaker.server.report.growth.Forecast.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Trends and forecasts of data whose growth is known, over many random cases. */
class TrendPropertyTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:10:00Z");
    private static final int CASES = 300;
    private static final double GIGABYTE = 1 << 30;

    /** One sample a day, some minutes earlier or later, and some days without. */
    private static List<Point> days(Random random, int days, double missing, DoubleUnaryOperator value) {
        List<Point> points = new ArrayList<>();
        for (int day = 0; day < days; day++) {
            if (random.nextDouble() >= missing) {
                double at = day + random.nextDouble() / 24;
                points.add(new Point(BEGIN.plusSeconds((long) (at * 86_400)), value.applyAsDouble(at)));
            }
        }
        return points;
    }

    private static Trend trend(List<Point> points) {
        return Trend.of(points).orElseThrow();
    }

    @Test
    void a_straight_line_is_found_as_it_is() {
        Random random = new Random(1);
        for (int i = 0; i < CASES; i++) {
            double rate = (random.nextDouble() - 0.3) * GIGABYTE;
            List<Point> points = days(random, 8 + random.nextInt(300), 0.2, day -> 5 * GIGABYTE + rate * day);
            Trend trend = trend(points);
            double near = Math.abs(rate) * 0.001 + 1;
            assertThat(trend.perDay()).isCloseTo(rate, within(near));
            assertThat(trend.lowPerDay()).isCloseTo(rate, within(near));
            assertThat(trend.highPerDay()).isCloseTo(rate, within(near));
        }
    }

    @Test
    void a_quarter_of_samples_that_are_far_off_moves_it_little() {
        Random random = new Random(2);
        for (int i = 0; i < CASES; i++) {
            double rate = (0.1 + random.nextDouble()) * GIGABYTE;
            List<Point> points = days(random, 30, 0, day -> 5 * GIGABYTE + rate * day);
            for (int bad = 0; bad < points.size() / 5; bad++) {
                int place = random.nextInt(points.size());
                points.set(place, new Point(points.get(place).at(), random.nextDouble() * 500 * GIGABYTE));
            }
            assertThat(trend(points).perDay()).isCloseTo(rate, within(rate * 0.1));
        }
    }

    @Test
    void the_interval_holds_the_truth_as_often_as_it_says_where_samples_are_independent() {
        Random random = new Random(3);
        int held = 0;
        for (int i = 0; i < 1_000; i++) {
            double rate = random.nextDouble() * 10;
            int days = 6 + random.nextInt(40);
            Trend trend = trend(days(random, days, 0, day -> 1_000 + rate * day + random.nextGaussian() * 20));
            assertThat(trend.perDay()).isBetween(trend.lowPerDay(), trend.highPerDay());
            held += trend.lowPerDay() <= rate && rate <= trend.highPerDay() ? 1 : 0;
        }
        assertThat(held).isBetween(930, 1_000);
    }

    @Test
    void what_only_wavers_is_no_growth() {
        Random random = new Random(4);
        int growth = 0;
        for (int i = 0; i < 1_000; i++) {
            growth += trend(days(random, 30, 0.1, day -> GIGABYTE + random.nextGaussian() * 1e6))
                            .isGrowth()
                    ? 1
                    : 0;
        }
        assertThat(growth).isLessThan(50);
    }

    @Test
    void after_one_reset_the_growth_since_counts() {
        Random random = new Random(5);
        for (int i = 0; i < CASES; i++) {
            double before = random.nextDouble() * GIGABYTE;
            double since = random.nextDouble() * 0.1 * GIGABYTE;
            int reset = 5 + random.nextInt(15);
            Series series = Series.ofBytes(days(
                    random,
                    reset + 10,
                    0,
                    day -> day < reset ? 20 * GIGABYTE + before * day : GIGABYTE + since * (day - reset)));
            assertThat(series.trend().orElseThrow().perDay()).isCloseTo(since, within(since * 0.01 + 1));
            assertThat(series.trend().orElseThrow().samples()).isEqualTo(10);
            assertThat(series.note()).startsWith("The trend is that since it shrank on 2026-01-");
        }
    }

    @Test
    void soon_after_a_reset_nothing_is_told() {
        Series series = Series.ofBytes(
                days(new Random(6), 24, 0, day -> day < 20 ? 20 * GIGABYTE + day * GIGABYTE : day * 1e6));
        assertThat(series.trend()).isEmpty();
        assertThat(series.note())
                .isEqualTo("4 daily samples since it shrank on 2026-01-21: a trend needs 5 over at least 3 days.");
        assertThat(Forecast.of(series.points().getLast(), series.trend(), 100 * GIGABYTE)
                        .state())
                .isEqualTo(State.UNKNOWN);
    }

    @Test
    void what_shrinks_regularly_is_not_told_to_grow() {
        Random random = new Random(7);
        for (int i = 0; i < CASES; i++) {
            int period = 5 + random.nextInt(6);
            double rate = (0.1 + random.nextDouble()) * GIGABYTE;
            Series series = Series.ofBytes(days(random, 60, 0, day -> GIGABYTE + rate * (day % period)));
            assertThat(series.note()).contains("times that it shrank");
            assertThat(series.trend().orElseThrow().perDay()).isLessThan(rate * 0.3);
        }
    }

    @Test
    void a_limit_is_passed_when_the_line_says_and_the_range_holds_the_truth() {
        Random random = new Random(8);
        for (int i = 0; i < CASES; i++) {
            double rate = (0.5 + random.nextDouble()) * GIGABYTE;
            List<Point> points =
                    days(random, 30, 0, day -> 10 * GIGABYTE + rate * day + random.nextGaussian() * 0.05 * rate);
            double daysLeft = 1 + random.nextInt(200);
            double limit = points.getLast().value() + daysLeft * rate;
            Forecast forecast = Forecast.of(points.getLast(), Trend.of(points), limit);
            assertThat(forecast.state()).isEqualTo(State.EXPECTED);
            Instant truth = points.getLast().at().plusSeconds((long) (daysLeft * 86_400));
            Duration off = Duration.between(truth, forecast.at().orElseThrow()).abs();
            assertThat(off).isLessThan(Duration.ofSeconds((long) (daysLeft * 86_400 * 0.02)));
            assertThat(forecast.earliest().orElseThrow())
                    .isBeforeOrEqualTo(forecast.at().get());
            assertThat(forecast.latest().orElseThrow())
                    .isAfterOrEqualTo(forecast.at().get());
        }
    }

    @Test
    void a_trend_is_followed_for_ten_times_as_long_as_it_was_seen() {
        List<Point> points = days(new Random(9), 11, 0, day -> day * GIGABYTE);
        Point last = points.getLast();
        Forecast near = Forecast.of(last, Trend.of(points), last.value() + 90 * GIGABYTE);
        Forecast far = Forecast.of(last, Trend.of(points), last.value() + 120 * GIGABYTE);
        assertThat(near.state()).isEqualTo(State.EXPECTED);
        assertThat(far.state()).isEqualTo(State.BEYOND);
        assertThat(Duration.between(last.at(), far.beyond().orElseThrow()))
                .isBetween(Duration.ofDays(95), Duration.ofDays(105));
    }

    @Test
    void what_is_not_known_is_said_to_be_so() {
        Random random = new Random(10);
        List<Point> constant = days(random, 30, 0, day -> GIGABYTE);
        assertThat(Forecast.of(constant.getLast(), Trend.of(constant), 2 * GIGABYTE)
                        .state())
                .isEqualTo(State.NOT_GROWING);
        assertThat(Forecast.of(constant.getLast(), Trend.of(constant), GIGABYTE).state())
                .isEqualTo(State.REACHED);
        List<Point> shrinking = days(random, 30, 0, day -> GIGABYTE * (100 - day));
        assertThat(Forecast.of(shrinking.getLast(), Trend.of(shrinking), 200 * GIGABYTE)
                        .state())
                .isEqualTo(State.NOT_GROWING);
        List<Point> wild = days(random, 20, 0, day -> GIGABYTE * (1 + random.nextDouble()));
        assertThat(Forecast.of(wild.getLast(), Trend.of(wild), 2.1 * GIGABYTE).state())
                .isEqualTo(State.UNCLEAR);
    }

    @Test
    void four_samples_or_three_days_are_too_few() {
        assertThat(Trend.of(days(new Random(11), 4, 0, day -> day))).isEmpty();
        assertThat(Trend.of(days(new Random(11), 5, 0, day -> day))).isPresent();
        List<Point> oneDay = new ArrayList<>();
        for (int hour = 0; hour < 24; hour++) {
            oneDay.add(new Point(BEGIN.plusSeconds(3_600L * hour), hour));
        }
        assertThat(Trend.of(oneDay)).isEqualTo(Optional.empty());
        assertThat(Trend.of(List.of())).isEmpty();
    }
}
