package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.server.api.ScheduleScene.seconds;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_CALENDAR;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_OVERLAP;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_PAUSED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_WINDOW;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ApplySchedulesResponse;
import dev.caretaker.v1.DeleteCalendarRequest;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.PauseScheduleRequest;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.ResumeScheduleRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduledDetection;
import dev.caretaker.v1.ScheduledReindex;
import dev.caretaker.v1.ScheduledReport;
import dev.caretaker.v1.ScheduledUpkeep;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.Weekday;
import dev.caretaker.v1.WindowEnd;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Schedules through the whole server: what is due starts, and every time at which it was due can be accounted for. */
class SchedulesThroughTheApiTest extends FiresThroughTheApiSuite {
    @Test
    void what_is_wrong_with_a_schedule_is_told_by_field_before_anything_is_stored() {
        assertThat(fields(schedule -> schedule.setName("Nightly"))).containsExactly("schedules[0].name");
        assertThat(fields(schedule -> schedule.setTarget("nowhere"))).containsExactly("schedules[0].target");
        assertThat(fields(Schedule.Builder::clearPlace)).containsExactly("schedules[0].target");
        assertThat(fields(Schedule.Builder::clearWork)).containsExactly("schedules[0].work");
        assertThat(fields(
                        schedule -> schedule.setWork(ScheduledWork.newBuilder().setRoutine("standart"))))
                .containsExactly("schedules[0].work.routine");
        assertThat(fields(schedule ->
                        schedule.setWork(ScheduledWork.newBuilder().setReport(ScheduledReport.getDefaultInstance()))))
                .as("this server has no directory for reports")
                .containsExactly("schedules[0].work.report");
        assertThat(fields(schedule -> schedule.setWork(ScheduledWork.newBuilder()
                        .setReport(ScheduledReport.newBuilder().setPeriod(seconds(59))))))
                .containsExactly("schedules[0].work.report.period");
        assertThat(fields(schedule -> schedule.setCron("0 2 * * *"))).containsExactly("schedules[0].zone");
        assertThat(fields(schedule -> schedule.setCron("0 2 * * *").setZone("CEST-2")))
                .containsExactly("schedules[0].zone");
        assertThat(fields(schedule -> schedule.setCron("0 0 30 2 *").setZone("UTC")))
                .containsExactly("schedules[0].cron");
        assertThat(fields(schedule -> schedule.setEvery(seconds(0)))).containsExactly("schedules[0].every");
        assertThat(fields(schedule -> schedule.addCalendars("holidays"))).containsExactly("schedules[0].calendars[0]");
        assertThat(fields(schedule -> schedule.setExpectSuccessWithin(seconds(1))))
                .containsExactly("schedules[0].expect_success_within");
    }

    private static List<String> fields(Consumer<Schedule.Builder> spoil) {
        Schedule.Builder schedule = ScheduleScene.vacuum("wrong", "main");
        spoil.accept(schedule);
        return ErrorDetails.of(() -> scene.apply(schedule)).fields();
    }

    @Test
    void schedules_are_applied_as_a_whole_and_with_etags() {
        Schedule.Builder wanted = ScheduleScene.vacuum("whole", "main")
                .clearEvery()
                .setCron("0 3 * * MON-FRI")
                .setZone("Europe/Berlin")
                .addCalendars("christmas");
        ApplySchedulesRequest request = ApplySchedulesRequest.newBuilder()
                .setRequestId(id())
                .addSchedules(wanted)
                .addCalendars(ExclusionCalendar.newBuilder()
                        .setName("christmas")
                        .setZone("Europe/Berlin")
                        .addYearly("12-25"))
                .build();
        ApplySchedulesResponse dry = scene.server
                .schedules()
                .applySchedules(request.toBuilder()
                        .setRequestId(id())
                        .setValidateOnly(true)
                        .build());
        assertThat(dry.getSchedules(0).getResult()).isEqualTo(ApplyResult.APPLY_RESULT_CREATED);
        assertThat(ErrorDetails.of(() -> get("whole")).reason()).isEqualTo("SCHEDULE_NOT_FOUND");

        Schedule stored =
                scene.server.schedules().applySchedules(request).getSchedules(0).getSchedule();
        assertThat(get("whole").getEtag()).isEqualTo(stored.getEtag()).isNotEmpty();
        assertThat(scene.apply(wanted).getEtag()).isEqualTo(stored.getEtag());
        Schedule changed = scene.apply(wanted.clone()
                .setEtag(stored.getEtag())
                .setDescription("Vacuums")
                .setCatchUp(seconds(0)));
        assertThat(changed.getEtag()).isNotEqualTo(stored.getEtag());
        assertThat(ErrorDetails.of(() -> scene.apply(wanted.clone().setEtag(stored.getEtag())))
                        .reason())
                .isEqualTo("ETAG_MISMATCH");
        assertThat(ErrorDetails.of(() -> delete("whole", stored.getEtag())).reason())
                .isEqualTo("ETAG_MISMATCH");
        assertThat(scene.server
                        .schedules()
                        .listSchedules(ListSchedulesRequest.newBuilder()
                                .setTarget("main")
                                .build())
                        .getSchedulesList())
                .anySatisfy(listed -> {
                    assertThat(listed.getName()).isEqualTo("whole");
                    assertThat(listed.getStandingList()).singleElement().satisfies(at -> {
                        assertThat(at.getTarget()).isEqualTo("main");
                        assertThat(at.hasNextTime()).isTrue();
                    });
                });
        delete("whole", changed.getEtag());
        assertThat(ErrorDetails.of(() -> get("whole")).reason()).isEqualTo("SCHEDULE_NOT_FOUND");
    }

    @Test
    void what_is_due_every_second_has_a_row_for_every_second_and_a_run_for_every_start() {
        scene.apply(ScheduleScene.ticking("ticks"));
        await().atMost(40, TimeUnit.SECONDS)
                .until(() -> scene.fires("ticks").stream()
                                .filter(fire -> fire.getRunOutcome() == RunOutcome.RUN_OUTCOME_COMPLETE)
                                .count()
                        >= 3);
        delete("ticks", "");
        List<Fire> fires = scene.fires("ticks");
        assertThat(fires.stream().mapToLong(Fire::getTimes).sum())
                .isEqualTo(fires.getFirst().getLastNominalTime().getSeconds()
                        - fires.getLast().getNominalTime().getSeconds()
                        + 1);
        assertThat(fires)
                .allSatisfy(fire ->
                        assertThat(fire.getRunId().isEmpty()).isEqualTo(fire.getOutcome() != FIRE_OUTCOME_STARTED));
        Fire started = fires.stream()
                .filter(fire -> !fire.getRunId().isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(scene.run(started.getRunId()).getCreatedBy().getName()).isEqualTo("schedule ticks");
    }

    @Test
    void every_kind_of_work_is_started() {
        for (ScheduledWork.Builder work : List.of(
                ScheduledWork.newBuilder().setRoutine("standard"),
                ScheduledWork.newBuilder().setDetection(ScheduledDetection.getDefaultInstance()),
                ScheduledWork.newBuilder().setUpkeep(ScheduledUpkeep.getDefaultInstance()),
                ScheduledWork.newBuilder().setReindex(ScheduledReindex.getDefaultInstance()))) {
            String name = "kind-" + work.getKindCase().name().toLowerCase(Locale.ROOT);
            scene.apply(ScheduleScene.vacuum(name, "main").setWork(work));
            Fire fire = scene.trigger(name);
            assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
            assertThat(fire.getTriggeredBy().getName()).isEqualTo("anna");
            await("run of " + name)
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> scene.fires(name).getFirst().getRunOutcome() == RunOutcome.RUN_OUTCOME_COMPLETE);
        }
    }

    @Test
    void a_schedule_of_all_targets_is_one_at_each() {
        scene.apply(ScheduleScene.vacuum("everywhere", "main").setAllTargets(true));
        scene.ask("everywhere", false);
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(scene.fires("everywhere"))
                        .hasSize(3)
                        .allMatch(fire -> fire.getOutcome() == FIRE_OUTCOME_STARTED)
                        .extracting(Fire::getTarget)
                        .containsExactlyInAnyOrder("main", "far", "slow"));
    }

    @Test
    void a_paused_schedule_skips_until_its_pause_ends_and_can_be_triggered_all_the_same() {
        scene.apply(ScheduleScene.ticking("pausing"));
        scene.until("pausing", FIRE_OUTCOME_STARTED);
        pause("pausing", Instant.now().plusSeconds(4));
        assertThat(ErrorDetails.of(() -> pause("pausing", Instant.now().minusSeconds(4)))
                        .fields())
                .containsExactly("end_time");
        Fire skipped = scene.until("pausing", FIRE_OUTCOME_SKIPPED_PAUSED);
        assertThat(skipped.getMessage()).contains("anna").contains("disks are moved");
        scene.until(
                "pausing",
                fire -> fire.getOutcome() == FIRE_OUTCOME_STARTED
                        && fire.getNominalTime().getSeconds()
                                > skipped.getNominalTime().getSeconds());

        pause("pausing", Instant.now().plusSeconds(600));
        assertThat(scene.trigger("pausing").getOutcome()).isIn(FIRE_OUTCOME_STARTED, FIRE_OUTCOME_SKIPPED_OVERLAP);
        scene.server
                .schedules()
                .resumeSchedule(ResumeScheduleRequest.newBuilder()
                        .setRequestId(id())
                        .setName("pausing")
                        .build());
        Instant resumed = Instant.now();
        scene.until(
                "pausing",
                fire -> fire.getOutcome() == FIRE_OUTCOME_STARTED
                        && fire.getNominalTime().getSeconds() > resumed.getEpochSecond());
        delete("pausing", "");
    }

    private static void pause(String name, Instant until) {
        scene.server
                .schedules()
                .pauseSchedule(PauseScheduleRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setName(name)
                        .setReason("disks are moved")
                        .setEndTime(Timestamp.newBuilder().setSeconds(until.getEpochSecond()))
                        .build());
    }

    @Test
    void outside_of_its_window_and_on_days_of_its_calendars_it_skips_and_the_preview_says_so() {
        LocalTime opens = LocalTime.now(ZoneOffset.UTC).plusHours(5).truncatedTo(ChronoUnit.MINUTES);
        scene.apply(ScheduleScene.ticking("windowed")
                .setWindow(RunWindow.newBuilder()
                        .setStart(opens.toString())
                        .setEnd(opens.plusHours(1).toString())));
        assertThat(scene.until("windowed", FIRE_OUTCOME_SKIPPED_WINDOW).getMessage())
                .contains("closed until");
        assertThat(scene.trigger("windowed").getOutcome()).isEqualTo(FIRE_OUTCOME_SKIPPED_WINDOW);
        assertThat(scene.trigger("windowed", true).getOutcome()).isEqualTo(FIRE_OUTCOME_STARTED);
        assertThat(preview("windowed")).hasSize(10).allMatch(fire -> fire.getOutcome() == FIRE_OUTCOME_SKIPPED_WINDOW);
        delete("windowed", "");

        scene.apply(
                ScheduleScene.ticking("excluded").addCalendars("never"),
                ExclusionCalendar.newBuilder()
                        .setName("never")
                        .setZone("UTC")
                        .addAllWeekdays(Arrays.stream(Weekday.values())
                                .filter(day -> day != Weekday.UNRECOGNIZED && day.getNumber() > 0)
                                .toList())
                        .build());
        assertThat(scene.until("excluded", FIRE_OUTCOME_SKIPPED_CALENDAR).getMessage())
                .isEqualTo("Calendar never excludes the day.");
        assertThat(preview("excluded")).allMatch(fire -> fire.getOutcome() == FIRE_OUTCOME_SKIPPED_CALENDAR);
        assertThat(scene.trigger("excluded").getOutcome()).isEqualTo(FIRE_OUTCOME_SKIPPED_CALENDAR);
        assertThat(scene.trigger("excluded", true).getOutcome()).isEqualTo(FIRE_OUTCOME_STARTED);
        assertThat(ErrorDetails.of(() -> deleteCalendar("never")).reason()).isEqualTo("CALENDAR_IN_USE");
        delete("excluded", "");
        assertThat(deleteCalendar("never").getWeekdaysCount()).isEqualTo(7);
        assertThat(ErrorDetails.of(() -> deleteCalendar("never")).reason()).isEqualTo("CALENDAR_NOT_FOUND");
    }

    private static ExclusionCalendar deleteCalendar(String name) {
        return scene.server
                .schedules()
                .deleteCalendar(DeleteCalendarRequest.newBuilder()
                        .setRequestId(id())
                        .setName(name)
                        .build())
                .getCalendar();
    }

    @Test
    void what_a_schedule_starts_works_in_its_window_with_all_that_follows() {
        LocalTime opens = LocalTime.now(ZoneOffset.UTC).minusHours(1).truncatedTo(ChronoUnit.MINUTES);
        RunWindow window = RunWindow.newBuilder()
                .setStart(opens.toString())
                .setEnd(opens.plusHours(5).toString())
                .build();
        Schedule.Builder schedule = ScheduleScene.vacuum("in-window", "main")
                .setWork(ScheduledWork.newBuilder().setRoutine("mine"))
                .setWindow(window);
        assertThat(scene.apply(schedule).getWindowEnd()).isEqualTo(WindowEnd.WINDOW_END_PAUSE);
        assertThat(hours("in-window")).allMatch(stops -> stops.equals("false")).hasSizeGreaterThan(1);
        scene.apply(schedule.setWindowEnd(WindowEnd.WINDOW_END_STOP));
        assertThat(hours("in-window")).allMatch(stops -> stops.equals("true")).hasSizeGreaterThan(1);
        scene.apply(schedule.setWindowEnd(WindowEnd.WINDOW_END_FINISH));
        assertThat(hours("in-window")).isEmpty();
        assertThat(fields(wrong -> wrong.setWindowEnd(WindowEnd.WINDOW_END_STOP)))
                .containsExactly("schedules[0].window_end");
        delete("in-window", "");
    }

    /** Whether each window of a run that the schedule starts, and of those that this run starts, ends it. */
    private static List<String> hours(String schedule) {
        Fire fire = scene.trigger(schedule);
        assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.run(fire.getRunId()).getState() == RunState.RUN_STATE_ENDED);
        return texts("SELECT h ->> 'stops' AS text FROM caretaker.run, jsonb_array_elements(run_window) h" + " WHERE '"
                + fire.getRunId() + "' IN (run_id::text, parent_run_id::text)");
    }

    /** What a query of the control store brings as {@code text}. */
    private static List<String> texts(String query) {
        Object all = scene.store.value("SELECT coalesce(string_agg(text, ','), '') FROM (" + query + ") AS q");
        return all.toString().isEmpty() ? List.of() : List.of(all.toString().split(","));
    }

    @Test
    void a_cleanup_of_a_routine_far_larger_than_usual_waits_for_a_person_and_the_other_parts_go_on() {
        scene.target.execute("CREATE TABLE parts (id serial PRIMARY KEY, ended timestamptz)");
        scene.apply(ScheduleScene.policy("parts", "far", "parts"));
        scene.apply(ScheduleScene.vacuum("large-part", "far")
                .setWork(ScheduledWork.newBuilder().setRoutine("guarded")));
        for (int i = 0; i < 3; i++) {
            fill("parts", 100);
            assertThat(routine("large-part").getStepsList())
                    .filteredOn(step -> step.getPolicy().equals("parts"))
                    .extracting(RunStep::getOutcome)
                    .containsExactly(RunOutcome.RUN_OUTCOME_COMPLETE);
        }
        fill("parts", 5_000);
        Run run = routine("large-part");
        RunStep cleanup = run.getStepsList().stream()
                .filter(step -> step.getPolicy().equals("parts"))
                .findFirst()
                .orElseThrow();
        assertThat(cleanup.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_DEADLINE);
        assertThat(cleanup.getMessage()).contains("usually removes 100");
        assertThat(run.getSteps(run.getStepsCount() - 1).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(scene.target.number("SELECT count(*) FROM parts")).isEqualTo(5_000);
        assertThat(texts("SELECT plan_id::text AS text FROM caretaker.plan WHERE waits_policy = 'parts'"))
                .singleElement()
                .satisfies(plan -> assertThat(cleanup.getMessage()).contains(plan));
    }

    /** A run of a schedule, when it has ended. */
    private static Run routine(String schedule) {
        Fire fire = scene.trigger(schedule);
        assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        return await().atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.run(fire.getRunId()), run -> run.getState() == RunState.RUN_STATE_ENDED);
    }

    @Test
    void a_preview_tells_of_clocks_that_skip_the_time_that_is_meant() {
        scene.apply(ScheduleScene.vacuum("spring", "main").setCron("30 2 * * *").setZone("Europe/Berlin"));
        List<ForecastFire> fires = scene.server
                .schedules()
                .previewSchedule(PreviewScheduleRequest.newBuilder()
                        .setName("spring")
                        .setTimes(3)
                        .setAfterTime(Timestamp.newBuilder()
                                .setSeconds(
                                        Instant.parse("2027-03-27T12:00:00Z").getEpochSecond()))
                        .build())
                .getFiresList();
        assertThat(fires).extracting(ForecastFire::getShifted).containsExactly(true, false, false);
        assertThat(fires.getFirst().getNominalTime().getSeconds())
                .isEqualTo(Instant.parse("2027-03-28T01:00:00Z").getEpochSecond());
    }
}
