package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignsTest {
    private static final Instant SIGN = Instant.parse("2026-01-01T00:00:00Z");

    private long nanos = Long.MAX_VALUE - 1;
    private final Signs signs = new Signs(Duration.ofSeconds(4), () -> nanos);

    private void pass(long seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void who_is_silent_is_known_after_a_while() {
        assertThat(signs.isSilent("run", SIGN)).as("at first sight").isFalse();
        pass(3);
        assertThat(signs.isSilent("run", SIGN)).isFalse();
        pass(1);
        assertThat(signs.isSilent("run", SIGN)).isTrue();
        assertThat(signs.isSilent("run", SIGN))
                .as("the next who has it is given time")
                .isFalse();
    }

    @Test
    void who_gives_signs_is_alive_however_old_they_look_and_even_if_they_go_back() {
        for (int i = 0; i < 10; i++) {
            assertThat(signs.isSilent("run", SIGN.minusSeconds(i))).isFalse();
            assertThat(signs.isSilent("other", SIGN)).isEqualTo(i == 1 || i == 3 || i == 5 || i == 7 || i == 9);
            pass(4);
        }
    }

    @Test
    void what_was_seen_long_ago_says_nothing_of_now() {
        assertThat(signs.isSilent("run", SIGN)).isFalse();
        pass(41);
        assertThat(signs.isSilent("run", SIGN)).isFalse();
        pass(4);
        assertThat(signs.isSilent("run", SIGN)).isTrue();
    }
}
