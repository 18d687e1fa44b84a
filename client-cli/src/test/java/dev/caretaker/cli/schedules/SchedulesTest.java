package dev.caretaker.cli.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.schedules.file.ScheduleFile;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Actor;
import dev.caretaker.v1.AppliedSchedule;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ApplySchedulesResponse;
import dev.caretaker.v1.DeleteCalendarRequest;
import dev.caretaker.v1.DeleteCalendarResponse;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListCalendarsRequest;
import dev.caretaker.v1.ListCalendarsResponse;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListFiresResponse;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ListHoldsResponse;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.ListSchedulesResponse;
import dev.caretaker.v1.PauseScheduleRequest;
import dev.caretaker.v1.PauseScheduleResponse;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.PreviewScheduleResponse;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.ReleaseHoldResponse;
import dev.caretaker.v1.ResumeScheduleRequest;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.SchedulePause;
import dev.caretaker.v1.ScheduleStanding;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.SetHoldResponse;
import dev.caretaker.v1.TriggerScheduleRequest;
import dev.caretaker.v1.TriggerScheduleResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulesTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Timestamp at(String instant) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(instant).getEpochSecond())
                .build();
    }

    @Test
    void apply_sends_files_as_they_are_and_shows_what_became_of_them(@TempDir Path folder) throws IOException {
        server.on(
                "ApplySchedules",
                ApplySchedulesRequest.class,
                request -> ApplySchedulesResponse.newBuilder()
                        .addSchedules(AppliedSchedule.newBuilder()
                                .setSchedule(request.getSchedules(0))
                                .setResult(ApplyResult.APPLY_RESULT_CREATED)
                                .addWarnings("There is no policy old yet."))
                        .build());
        Path file = Files.writeString(folder.resolve("schedules.yaml"), ScheduleFile.EXAMPLE);
        Cli.Result result = Cli.to(server).run("schedules", "apply", "-f", file.toString(), "--prune");
        assertThat(result.exitCode()).as(result.err()).isZero();
        ApplySchedulesRequest request = server.request(ApplySchedulesRequest.class);
        assertThat(request.getPrune()).isTrue();
        assertThat(request.getCalendarsList())
                .extracting(ExclusionCalendar::getName)
                .containsExactly("holidays");
        assertThat(result.out())
                .contains("nightly", "shop", "0 3 * * MON-FRI Europe/Berlin", "routine standard", "created")
                .contains("warning: nightly: There is no policy old yet.");
    }

    @Test
    void lists_say_how_schedules_stand_and_what_became_of_their_times() {
        Fire latest = Fire.newBuilder()
                .setSchedule("nightly")
                .setTarget("shop")
                .setNominalTime(at("2026-05-02T01:00:00Z"))
                .setOutcome(FireOutcome.FIRE_OUTCOME_SKIPPED_PAUSED)
                .setMessage("Paused by anna: disks are moved")
                .setTimes(1)
                .build();
        Schedule schedule = Schedule.newBuilder()
                .setName("nightly")
                .setTarget("shop")
                .setCron("0 3 * * *")
                .setZone("Europe/Berlin")
                .setWork(ScheduledWork.newBuilder().setRoutine("standard"))
                .setPause(SchedulePause.newBuilder()
                        .setActor(Actor.newBuilder().setName("anna").setVerified(true))
                        .setReason("disks are moved"))
                .addStanding(ScheduleStanding.newBuilder()
                        .setTarget("shop")
                        .setNextTime(at("2026-05-03T01:00:00Z"))
                        .setLatest(latest))
                .build();
        server.on(
                "ListSchedules",
                ListSchedulesRequest.class,
                request -> ListSchedulesResponse.newBuilder()
                        .addSchedules(schedule)
                        .build());
        server.on("ListCalendars", ListCalendarsRequest.class, request -> ListCalendarsResponse.getDefaultInstance());
        server.on(
                "ListFires",
                ListFiresRequest.class,
                request -> ListFiresResponse.newBuilder().addFires(latest).build());

        assertThat(Cli.to(server).run("schedules", "list").out())
                .contains("nightly", "2026-05-03 01:00:00Z", "skipped paused", "by anna: disks are moved");
        assertThat(ScheduleFile.read(new InputFile(
                                "list",
                                Cli.to(server)
                                        .run("schedules", "list", "-o", "yaml")
                                        .out()))
                        .schedules())
                .hasSize(1);
        assertThat(ScheduleFile.read(new InputFile(
                                "list",
                                Cli.to(server)
                                        .run("schedules", "list", "-o", "json")
                                        .out()))
                        .schedules())
                .singleElement()
                .satisfies(read -> assertThat(read.hasPause()).isFalse());
        assertThat(Cli.to(server)
                        .run("schedules", "fires", "nightly", "--outcome", "skipped-paused,missed", "--since", "2d")
                        .out())
                .contains("2026-05-02 01:00:00Z", "Paused by anna: disks are moved");
        ListFiresRequest asked = server.request(ListFiresRequest.class);
        assertThat(asked.getOutcomesList())
                .containsExactly(FireOutcome.FIRE_OUTCOME_SKIPPED_PAUSED, FireOutcome.FIRE_OUTCOME_MISSED);
        assertThat(asked.hasAfterTime()).isTrue();
        assertThat(Cli.to(server).run("schedules", "fires", "--outcome", "lost").exitCode())
                .isEqualTo(2);
    }

    @Test
    void a_trigger_waits_until_something_became_of_it() {
        Fire asked = Fire.newBuilder()
                .setSchedule("nightly")
                .setTarget("shop")
                .setNominalTime(at("2026-05-02T01:00:00Z"))
                .setOutcome(FireOutcome.FIRE_OUTCOME_WAITING)
                .build();
        server.on(
                "TriggerSchedule",
                TriggerScheduleRequest.class,
                request -> TriggerScheduleResponse.newBuilder().addFires(asked).build());
        server.on(
                "ListFires",
                ListFiresRequest.class,
                request -> ListFiresResponse.newBuilder()
                        .addFires(asked.toBuilder()
                                .setOutcome(FireOutcome.FIRE_OUTCOME_STARTED)
                                .setRunOutcome(RunOutcome.RUN_OUTCOME_COMPLETE)
                                .setRunId("0b6f8f0e-3c57-4a53-93cf-1f6d2d1c9d11"))
                        .build());
        Cli.Result result = Cli.to(server).run("schedules", "trigger", "nightly", "--ignore-window");
        assertThat(result.out()).contains("shop", "started, complete", "0b6f8f0e-3c57-4a53-93cf-1f6d2d1c9d11");
        assertThat(server.request(TriggerScheduleRequest.class).getIgnoreWindow())
                .isTrue();
        assertThat(result.exitCode()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = FireOutcome.class,
            names = {"FIRE_OUTCOME_SKIPPED_HOLD", "FIRE_OUTCOME_SKIPPED_OVERLAP", "FIRE_OUTCOME_REFUSED"})
    void a_trigger_that_starts_nothing_at_one_of_its_targets_is_refused(FireOutcome outcome) {
        Fire fire = Fire.newBuilder().setSchedule("nightly").setTarget("shop").build();
        server.on(
                "TriggerSchedule",
                TriggerScheduleRequest.class,
                request -> TriggerScheduleResponse.newBuilder()
                        .addFires(fire.toBuilder().setOutcome(FireOutcome.FIRE_OUTCOME_STARTED))
                        .addFires(fire.toBuilder().setOutcome(outcome))
                        .build());
        assertThat(Cli.to(server).run("schedules", "trigger", "nightly").exitCode())
                .isEqualTo(3);
    }

    @Test
    void a_calendar_is_deleted_by_its_name() {
        server.on(
                "DeleteCalendar",
                DeleteCalendarRequest.class,
                request -> DeleteCalendarResponse.newBuilder()
                        .setCalendar(ExclusionCalendar.newBuilder().setName(request.getName()))
                        .build());
        assertThat(Cli.to(server).run("schedules", "delete-calendar", "easter").out())
                .contains("Calendar easter is deleted.");
    }

    @Test
    void a_preview_tells_what_would_become_of_each_time() {
        server.on(
                "PreviewSchedule",
                PreviewScheduleRequest.class,
                request -> PreviewScheduleResponse.newBuilder()
                        .addFires(ForecastFire.newBuilder()
                                .setTarget("shop")
                                .setNominalTime(at("2027-03-28T01:00:00Z"))
                                .setStartTime(at("2027-03-28T01:02:00Z"))
                                .setOutcome(FireOutcome.FIRE_OUTCOME_STARTED)
                                .setShifted(true))
                        .addFires(ForecastFire.newBuilder()
                                .setTarget("shop")
                                .setNominalTime(at("2027-03-29T00:30:00Z"))
                                .setOutcome(FireOutcome.FIRE_OUTCOME_SKIPPED_CALENDAR)
                                .setMessage("Calendar easter excludes the day."))
                        .addFires(ForecastFire.newBuilder()
                                .setTarget("shop")
                                .setNominalTime(at("2027-03-30T00:30:00Z"))
                                .setStartTime(at("2027-03-30T00:30:00Z"))
                                .setOutcome(FireOutcome.FIRE_OUTCOME_STARTED)
                                .addDoubts("It is skipped if run 7 has not ended by then."))
                        .build());
        assertThat(Cli.to(server)
                        .run("schedules", "preview", "nightly", "-n", "2")
                        .out())
                .contains("2027-03-28 01:02:00Z", "starts", "Clocks skip the time that is meant.")
                .contains("skipped calendar", "Calendar easter excludes the day.")
                .contains("may start", "It is skipped if run 7 has not ended by then.");
        assertThat(server.request(PreviewScheduleRequest.class).getTimes()).isEqualTo(2);
    }

    /** It leaves out what it does not know of a request. */
    @Test
    void what_an_older_server_made_without_its_end_is_taken_back() {
        server.on(
                        "SetHold",
                        SetHoldRequest.class,
                        request -> SetHoldResponse.newBuilder()
                                .setHold(Hold.newBuilder().setHoldId("h"))
                                .build())
                .on(
                        "ReleaseHold",
                        ReleaseHoldRequest.class,
                        request -> ReleaseHoldResponse.newBuilder()
                                .setHold(Hold.newBuilder().setHoldId(request.getHoldId()))
                                .build())
                .on(
                        "PauseSchedule",
                        PauseScheduleRequest.class,
                        request -> PauseScheduleResponse.newBuilder()
                                .setSchedule(Schedule.newBuilder()
                                        .setName(request.getName())
                                        .setPause(SchedulePause.getDefaultInstance()))
                                .build())
                .on("ResumeSchedule", ResumeScheduleRequest.class, request -> {
                    throw FakeServer.error(Code.PERMISSION_DENIED, "NOT_ALLOWED", "no");
                });

        Cli.Result hold = Cli.to(server).run("holds", "set", "--reason", "audit", "--until", "2h");
        assertThat(hold.exitCode()).isEqualTo(3);
        assertThat(hold.err()).contains("knows no spans", "the hold h had no end", "it was taken back");
        assertThat(server.request(ReleaseHoldRequest.class).getHoldId()).isEqualTo("h");
        assertThat(server.request(ReleaseHoldRequest.class).getRequestId())
                .isNotEqualTo(server.request(SetHoldRequest.class).getRequestId());

        Cli.Result pause = Cli.to(server).run("schedules", "pause", "nightly", "--until", "2h");
        assertThat(pause.exitCode()).isEqualTo(1);
        assertThat(pause.err()).contains("could not be taken back", "caretaker schedules resume nightly");
        assertThat(server.request(ResumeScheduleRequest.class).getName()).isEqualTo("nightly");

        assertThat(Cli.to(server).run("holds", "set", "--reason", "audit").exitCode())
                .as("no end was asked for")
                .isZero();
    }

    @Test
    void pauses_and_holds_end_after_a_span_or_at_an_instant() {
        server.on(
                "PauseSchedule",
                PauseScheduleRequest.class,
                request -> PauseScheduleResponse.newBuilder()
                        .setSchedule(Schedule.newBuilder()
                                .setName(request.getName())
                                .setPause(SchedulePause.newBuilder().setEndTime(request.getEndTime())))
                        .build());
        assertThat(Cli.to(server)
                        .run("schedules", "pause", "nightly", "--until", "2026-12-27T07:00+01:00")
                        .out())
                .contains("until 2026-12-27 06:00:00Z");
        assertThat(Cli.to(server)
                        .run("schedules", "pause", "nightly", "--until", "2026-12-27")
                        .exitCode())
                .isEqualTo(2);
        server.on(
                "SetHold",
                SetHoldRequest.class,
                request -> SetHoldResponse.newBuilder()
                        .setHold(Hold.newBuilder()
                                .setHoldId("h")
                                .setTarget(request.getTarget())
                                .addAllKinds(request.getKindsList())
                                .setEndTime(request.getEndTime())
                                .addPausedRunIds("r"))
                        .build());
        Cli.Result result = Cli.to(server)
                .run(
                        "holds",
                        "set",
                        "--target",
                        "shop",
                        "--kind",
                        "vacuum,reindex",
                        "--reason",
                        "audit",
                        "--until",
                        "2h",
                        "--pause-running");
        assertThat(result.out()).contains("Hold h: vacuum, reindex at shop until ", "Paused: r");
        SetHoldRequest request = server.request(SetHoldRequest.class);
        assertThat(request.getKindsList()).containsExactly(RunKind.RUN_KIND_VACUUM, RunKind.RUN_KIND_REINDEX);
        assertThat(request.getPauseRunning()).isTrue();
        assertThat(request.getDuration().getSeconds())
                .as("counted by the server")
                .isEqualTo(7_200);
        assertThat(request.hasEndTime()).isFalse();
        assertThat(Cli.to(server).run("holds", "set").exitCode()).as("why").isEqualTo(2);
        Cli.to(server).run("holds", "set", "--reason", "audit", "--kind", "backup-verify,restore");
        assertThat(server.request(SetHoldRequest.class).getKindsList())
                .containsExactly(RunKind.RUN_KIND_BACKUP_VERIFY, RunKind.RUN_KIND_RESTORE);
        assertThat(Cli.to(server)
                        .run("holds", "set", "--reason", "audit", "--kind", "lunch")
                        .err())
                .contains("there are cleanup, vacuum, reindex, routine, upkeep, restore, backup, backup-verify");
        assertThat(Cli.to(server).run("holds", "set", "--help").out()).contains("upkeep, restore, backup");
        server.on(
                "ListHolds",
                ListHoldsRequest.class,
                asked -> ListHoldsResponse.newBuilder()
                        .addHolds(Hold.newBuilder().setHoldId("h").setReason("audit"))
                        .build());
        assertThat(Cli.to(server).run("holds", "list").out()).contains("everything", "until it is released", "audit");
    }
}
