package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.server.api.ScheduleScene.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.detect.ScheduleFacts;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.v1.SetHoldRequest;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the control store alone knows is found by the clock, by several checks. */
class ChecksOfTheStoreTest {
    private final HttpReceiver receiver = new HttpReceiver();
    private ScheduleScene scene;

    @Factory
    @Requires(property = "test.schedule-facts")
    static final class Beans {
        @Singleton
        @Primary
        ScheduleFacts schedules() {
            return target -> {
                throw CaretakerException.of(Reason.CONTROL_STORE_UNREACHABLE, "It does not answer in time.");
            };
        }
    }

    @BeforeEach
    void start() {
        receiver.answer(exchange -> 500);
        scene = new ScheduleScene(Map.of(
                "test.schedule-facts", "fail",
                "caretaker.notifications.channels.ops.type", "slack",
                "caretaker.notifications.channels.ops.url", receiver.url("/ops"),
                "caretaker.notifications.channels.ops.allow-private", "true",
                "caretaker.notifications.attempts", "2",
                "caretaker.notifications.retry-after", "100ms",
                "caretaker.notifications.rules.all.channels", "ops"));
    }

    @AfterEach
    void stop() throws IOException {
        scene.close();
        receiver.close();
    }

    @Test
    void one_that_fails_keeps_no_other_from_finding_what_it_looks_for() {
        scene.apply(ScheduleScene.vacuum("expected", "main").setExpectSuccessWithin(seconds(60)));
        scene.store.execute("UPDATE caretaker.schedule_line SET created = now() - interval '1 hour'");
        await("a broken expectation, which is to be found at once")
                .atMost(60, TimeUnit.SECONDS)
                .until(() ->
                        scene.store.number("SELECT count(*) FROM caretaker.schedule_line WHERE overdue IS NOT NULL")
                                == 1);

        scene.server
                .holds()
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setTarget("slow")
                        .setReason("nobody hears of it")
                        .build());

        await("what could not be told")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.store.number("SELECT count(*) FROM caretaker.finding WHERE target = 'slow'"
                                + " AND check_id = 'notification-dead' AND gone IS NULL")
                        == 1);
        assertThat(scene.store.number("SELECT count(*) FROM caretaker.finding WHERE check_id = 'schedule-overdue'"))
                .as("its check fails")
                .isZero();
    }
}
