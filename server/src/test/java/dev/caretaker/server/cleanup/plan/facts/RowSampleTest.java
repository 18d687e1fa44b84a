package dev.caretaker.server.cleanup.plan.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.plan.facts.RowSample.Place;
import dev.caretaker.server.cleanup.plan.facts.RowSample.Sampled;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowSampleTest {
    private static final int ROWS_A_PAGE = 50;
    private static final long PAGES = 64_000;
    private static final long ROWS = PAGES * ROWS_A_PAGE;

    /** @param eligible rows at a place, of 800 */
    private static Sampled sample(IntUnaryOperator eligible) {
        List<Place> places = IntStream.range(0, RowSample.PLACES)
                .mapToObj(place -> new Place(place, RowSample.PAGES * ROWS_A_PAGE, eligible.applyAsInt(place)))
                .toList();
        return RowSample.whole(places, PAGES);
    }

    @Test
    void a_table_in_order_of_time_is_off_by_the_distance_of_two_places_at_most() {
        Sampled third = sample(place -> place < 21 ? 800 : place == 21 ? 300 : 0);
        assertThat(third.tableRows()).isEqualTo(ROWS);
        assertThat(third.rows()).isBetween(ROWS * 32 / 100, ROWS * 35 / 100);
        assertThat(third.margin()).isBetween(ROWS / 100, ROWS / 32);
    }

    @Test
    void the_margin_of_rows_in_no_order_covers_the_truth() {
        Random random = new Random(7);
        int covered = 0;
        for (int round = 0; round < 200; round++) {
            Sampled tenth = sample(
                    place -> (int) random.ints(800, 0, 10).filter(i -> i == 0).count());
            covered += Math.abs(tenth.rows() - ROWS / 10) <= tenth.margin() ? 1 : 0;
        }
        assertThat(covered).isGreaterThan(180);
    }

    @Test
    void nothing_found_may_lie_between_two_places() {
        Sampled none = sample(place -> 0);
        assertThat(none.rows()).isZero();
        assertThat(none.margin()).isEqualTo(ROWS / RowSample.PLACES);
    }

    @Test
    void a_table_that_is_eligible_as_a_whole_is_no_guess() {
        Sampled all = sample(place -> 800);
        assertThat(all.rows()).isEqualTo(ROWS);
        assertThat(all.margin()).isZero();
    }
}
