package dev.caretaker.cli.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.schedules.file.ScheduleFile;
import dev.caretaker.cli.schedules.file.WorkText;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.OverlapRule;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduledArchiveVerify;
import dev.caretaker.v1.ScheduledBackup;
import dev.caretaker.v1.ScheduledBackupVerify;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VerifyLevel;
import dev.caretaker.v1.Weekday;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of schedules and calendars. */
class ScheduleFileTest {
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static ScheduleFile read(String name, String text) {
        return ScheduleFile.read(new InputFile(name, text));
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
}
