package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.server.api.ScheduleScene.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ApplySchedulesResponse;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.GetScheduleRequest;
import dev.caretaker.v1.ListCalendarsRequest;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleStanding;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.Weekday;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers of one control store whose JDKs know different time zones, or different rules of them. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ZonesOfSchedulesTest {
    private static final String UNHEARD_OF = "Europe/Atlantis";

    private ScheduleScene scene;

    @BeforeEach
    void start() {
        scene = new ScheduleScene(Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        scene.close();
    }

    /** As a server stores it whose JDK knows a zone that this one does not. */
    private void stored(String schedule, String path) {
        scene.store.execute("UPDATE caretaker.schedule SET etag = 'another', content = jsonb_set(content, '" + path
                + "', '\"" + UNHEARD_OF + "\"') WHERE name = '" + schedule + "'");
    }

    private Schedule get(String name) {
        return scene.server
                .schedules()
                .getSchedule(GetScheduleRequest.newBuilder().setName(name).build())
                .getSchedule();
    }

    private List<Fire> fires(String schedule, FireOutcome outcome) {
        return scene.fires(schedule).stream()
                .filter(fire -> fire.getOutcome() == outcome)
                .toList();
    }

    @Test
    void a_schedule_in_a_zone_that_the_JDK_does_not_know_is_refused_by_itself_and_can_be_read_and_mended() {
        scene.apply(ScheduleScene.ticking("ticking"));
        scene.apply(ScheduleScene.vacuum("sunken", "main").setCron("0 2 * * *").setZone("Europe/Lisbon"));
        await("its next time")
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> scene.store.number("SELECT count(nominal) FROM caretaker.schedule_line") == 2);
        stored("sunken", "{when,zone}");

        assertThat(get("sunken").getZone()).isEqualTo(UNHEARD_OF);
        assertThat(get("sunken").getStanding(0).hasNextTime())
                .as("what was reckoned where the zone is known")
                .isTrue();
        assertThat(scene.server
                        .schedules()
                        .listSchedules(ListSchedulesRequest.getDefaultInstance())
                        .getSchedulesList())
                .extracting(Schedule::getName)
                .containsExactly("sunken", "ticking");
        assertThat(scene.server
                        .schedules()
                        .previewSchedule(PreviewScheduleRequest.newBuilder()
                                .setName("sunken")
                                .build())
                        .getFiresList())
                .singleElement()
                .satisfies(fire -> assertThat(fire.getMessage()).contains("does not know the time zone " + UNHEARD_OF));

        // Its time has come, and for a minute no server was there that knows the zone.
        scene.store.execute(
                "UPDATE caretaker.schedule_line SET settled = now() - interval '1 day',"
                        + " nominal = date_trunc('second', now() - interval '2 minutes'), due = now() WHERE schedule = 'sunken'");
        Fire refused = scene.until("sunken", FireOutcome.FIRE_OUTCOME_REFUSED);
        assertThat(refused.getReason()).isEqualTo("UNKNOWN_ZONE");
        assertThat(refused.getMessage())
                .isEqualTo("The JDK of this server does not know the time zone " + UNHEARD_OF + ".");
        scene.store.execute("UPDATE caretaker.schedule_line SET due = now() WHERE schedule = 'sunken'");
        int ticks = scene.fires("ticking").size();
        await("the others go on")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> scene.fires("ticking").size() >= ticks + 3);
        assertThat(scene.fires("sunken")).as("once").hasSize(1);

        assertThat(ErrorDetails.of(() -> scene.apply(ScheduleScene.vacuum("another", "main")
                                .setCron("0 2 * * *")
                                .setZone(UNHEARD_OF)))
                        .reason())
                .isEqualTo("INVALID_FIELD");
        scene.apply(ScheduleScene.vacuum("sunken", "main").setCron("0 2 * * *").setZone("Europe/Lisbon"));
        assertThat(get("sunken").getZone()).isEqualTo("Europe/Lisbon");

        stored("sunken", "{when,zone}");
        assertThat(scene.server
                        .schedules()
                        .deleteSchedule(DeleteScheduleRequest.newBuilder()
                                .setRequestId(id())
                                .setName("sunken")
                                .build())
                        .getSchedule()
                        .getZone())
                .isEqualTo(UNHEARD_OF);
        scene.apply(ScheduleScene.vacuum("drowned", "main").setCron("0 2 * * *").setZone("Europe/Lisbon"));
        stored("drowned", "{when,zone}");
        assertThat(pruned().getSchedulesList()).hasSize(2);
    }

    private ApplySchedulesResponse pruned() {
        return scene.server
                .schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(id())
                        .setPrune(true)
                        .build());
    }

    @Test
    void a_calendar_or_a_window_in_a_zone_that_the_JDK_does_not_know_refuses_every_time_of_what_names_it() {
        scene.apply(
                ScheduleScene.vacuum("guarded", "main").setEvery(seconds(20)).addCalendars("sundays"),
                ExclusionCalendar.newBuilder()
                        .setName("sundays")
                        .setZone("Europe/Lisbon")
                        .addWeekdays(Weekday.WEEKDAY_SUNDAY)
                        .build());
        scene.apply(ScheduleScene.vacuum("windowed", "main")
                .setEvery(seconds(20))
                .setWindow(
                        RunWindow.newBuilder().setStart("00:00").setEnd("23:59").setZone("Europe/Lisbon")));
        scene.store.execute(
                "UPDATE caretaker.calendar SET content = jsonb_set(content, '{zone}', '\"" + UNHEARD_OF + "\"')");
        stored("windowed", "{window,zone}");
        assertThat(scene.server
                        .schedules()
                        .listCalendars(ListCalendarsRequest.getDefaultInstance())
                        .getCalendarsList())
                .extracting(ExclusionCalendar::getZone)
                .containsExactly(UNHEARD_OF);
        assertThat(get("windowed").getWindow().getZone()).isEqualTo(UNHEARD_OF);

        scene.store.execute(
                "DELETE FROM caretaker.fire",
                "UPDATE caretaker.schedule_line SET settled = date_trunc('minute', now() - interval '4 minutes'),"
                        + " due = now() - interval '2 minutes'");
        for (String schedule : List.of("guarded", "windowed")) {
            await("a row for every time")
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() ->
                            fires(schedule, FireOutcome.FIRE_OUTCOME_REFUSED).size() >= 8);
            assertThat(scene.fires(schedule)).allSatisfy(fire -> {
                assertThat(fire.getReason()).isEqualTo("UNKNOWN_ZONE");
                assertThat(fire.getRunId()).isEmpty();
            });
        }
    }

    @Test
    void what_is_asked_for_whatever_its_window_starts_in_a_zone_that_the_JDK_does_not_know_and_a_hold_is_named() {
        scene.apply(ScheduleScene.vacuum("asked", "main").setCron("0 0 1 1 *").setZone("Europe/Lisbon"));
        stored("asked", "{when,zone}");
        Fire started = scene.trigger("asked", true);
        assertThat(started.getOutcome()).isEqualTo(FireOutcome.FIRE_OUTCOME_STARTED);
        scene.server
                .holds()
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setTarget("main")
                        .setReason("a release")
                        .build());
        Fire held = scene.trigger("asked", false);
        assertThat(held.getOutcome()).isEqualTo(FireOutcome.FIRE_OUTCOME_SKIPPED_HOLD);
        assertThat(held.getMessage()).contains("a release");
    }

    @Test
    void a_server_with_newer_rules_of_a_zone_reckons_anew_what_is_due_and_no_local_time_is_lost() throws IOException {
        // Lagos is an hour ahead of UTC. The server before thought that it was not.
        Instant half = Instant.now().minus(Duration.ofMinutes(30)).truncatedTo(ChronoUnit.MINUTES);
        for (String schedule : List.of("late", "too-late")) {
            scene.apply(daily(schedule, half).setCatchUp(seconds(schedule.equals("late") ? 7_200 : 0)));
        }
        olderRules(0, half.plus(Duration.ofHours(1)));
        otherServer();
        Fire late = scene.until("late", FireOutcome.FIRE_OUTCOME_CAUGHT_UP);
        assertThat(late.getNominalTime().getSeconds()).isEqualTo(half.getEpochSecond());
        Fire missed = scene.until("too-late", FireOutcome.FIRE_OUTCOME_MISSED);
        assertThat(missed.getNominalTime().getSeconds()).isEqualTo(half.getEpochSecond());
        assertThat(missed.getReason()).isEqualTo("NEW_ZONE_RULES");
        assertThat(missed.getMessage())
                .startsWith("It follows from rules of its time zone that no server knew at the time.");
        assertThat(scene.fires("late")).hasSize(1);
        assertThat(scene.fires("too-late")).hasSize(1);
    }

    @Test
    void a_local_time_that_came_by_older_rules_of_its_zone_does_not_come_again_by_newer_ones() throws IOException {
        // The server before thought that Lagos was two hours ahead of UTC, so that what is due in half an hour was due
        // half an hour ago.
        Instant soon = Instant.now().plus(Duration.ofMinutes(30)).truncatedTo(ChronoUnit.MINUTES);
        scene.apply(daily("early", soon));
        olderRules(7_200, soon.plus(Duration.ofHours(23)));
        assertThat(next("early")).as("not reckoned anew yet").isEqualTo(soon);
        otherServer();
        await("reckoned anew")
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(next("early")).isEqualTo(soon.plus(Duration.ofDays(1))));
        assertThat(scene.fires("early")).isEmpty();
    }

    private static Schedule.Builder daily(String name, Instant at) {
        ZonedDateTime local = at.atZone(ZoneOffset.ofHours(1));
        return ScheduleScene.vacuum(name, "main")
                .setCron(local.getMinute() + " " + local.getHour() + " * * *")
                .setZone("Africa/Lagos");
    }

    /** As a server with an older JDK has left its lines, when it had reckoned them. */
    private void olderRules(int offset, Instant next) {
        await("reckoned")
                .atMost(20, TimeUnit.SECONDS)
                .until(() ->
                        scene.store.number("SELECT count(*) FROM caretaker.schedule_line WHERE nominal IS NULL") == 0);
        scene.store.execute("UPDATE caretaker.schedule_line SET zone_rules = '2019a', zone_offset = " + offset
                + ", zone_at = settled, nominal = '" + next + "', due = '" + next + "'");
    }

    private Instant next(String schedule) {
        ScheduleStanding standing = get(schedule).getStanding(0);
        return Instant.ofEpochSecond(standing.getNextTime().getSeconds());
    }

    /** A server that starts, and knows the rules of this JDK. */
    private void otherServer() throws IOException {
        Map<String, Object> properties = new HashMap<>();
        properties.put("caretaker.control-store.url", scene.store.url());
        properties.put("caretaker.control-store.user", scene.store.user());
        properties.put("caretaker.control-store.password", scene.store.password());
        WholeServer other = WholeServer.start(scene.target, properties);
        try {
            await("all is reckoned by the rules that are known")
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> scene.store.number(
                                    "SELECT count(*) FROM caretaker.schedule_line WHERE zone_rules = '2019a'")
                            == 0);
        } finally {
            other.close();
        }
    }

    @Test
    void a_time_whose_jitter_has_not_passed_has_its_row_though_the_schedule_is_changed_or_deleted() {
        for (String schedule : List.of("changed", "deleted")) {
            scene.apply(ScheduleScene.vacuum(schedule, "main")
                    .setEvery(seconds(3_600))
                    .setJitter(seconds(3_599)));
        }
        scene.apply(ScheduleScene.vacuum("sunken", "main")
                .setCron("0 * * * *")
                .setJitter(seconds(3_599))
                .setZone("Europe/Lisbon"));
        stored("sunken", "{when,zone}");
        // The hour has begun, and nobody has come to it: as within the jitter.
        scene.store.execute(
                "UPDATE caretaker.schedule_line SET settled = date_trunc('hour', now()) - interval '1 second',"
                        + " nominal = date_trunc('hour', now()), claimed_by = NULL, due = now() + interval '1 day'");
        scene.apply(
                ScheduleScene.vacuum("changed", "main").setEvery(seconds(7_200)).setJitter(seconds(3_599)));
        for (String schedule : List.of("deleted", "sunken")) {
            scene.server
                    .schedules()
                    .deleteSchedule(DeleteScheduleRequest.newBuilder()
                            .setRequestId(id())
                            .setName(schedule)
                            .build());
        }
        assertThat(scene.fires("changed"))
                .singleElement()
                .satisfies(fire -> assertThat(fire.getReason()).isEqualTo("SCHEDULE_CHANGED"));
        assertThat(scene.fires("deleted")).singleElement().satisfies(fire -> {
            assertThat(fire.getReason()).isEqualTo("SCHEDULE_NOT_FOUND");
            assertThat(fire.getOutcome()).isEqualTo(FireOutcome.FIRE_OUTCOME_REFUSED);
        });
        assertThat(scene.fires("sunken"))
                .as("the one time that is known")
                .singleElement()
                .satisfies(fire -> assertThat(fire.getReason()).isEqualTo("UNKNOWN_ZONE"));
    }
}
