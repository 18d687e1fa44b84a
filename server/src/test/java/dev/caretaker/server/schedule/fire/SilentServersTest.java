package dev.caretaker.server.schedule.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SilentServersTest {
    private long now = -1;
    private int asked;
    private final SilentServers servers = new SilentServers(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void fails(String server, Reason reason, Duration after) {
        assertThatThrownBy(() -> servers.ask(server, () -> {
                    asked++;
                    pass(after);
                    throw CaretakerException.of(reason, "No answer from " + server + ".");
                }))
                .isInstanceOf(CaretakerException.class)
                .hasMessage("No answer from " + server + ".");
    }

    private void answers(String server) {
        servers.ask(server, () -> asked++);
    }

    @Test
    void one_that_is_silent_is_asked_again_after_a_while_by_one_alone() {
        fails("a:5432", Reason.TARGET_UNREACHABLE, Duration.ofSeconds(10));
        fails("a:5432", Reason.TARGET_UNREACHABLE, Duration.ofSeconds(10));
        assertThat(asked).as("the second is told what the first has found").isEqualTo(1);
        answers("b:5432");
        assertThat(asked).as("others are asked").isEqualTo(2);

        pass(SilentServers.SILENCE);
        assertThatThrownBy(() -> servers.ask("a:5432", () -> {
                    asked++;
                    fails("a:5432", Reason.TARGET_UNREACHABLE, Duration.ofSeconds(10));
                    pass(Duration.ofSeconds(10));
                    throw CaretakerException.of(Reason.TARGET_UNREACHABLE, "still none");
                }))
                .hasMessage("still none");
        assertThat(asked).as("while one asks, no other does").isEqualTo(3);

        pass(SilentServers.SILENCE);
        answers("a:5432");
        answers("a:5432");
        assertThat(asked).as("once it answers all ask").isEqualTo(5);
    }

    @Test
    void one_that_refuses_or_that_answers_something_else_is_not_silent() {
        fails("a:5432", Reason.TARGET_UNREACHABLE, Duration.ofMillis(100));
        fails("a:5432", Reason.MISSING_PRIVILEGE, Duration.ofSeconds(10));
        fails("a:5432", Reason.MISSING_PRIVILEGE, Duration.ofSeconds(10));
        assertThat(asked).isEqualTo(3);
    }
}
