package dev.caretaker.server.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.config.Secret;
import dev.caretaker.server.store.Notice;
import dev.caretaker.server.testing.HttpReceiver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A beat says that something ends well now, and not that it once did. */
class HeartbeatTest {
    private static final Instant SUCCESS = Instant.parse("2026-11-30T02:00:00Z");

    @Test
    void one_that_is_late_by_more_than_ten_minutes_is_given_up_and_not_sent() throws Exception {
        try (HttpReceiver receiver = new HttpReceiver()) {
            beat(receiver, Duration.ofMinutes(10));
            assertThat(receiver.received("/beat")).hasSize(1);
            NotDeliveredException late = catchThrowableOfType(
                    NotDeliveredException.class,
                    () -> beat(receiver, Duration.ofMinutes(10).plusMillis(1)));
            assertThat(late.isLasting()).isTrue();
            assertThat(receiver.received("/beat")).hasSize(1);
        }
    }

    private static void beat(HttpReceiver receiver, Duration late) throws NotDeliveredException {
        new Heartbeat(
                        new Receiver(
                                new Secret.Text(receiver.url("/beat")), true, Optional.empty(), Duration.ofSeconds(5)),
                        Clock.fixed(SUCCESS.plus(late), ZoneOffset.UTC))
                .deliver(
                        new Notice(
                                UUID.randomUUID(),
                                "schedule.succeeded",
                                Severity.INFO,
                                "shop",
                                "schedules/nightly/shop",
                                "It ended well.",
                                Map.of("schedule", "nightly"),
                                Optional.empty(),
                                SUCCESS),
                        1);
    }
}
