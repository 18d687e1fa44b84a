package dev.caretaker.server.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.testing.OtlpReceiver;
import dev.caretaker.server.trace.SpanSender.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpanSenderTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final OtlpReceiver receiver = new OtlpReceiver();
    private final SpanSender sender = SpanSender.to(receiver.url() + "/v1/traces");

    @AfterEach
    void end() {
        receiver.close();
    }

    private void send() {
        sender.send(new Told(
                "batch",
                TraceParent.parse("00-" + TRACE + "-00f067aa0ba902b7-01").orElseThrow(),
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(1),
                Optional.empty(),
                List.of()));
    }

    @Test
    void the_last_spans_leave_at_the_end() {
        send();
        sender.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> receiver.spans().size() == 1);
        assertThat(receiver.spans().getFirst().trace()).isEqualTo(TRACE);
    }

    @Test
    void a_receiver_that_does_not_answer_holds_up_the_end_for_two_seconds_at_most() {
        receiver.answer(exchange -> {
            Thread.sleep(Duration.ofMinutes(10));
            return 200;
        });
        send();
        long began = System.nanoTime();
        sender.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("two, and what a busy machine needs")
                .isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(6));
    }
}
