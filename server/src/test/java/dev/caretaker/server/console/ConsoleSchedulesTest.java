package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.Browser.Page;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.GetScheduleRequest;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduledDetection;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.Weekday;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Schedules and holds in the console, without scripts. */
class ConsoleSchedulesTest {
    private static final String NEVER_NOW = "0 0 1 1 *";

    private final ConsoleServer server = ConsoleServer.shared();
    private Browser browser;

    @BeforeEach
    void signIn() {
        HostileScene.of(server);
        browser = Browser.signedIn(server);
    }

    @Test
    void a_calendar_shows_two_weeks_with_what_keeps_work_from_starting() {
        apply("noon", "0 12 * * *", "weekends");

        List<Element> days =
                browser.get("/console/schedules?zone=Asia/Kolkata").html().select(".calendar > li");

        assertThat(days).hasSize(14);
        // Of today it may be past.
        for (Element day : days.subList(1, 14)) {
            Element due = day.select("ul > li").stream()
                    .filter(one -> one.text().contains(" noon"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(day.text()));
            boolean weekend = day.select("h3").text().matches("S(at|un).*");
            assertThat(due.text()).startsWith("17:30 noon");
            assertThat(due.hasClass("off")).as(day.text()).isEqualTo(weekend);
            assertThat(due.text().contains("excluded day")).as(day.text()).isEqualTo(weekend);
        }
        assertThat(browser.get("/console/schedules?zone=Nowhere").status()).isEqualTo(400);
        browser.cookie(browser.cookie() + "; caretaker-zone=Asia%2FKolkata");
        assertThat(browser.get("/console/schedules")
                        .html()
                        .select("#weeks + .lead")
                        .text())
                .startsWith("Days of Asia/Kolkata");
    }

    @Test
    void what_is_due_all_the_time_stands_beside_the_calendar() {
        ScheduleServiceGrpc.newBlockingStub(server.channel())
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addSchedules(schedule("often")
                                .clearCron()
                                .clearZone()
                                .setEvery(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(600)))
                        .build());
        Document page = browser.get("/console/schedules/often").html();
        browser.submit(page, "/console/schedules/often/pause", Map.of("reason", "of the test", "length", "open"));

        Document schedules = browser.get("/console/schedules").html();

        assertThat(schedules.select("#weeks ~ .more").text()).contains("often", "skipped, paused");
        assertThat(schedules.select(".calendar").text()).doesNotContain("often");
    }

    @Test
    void a_schedule_is_paused_with_a_reason_started_out_of_turn_and_resumed() {
        apply("asked", NEVER_NOW, "");
        String path = "/console/schedules/asked";

        Document form = browser.get(path).html();
        Page paused = browser.submit(form, path + "/pause", Map.of("reason", "<i>lunch</i>", "length", "1h"));
        Page twice = browser.submit(form, path + "/pause", Map.of("reason", "<i>lunch</i>", "length", "1h"));
        Document told = browser.follow(paused).html();
        Page started = browser.submit(told, path + "/trigger", Map.of("target", ""));

        assertThat(twice.status()).as("of the same form, sent twice").isEqualTo(303);
        assertThat(told.select("[role=status]").text()).contains("The schedule is paused");
        assertThat(told.select("main > .notice").text()).contains("Paused by ada", "until", "<i>lunch</i>");
        assertThat(stored("asked").getPause().getActor().getVerified()).isTrue();
        assertThat(stored("asked").getPause().hasEndTime()).isTrue();
        assertThat(started.location()).startsWith(path);
        await().untilAsserted(() -> assertThat(
                        browser.get(path).html().select("#fires tbody").text())
                .contains("asked for by ada", "complete"));
        String run = browser.get(path)
                .html()
                .selectFirst("#fires tbody a[href^=/console/runs/]")
                .attr("href");
        assertThat(browser.get(run).status()).isEqualTo(200);
        browser.submit(browser.get(path).html(), path + "/resume", Map.of());
        assertThat(stored("asked").hasPause()).isFalse();
        assertThat(browser.get("/console/fires?schedule=asked&target=main")
                        .html()
                        .select("tbody tr"))
                .hasSize(1);
        assertThat(browser.get("/console/fires?schedule=asked&idle=1")
                        .html()
                        .select(".empty")
                        .text())
                .contains("Whatever was due has started");
    }

    @Test
    void a_hold_of_some_work_is_set_and_lifted_and_is_told_afterwards() {
        Document page = browser.get("/console/holds").html();

        Page set = browser.submit(
                page,
                "/console/holds",
                Map.of("target", "", "kind", "RUN_KIND_RESTORE", "reason", "<u>audit</u>", "length", "8h"));
        Document held = browser.follow(set).html();
        String lift = held.selectFirst("form[action$=/lift]").attr("action");
        Document lifted =
                browser.follow(browser.submit(held, lift, Map.of("sure", "on"))).html();

        assertThat(held.select("#force ~ ul").text()).contains("All targets: Restore", "<u>audit</u>", "by ada");
        assertThat(lifted.select("#force ~ ul")).isEmpty();
        assertThat(lifted.select("#ended ~ ul").text()).contains("<u>audit</u>", "released by ada");
    }

    private Schedule stored(String name) {
        return ScheduleServiceGrpc.newBlockingStub(server.channel())
                .getSchedule(GetScheduleRequest.newBuilder().setName(name).build())
                .getSchedule();
    }

    private static Schedule.Builder schedule(String name) {
        return Schedule.newBuilder()
                .setName(name)
                .setTarget(ConsoleServer.TARGET)
                .setCron(NEVER_NOW)
                .setZone("UTC")
                .setWork(ScheduledWork.newBuilder().setDetection(ScheduledDetection.getDefaultInstance()));
    }

    private void apply(String name, String cron, String calendar) {
        ApplySchedulesRequest.Builder request = ApplySchedulesRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString());
        Schedule.Builder schedule = schedule(name).setCron(cron);
        if (!calendar.isEmpty()) {
            schedule.addCalendars(calendar);
            request.addCalendars(ExclusionCalendar.newBuilder()
                    .setName(calendar)
                    .setZone("UTC")
                    .addWeekdays(Weekday.WEEKDAY_SATURDAY)
                    .addWeekdays(Weekday.WEEKDAY_SUNDAY));
        }
        ScheduleServiceGrpc.newBlockingStub(server.channel())
                .applySchedules(request.addSchedules(schedule).build());
    }
}
