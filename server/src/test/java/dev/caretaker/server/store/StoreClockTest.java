package dev.caretaker.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StoreClockTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant machine = START;
    private final StoreClock clock = new StoreClock(() -> machine);

    /** The store answers, in the middle of the time that the answer takes. */
    private Instant told(Duration ahead, Duration took) {
        Instant told = machine.plus(ahead).plus(took.dividedBy(2));
        machine = machine.plus(took);
        return told;
    }

    private void agree(Duration ahead, Duration took) {
        clock.agree(() -> told(ahead, took));
    }

    @Test
    void before_anybody_has_asked_it_is_the_machines() {
        assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void a_machine_that_is_wrong_is_put_right_whichever_way() {
        agree(Duration.ofHours(-1), Duration.ofMillis(4));
        assertThat(clock.instant()).isEqualTo(machine.minus(Duration.ofHours(1)));
        machine = machine.plusSeconds(100);
        assertThat(clock.instant()).as("it goes on").isEqualTo(machine.minus(Duration.ofHours(1)));
        agree(Duration.ofMinutes(7), Duration.ofMillis(4));
        assertThat(clock.instant()).isEqualTo(machine.plus(Duration.ofMinutes(7)));
    }

    @Test
    void a_machine_that_may_be_right_is_left_alone_however_long_the_answer_takes() {
        agree(Duration.ofMillis(1), Duration.ofMillis(4));
        assertThat(clock.instant())
                .as("the answer may have left when it was asked for")
                .isEqualTo(machine);
        agree(Duration.ofSeconds(9), Duration.ofSeconds(20));
        assertThat(clock.instant()).isEqualTo(machine);
        agree(Duration.ofMillis(3), Duration.ofMillis(4));
        assertThat(clock.instant()).as("it cannot").isEqualTo(machine.plusMillis(3));
    }
}
