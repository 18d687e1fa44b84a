package dev.caretaker.cli.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.schedules.file.ScheduleFile;
import dev.caretaker.cli.schedules.file.WorkText;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Actor;
import dev.caretaker.v1.AppliedSchedule;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ApplySchedulesResponse;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
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
import dev.caretaker.v1.OverlapRule;
import dev.caretaker.v1.PauseScheduleRequest;
import dev.caretaker.v1.PauseScheduleResponse;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.PreviewScheduleResponse;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.SchedulePause;
import dev.caretaker.v1.ScheduleStanding;
import dev.caretaker.v1.ScheduledArchiveVerify;
import dev.caretaker.v1.ScheduledBackup;
import dev.caretaker.v1.ScheduledBackupVerify;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.SetHoldResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TriggerScheduleRequest;
import dev.caretaker.v1.TriggerScheduleResponse;
import dev.caretaker.v1.VerifyLevel;
import dev.caretaker.v1.Weekday;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulesTest {
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static ScheduleFile read(String name, String text) {
        return ScheduleFile.read(new InputFile(name, text));
    }

    private static Timestamp at(String instant) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(instant).getEpochSecond())
                .build();
    }

    @Test
    void what_is_written_is_read_back_as_it_was() {
        ScheduleFile example = read("example", ScheduleFile.EXAMPLE);
        assertThat(example.schedules()).singleElement().satisfies(schedule -> {
            assertThat(schedule.getCron()).isEqualTo("0 3 * * MON-FRI");
            assertThat(schedule.getZone()).isEqualTo("Europe/Berlin");
            assertThat(schedule.getWork().getRoutine()).isEqualTo("standard");
            assertThat(schedule.getOverlap()).isEqualTo(OverlapRule.OVERLAP_RULE_SKIP);
            assertThat(schedule.getCatchUp().getSeconds()).isEqualTo(3_600);
        });
        assertThat(example.calendars().get(0).getYearlyList()).contains("12-24", "01-01");
        for (String text : List.of(ScheduleFile.EXAMPLE, """
                calendars:
                  - {name: weekends, zone: UTC, weekdays: [saturday, SUN]}
                schedules:
                  - {name: a, targets: all, every: 15m, cleanup: [old, "older"], overlap: queue-one, jitter: 5m}
                  - {name: b, target: shop, every: 1h, vacuum: [jobs, '"My.Schema"."Jobs"'], deadline: 1h,
                     window: 22:00-05:00 Europe/Berlin, windowEnd: stop, retries: {times: 2, delay: 10m}, pauseAfterFailures: 3}
                  - {name: c, target: shop, cron: "@daily", zone: UTC, detection: all, expectSuccessWithin: 26h,
                     catchUp: 0s, calendars: [weekends], description: "Looks: at it"}
                  - {name: d, target: shop, every: 1h, upkeep: all}
                  - {name: e, target: shop, every: 1h, reindex: needed}
                  - {name: f, target: shop, every: 7d, report: html}
                  - {name: g, target: shop, every: 30d, report: {period: 30d, format: markdown}}
                  - {name: h, target: shop, every: 1d, backup: cold}
                  - {name: i, target: shop, every: 1d, backupVerify: newest}
                  - {name: j, target: shop, every: 1d, archiveVerify: due}
                """)) {
            ScheduleFile read = read("file", text);
            String written = ScheduleFile.write(read.schedules(), read.calendars(), true);
            ScheduleFile again = read("written", written);
            assertThat(again.calendars()).isEqualTo(read.calendars());
            assertThat(ScheduleFile.write(again.schedules(), again.calendars(), true))
                    .isEqualTo(written);
        }
        assertThat(read("weekends", "calendars: [{name: w, zone: UTC, weekdays: [SUN]}]")
                        .calendars()
                        .get(0)
                        .getWeekdaysList())
                .containsExactly(Weekday.WEEKDAY_SUNDAY);
    }

    @Test
    void every_key_of_backups_and_verifications_is_read_and_written() {
        String text = """
                schedules:
                  - name: copy
                    target: shop
                    every: 1d
                    backup: {to: cold, engine: pg_dump, format: custom, schemas: [app], tables: [orders, '"My.Schema"."Jobs"'],
                             withoutRows: [audit.log], sessions: 4, longestSnapshot: 6h, compression: gzip, keep: 30d,
                             keepLast: 7}
                  - name: proof
                    target: shop
                    every: 30d
                    backupVerify: {at: cold, whole: true, scratchTarget: scratch, allowSameServer: true}
                  - name: archives
                    target: shop
                    every: 7d
                    archiveVerify: {policies: [old, older], notVerifiedWithin: 90d, most: 50, level: restored}
                """;
        List<Schedule> read = read("file", text).schedules();
        ScheduledBackup backup = read.get(0).getWork().getBackup();
        assertThat(backup)
                .isEqualTo(ScheduledBackup.newBuilder()
                        .setDestination("cold")
                        .setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP)
                        .setDumpFormat(BackupDumpFormat.BACKUP_DUMP_FORMAT_CUSTOM)
                        .setSelection(BackupSelection.newBuilder()
                                .addSchemas("app")
                                .addTables(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName("orders"))
                                .addTables(TableName.newBuilder()
                                        .setSchema("My.Schema")
                                        .setName("Jobs"))
                                .addWithoutRows(TableName.newBuilder()
                                        .setSchema("audit")
                                        .setName("log")))
                        .setSessions(4)
                        .setLongestSnapshot(Duration.newBuilder().setSeconds(6 * 3_600))
                        .setCompression("gzip")
                        .setKeep(BackupRetention.newBuilder()
                                .setAge(Duration.newBuilder().setSeconds(30 * 86_400))
                                .setLast(7))
                        .build());
        assertThat(read.get(1).getWork().getBackupVerify())
                .isEqualTo(ScheduledBackupVerify.newBuilder()
                        .setDestination("cold")
                        .setWhole(true)
                        .setScratchTarget("scratch")
                        .setAllowSameServer(true)
                        .build());
        assertThat(read.get(2).getWork().getArchiveVerify())
                .isEqualTo(ScheduledArchiveVerify.newBuilder()
                        .addPolicies("old")
                        .addPolicies("older")
                        .setNotVerifiedWithin(Duration.newBuilder().setSeconds(90 * 86_400))
                        .setMost(50)
                        .setLevel(VerifyLevel.VERIFY_LEVEL_RESTORED)
                        .build());
        assertThat(read("written", ScheduleFile.write(read, List.of(), false)).schedules())
                .extracting(Schedule::getWork)
                .isEqualTo(read.stream().map(Schedule::getWork).toList());
        assertThat(read)
                .extracting(schedule -> WorkText.describe(schedule.getWork()))
                .containsExactly(
                        "backup to cold, kept 30d or last 7, by pg_dump",
                        "verification of the newest whole backup at cold at target scratch",
                        "verification of archives of old, older not verified within 90d, level restored");
    }

    @Test
    void every_file_of_the_documentation_can_be_read() throws IOException {
        Matcher blocks = YAML.matcher(Files.readString(Path.of("../docs/schedules.md")));
        int read = 0;
        while (blocks.find()) {
            assertThat(read("docs/schedules.md", blocks.group(1)).schedules()).isNotEmpty();
            read++;
        }
        assertThat(read).isGreaterThanOrEqualTo(6);
        String demo = Files.readString(Path.of("../server/src/main/resources/demo/schedules.yml"));
        assertThat(read("demo/schedules.yml", demo).schedules()).hasSizeGreaterThan(6);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            {name: a, every: 1h, detection: all}                              | lacks target or targets
            {name: a, target: shop, detection: all}                           | lacks cron or every
            {name: a, target: shop, every: 1h}                                | lacks routine or cleanup
            {name: a, target: shop, every: 1h, detection: all, upkeep: all}   | stands beside
            {name: a, target: shop, cron: "* * * * *", every: 1h, upkeep: all} | stands beside
            {name: a, target: shop, every: 7d, report: pdf}                   | none of html, markdown, json
            {name: a, targets: some, every: 1h, upkeep: all}                  | must be all
            {name: a, target: shop, every: 1h, cleanup: []}                   | names nothing
            {name: a, target: shop, every: 1h, cleanup: everything}           | must be all, or a list
            {name: a, target: shop, every: 1h, upkeep: all, overlap: queue}   | none of skip, queue-one
            {name: a, target: shop, every: 1h, backup: {keep: 1d}}            | lacks 'to'
            {name: a, target: shop, every: 1h, backup: {to: c, engine: dump}} | none of table-copy, pg_dump
            {name: a, target: shop, every: 1h, backup: {to: c, keepLast: 0}}  | must be a positive number
            {name: a, target: shop, every: 1h, backupVerify: oldest}          | must be newest
            {name: a, target: shop, every: 1h, archiveVerify: all}            | must be due
            {name: a, target: shop, every: 1h, archiveVerify: {level: deep}}  | none of stored, read-back, restored
            {name: a, target: shop, every: 1h, upkeep: all, catch_up: 1h}     | did you mean 'catchUp'
            """)
    void what_cannot_be_read_is_told_with_its_place(String text, String why, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "schedules:\n  - " + text);
        Cli.Result result = Cli.to(server).run("schedules", "apply", "-f", file.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("wrong.yaml:2").contains(why);
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
