package dev.caretaker.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What waits while very many schedules are due. */
class RushTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Rush rush = new Rush();
    private final List<Integer> done = new CopyOnWriteArrayList<>();

    @Test
    void without_a_rush_everything_is_done_at_once() {
        rush.after(() -> done.add(1));

        assertThat(done).containsExactly(1);
    }

    @Test
    void what_was_asked_for_in_a_rush_is_done_after_it_in_the_same_order() {
        List<Integer> all = IntStream.range(0, 100).boxed().toList();
        rush.begins();
        all.forEach(number -> rush.after(() -> done.add(number)));
        assertThat(done).as("in the rush").isEmpty();

        rush.ends();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(done).containsExactlyElementsOf(all));
    }

    @Test
    void a_rush_that_nobody_ends_is_over_by_itself() {
        rush.begins();
        rush.after(() -> done.add(1));

        rush.letPass();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(done).containsExactly(1));
    }
}
