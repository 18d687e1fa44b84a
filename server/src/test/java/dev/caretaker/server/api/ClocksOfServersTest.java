package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.seconds;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_MISSED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.http.Looks;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.WindowEnd;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.inject.qualifiers.Qualifiers;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server on a machine whose clock is an hour ahead goes by the clock of the control store. */
class ClocksOfServersTest {
    private static final Duration AHEAD = Duration.ofHours(1);
    private static final HttpReceiver RECEIVER = new HttpReceiver();
    private static ScheduleScene scene;

    @Factory
    @Requires(property = "test.machine-ahead")
    static final class Beans {
        @Singleton
        @Named("machine")
        @Replaces(bean = InstantSource.class, named = "machine")
        InstantSource machine(@Value("${test.machine-ahead}") Duration ahead) {
            return InstantSource.offset(InstantSource.system(), ahead);
        }
    }

    @BeforeAll
    static void start() {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "test.machine-ahead",
                AHEAD.toString(),
                "caretaker.http.port",
                0,
                "caretaker.notifications.channels.beat.type",
                "heartbeat",
                "caretaker.notifications.channels.beat.url",
                RECEIVER.url("/beat"),
                "caretaker.notifications.channels.beat.allow-private",
                "true",
                "caretaker.notifications.channels.beat.schedules",
                List.of("well")));
        scene = new ScheduleScene(properties);
        Clock clock = scene.server.bean(Clock.class);
        await("the store is asked for the time")
                .atMost(30, TimeUnit.SECONDS)
                .until(() ->
                        Duration.between(Instant.now(), clock.instant()).abs().compareTo(Duration.ofSeconds(5)) < 0);
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
        RECEIVER.close();
    }

    @Test
    void the_clock_of_the_machine_is_known_and_wrong() {
        InstantSource machine =
                scene.server.bean(ApplicationContext.class).getBean(InstantSource.class, Qualifiers.byName("machine"));
        assertThat(Duration.between(Instant.now(), machine.instant()))
                .isBetween(AHEAD.minusMinutes(5), AHEAD.plusMinutes(5));
    }

    @Test
    void how_far_the_clocks_are_apart_is_a_metric() throws Exception {
        int port = scene.server.bean(HttpPort.class).port().orElseThrow();
        Looks.now(scene.server.bean(ApplicationContext.class));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            assertThat(MetricsText.parse(http.send(metrics, HttpResponse.BodyHandlers.ofString())
                                    .body())
                            .value("caretaker_clock_difference_seconds"))
                    .isBetween(-AHEAD.toSeconds() - 5.0, -AHEAD.toSeconds() + 5.0);
        }
    }

    @Test
    void a_heartbeat_is_not_late_and_success_is_when_it_was_by_the_store() {
        scene.apply(ScheduleScene.vacuum("well", "main").setExpectSuccessWithin(seconds(600)));
        scene.trigger("well");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> !RECEIVER.received("/beat").isEmpty());
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> scene.store.number("SELECT count(*) FROM caretaker.schedule_line"
                                + " WHERE schedule = 'well' AND succeeded IS NOT NULL")
                        == 1);
        assertThat(scene.store.number("SELECT abs(extract(epoch FROM clock_timestamp() - l.succeeded))"
                        + " + abs(extract(epoch FROM r.ended - l.succeeded))"
                        + " FROM caretaker.schedule_line l JOIN caretaker.fire f USING (schedule, target)"
                        + " JOIN caretaker.run r ON r.run_id = f.run_id WHERE l.schedule = 'well'"))
                .as("seconds")
                .isLessThan(60);
    }

    @Test
    void a_window_is_open_when_it_is_by_the_store() {
        LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        scene.apply(ScheduleScene.vacuum("inside", "main")
                .setWindow(RunWindow.newBuilder()
                        .setStart(now.minusMinutes(10).toString())
                        .setEnd(now.plusMinutes(30).toString())
                        .setZone("UTC"))
                .setWindowEnd(WindowEnd.WINDOW_END_STOP));
        Fire fire = scene.trigger("inside");
        assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        Run run = await().atMost(30, TimeUnit.SECONDS)
                .until(() -> scene.run(fire.getRunId()), one -> one.getState() == RunState.RUN_STATE_ENDED);
        assertThat(run.getOutcome())
                .as("by the machine's clock the window is over")
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    @Test
    void when_the_clock_of_the_store_goes_back_nothing_is_fired_twice_and_when_it_goes_ahead_it_was_missed() {
        scene.apply(ScheduleScene.ticking("stepping").setCatchUp(seconds(60)));
        scene.until("stepping", FIRE_OUTCOME_STARTED);
        // As if it had been an hour later already.
        scene.store.execute("UPDATE caretaker.schedule_line SET settled = now() + interval '1 hour', due = now()"
                + " WHERE schedule = 'stepping'");
        await("it was looked at")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> scene.store.number("SELECT count(*) FROM caretaker.schedule_line"
                                + " WHERE schedule = 'stepping' AND due > now() + interval '59 minutes'")
                        == 1);
        long fires = scene.fires("stepping").size();
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(20))
                .until(() -> scene.fires("stepping").size() == fires);
        // As if it had been half an hour earlier.
        scene.store.execute("UPDATE caretaker.schedule_line SET settled = now() - interval '30 minutes', due = now()"
                + " WHERE schedule = 'stepping'");
        Fire missed = scene.until("stepping", FIRE_OUTCOME_MISSED);
        assertThat(missed.getTimes()).as("seconds of half an hour, as one row").isGreaterThan(1_000);
        scene.until(
                "stepping",
                fire -> fire.getOutcome() == FIRE_OUTCOME_STARTED
                        && fire.getNominalTime().getSeconds()
                                > missed.getLastNominalTime().getSeconds());
        assertThat(scene.store.number("SELECT count(*) - count(DISTINCT run_id) FROM caretaker.fire"
                        + " WHERE schedule = 'stepping' AND run_id IS NOT NULL"))
                .isZero();
    }
}
