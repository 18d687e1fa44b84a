package dev.caretaker.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(5), 8);

    @Test
    void waits_grow_up_to_half_a_day_and_are_never_quite_the_same() {
        List<Integer> seconds = List.of(5, 25, 125, 625, 3_125, 15_625, 43_200, 43_200);
        for (int attempt = 1; attempt <= seconds.size(); attempt++) {
            Duration wait = backoff.after(attempt);
            Duration middle = Duration.ofSeconds(seconds.get(attempt - 1));
            assertThat(wait)
                    .isBetween(
                            middle.multipliedBy(8).dividedBy(10),
                            middle.multipliedBy(12).dividedBy(10));
        }
        assertThat(IntStream.range(0, 20).mapToObj(i -> backoff.after(3)).distinct())
                .hasSizeGreaterThan(5);
        assertThat(backoff.after(1_000_000)).isLessThan(Duration.ofHours(15));
    }

    @Test
    void after_the_last_attempt_it_is_over() {
        assertThat(backoff.isOver(7)).isFalse();
        assertThat(backoff.isOver(8)).isTrue();
    }
}
