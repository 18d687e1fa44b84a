package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.ReportFormat;
import dev.caretaker.v1.ReportOfTarget;
import dev.caretaker.v1.ReportPeriod;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReportRequest;
import dev.caretaker.v1.RunReportResponse;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduledReport;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.SetHoldRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports that become files, and those of a thousand runs, through the whole server. */
abstract class ReportFilesThroughTheApiSuite {
    static final int LARGEST_PAGE_BYTES = 300 * 1024;
    static final String SCRIPT = ReportSamples.SCRIPT;

    static ScheduleScene scene;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() {
        scene = new ScheduleScene(Map.of(
                "caretaker.reports.directory", folder.resolve("reports").toString(),
                "caretaker.reports.retention", "30d",
                "caretaker.notifications.channels.book.type", "file",
                "caretaker.notifications.channels.book.path",
                        folder.resolve("book.jsonl").toString(),
                "caretaker.notifications.rules.all.channels", List.of("book")));
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    static RunReportResponse report(RunReportRequest.Builder request, ReportFormat format) {
        return scene.server.reports().runReport(request.setFormat(format).build());
    }

    static RunReportRequest.Builder lately(String target) {
        return RunReportRequest.newBuilder().setPeriod(ReportPeriod.newBuilder().setTarget(target));
    }

    static ReportOfTarget target(String target) {
        return report(lately(target), ReportFormat.REPORT_FORMAT_UNSPECIFIED)
                .getReport()
                .getTarget();
    }

    static String text(RunReportResponse response) {
        return response.getDocument().toString(StandardCharsets.UTF_8);
    }

    /** Removes old rows of a table by a policy of its own, and answers the run. */
    static String cleanUp(String policy, String table) {
        scene.apply(ScheduleScene.policy(policy, "main", table));
        Plan plan = scene.server
                .maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies(policy)
                        .build())
                .getPlan();
        var events = scene.server
                .maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna <b>")
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .build());
        String run = events.next().getEvent().getRunId();
        events.forEachRemaining(event -> {});
        return run;
    }

    static void table(String name, int rows) {
        String quoted = '"' + name.replace("\"", "\"\"") + '"';
        scene.target.execute(
                "CREATE TABLE " + quoted + " (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO " + quoted + " SELECT i, now() - interval '30 days' FROM generate_series(1, " + rows
                        + ") i");
    }

    static Timestamp at(String instant) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(instant).getEpochSecond())
                .build();
    }

    @Test
    void of_a_thousand_runs_some_are_told_and_all_are_summed() {
        scene.store.execute(
                "INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, outcome, created_by, created,"
                        + " started, ended, row_limits, tuning)"
                        + " SELECT gen_random_uuid(), (ARRAY['CLEANUP', 'VACUUM', 'REINDEX', 'ROUTINE', 'UPKEEP'])[1 + i % 5],"
                        + " 'slow', 'ENDED', now(), 'RUNNING', CASE WHEN i % 10 = 0 THEN 'FAILED' ELSE 'COMPLETE' END,"
                        + " '{\"name\": \"anna\", \"verified\": true}', t, t, t + interval '90 seconds', '{}', '"
                        + Json.write(Tuning.DEFAULT) + "'"
                        + " FROM generate_series(1, 1000) i, LATERAL (SELECT timestamptz '2021-03-01' + i * interval '10 minutes'"
                        + " AS t) AS at",
                "INSERT INTO caretaker.run_step (run_id, ordinal, kind, schema_name, table_name, total_schema, total_table,"
                        + " policy, rows_expected, parameters, outcome, message, started, ended, totals)"
                        + " SELECT r.run_id, 1, 'index-range', 'public', repeat('<', 60) || i, 'public', repeat('<', 60) || i,"
                        + " 'policy-' || i, 10, '{}', r.outcome, repeat('\"&<|', 600), r.started, r.ended,"
                        + " '{\"rowsDeleted\": 10, \"rowsExact\": true, \"busy\": \"PT1S\", \"pinnedSamples\": [], \"bytesReturned\": 100, \"space\": {\"bytesBefore\": 5,"
                        + " \"bytesAfter\": 4, \"deadBefore\": 3, \"deadAfter\": 0}}'"
                        + " FROM caretaker.run r, LATERAL (SELECT 1 + extract(epoch FROM r.created)::bigint / 600 % 200 AS i) AS n"
                        + " WHERE r.target = 'slow' AND r.created < '2021-06-01'",
                "INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal, decided,"
                        + " attempts, earlier_runs)"
                        + " SELECT 'often-' || i % 150, 'slow', timestamptz '2021-03-01' + i * interval '10 minutes', 'REFUSED',"
                        + " 'INTERNAL', repeat('<script>', 200), 1, timestamptz '2021-03-01' + i * interval '10 minutes', now(), 0,"
                        + " '{}' FROM generate_series(1, 600) i");
        RunReportRequest.Builder march = RunReportRequest.newBuilder()
                .setPeriod(ReportPeriod.newBuilder()
                        .setTarget("slow")
                        .setSinceTime(at("2021-03-01T00:00:00Z"))
                        .setUntilTime(at("2021-03-31T00:00:00Z")));
        RunReportResponse html = report(march, ReportFormat.REPORT_FORMAT_HTML);
        ReportOfTarget told = html.getReport().getTarget();
        assertThat(told.getCountsList().stream()
                        .mapToLong(count -> count.getRuns())
                        .sum())
                .isEqualTo(1_000);
        assertThat(told.getRunsList()).hasSize(60).allMatch(run -> run.getOutcome() == RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(told.getRunsLeftOut()).isEqualTo(940);
        assertThat(told.getTotals().getRowsDeleted())
                .as("parts of routines are their runs'")
                .isEqualTo(8_000);
        assertThat(told.getPoliciesCount()).isEqualTo(100);
        assertThat(told.getPoliciesLeftOut()).isPositive();
        assertThat(told.getNotRunCount() + told.getNotRunLeftOut()).isEqualTo(150);
        assertThat(told.getSpansList().stream()
                        .mapToLong(span -> span.getRowsDeleted())
                        .sum())
                .isEqualTo(8_000);
        assertThat(told.getLanesList())
                .hasSize(5)
                .allSatisfy(lane -> assertThat(lane.getStretchesList())
                        .allMatch(stretch -> stretch.getFirst() <= stretch.getLast() && stretch.getLast() < 200));
        assertThat(html.getDocument().size()).isLessThan(LARGEST_PAGE_BYTES);
        assertThat(text(html))
                .contains("940 more are not listed here", "Of 600 times at which schedules were due")
                .doesNotContain("<script");
        assertThat(report(march, ReportFormat.REPORT_FORMAT_JSON).getSerializedSize())
                .isLessThan(2_000_000);
    }

    @Test
    void a_period_that_is_over_is_told_in_the_same_bytes_wherever_its_rows_lie_and_whatever_happened_at_one_moment() {
        Instant night = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(20, ChronoUnit.DAYS);
        String at = "timestamptz '" + night + "'";
        scene.store.execute(
                "INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, outcome, created_by, created,"
                        + " started, ended, row_limits, tuning) SELECT gen_random_uuid(), (ARRAY['CLEANUP', 'VACUUM'])[1 + i % 2],"
                        + " 'far', 'ENDED', now(), 'RUNNING', (ARRAY['FAILED', 'COMPLETE', 'PINNED'])[1 + i % 3],"
                        + " '{\"name\": \"anna\", \"verified\": true}', " + at + ", " + at + ", " + at
                        + ", '{}', '" + Json.write(Tuning.DEFAULT) + "' FROM generate_series(1, 200) i",
                "INSERT INTO caretaker.run_step (run_id, ordinal, kind, schema_name, table_name, total_schema, total_table, policy,"
                        + " rows_expected, parameters, outcome, message, started, ended, totals) SELECT run_id, n, 'index-range',"
                        + " 'public', 't' || n % 7, 'public', 't' || n % 7, 'policy-' || n % 9, 10, '{}', outcome, '', "
                        + at + ", "
                        + at
                        + ", CAST(format('{\"rowsDeleted\": 10, \"rowsExact\": true, \"busy\": \"PT1S\", \"pinnedSamples\": [],"
                        + " \"bytesReturned\": 100, \"space\": {\"bytesBefore\": %s, \"bytesAfter\": %s, \"deadBefore\": %s,"
                        + " \"deadAfter\": 0}}', 5 + hashtext(run_id::text) % 5, n, n % 3) AS jsonb)"
                        + " FROM caretaker.run, generate_series(1, 20) n WHERE target = 'far' AND created = " + at,
                "INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal, decided,"
                        + " attempts, earlier_runs) SELECT 'same-' || i, 'far', " + at
                        + ", 'REFUSED', 'INTERNAL', 'why ' || i, 1, " + at
                        + ", now(), 0, '{}' FROM generate_series(1, 80) i",
                "INSERT INTO caretaker.finding (target, finding_id, check_id, severity, confidence, object_kind, schema_name,"
                        + " object_name, message, impact, impact_unit, evidence, blocks_vacuum, blocks_cleanup, first_seen, last_seen,"
                        + " gone, status) SELECT 'far', 'f' || i, 'c', 'INFO', 'CERTAIN', 'table', 's', 'o', 'm' || i, 0, 'NONE', '{}',"
                        + " false, false, " + at + ", " + at + ", " + at + ", 'GONE' FROM generate_series(1, 80) i",
                "INSERT INTO caretaker.hold (hold_id, target, reason, set_by, since, pause_running, ended) SELECT gen_random_uuid(),"
                        + " 'far', 'r' || i, '{\"name\": \"anna\", \"verified\": true}', " + at + ", false, " + at
                        + " FROM generate_series(1, 40) i");
        ReportOfTarget before = told(night);
        assertThat(before.getRunsCount()).isEqualTo(60);
        assertThat(before.getFoundCount() + before.getGoneCount()).isEqualTo(80);
        assertThat(before.getSpacesCount()).isEqualTo(7);
        // Every other row goes to another place in its table.
        Map.of("run", "kind", "run_step", "kind", "fire", "reason", "finding", "message", "hold", "reason")
                .forEach((table, column) -> scene.store.execute(
                        "CREATE TABLE caretaker.moved AS SELECT ctid AS place FROM caretaker." + table
                                + " WHERE random() < 0.5",
                        "UPDATE caretaker." + table + " SET " + column + " = " + column
                                + " WHERE ctid IN (SELECT place FROM caretaker.moved)",
                        "DROP TABLE caretaker.moved"));
        scene.store.execute("ANALYZE");
        assertThat(told(night)).isEqualTo(before);
    }

    /** What is told of the days around an instant, without how the target is now and what is to come. */
    private static ReportOfTarget told(Instant night) {
        return report(
                        RunReportRequest.newBuilder()
                                .setPeriod(ReportPeriod.newBuilder()
                                        .setTarget("far")
                                        .setSinceTime(at(
                                                night.minus(1, ChronoUnit.DAYS).toString()))
                                        .setUntilTime(at(
                                                night.plus(1, ChronoUnit.DAYS).toString()))),
                        ReportFormat.REPORT_FORMAT_UNSPECIFIED)
                .getReport()
                .getTarget()
                .toBuilder()
                .clearVerdict()
                .clearReasons()
                .clearReasonsLeftOut()
                .clearOpen()
                .clearComing()
                .clearComingLeftOut()
                .clearGrowth()
                .build();
    }

    @Test
    void a_report_by_schedule_becomes_a_file_and_is_told_and_a_freeze_lets_it_pass() throws IOException {
        String hold = scene.server
                .holds()
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("far")
                        .setReason("frozen")
                        .build())
                .getHold()
                .getHoldId();
        Schedule stored = scene.apply(reporting("weekly", ReportFormat.REPORT_FORMAT_HTML));
        assertThat(stored.getWork().getReport().getPeriod().getSeconds()).isEqualTo(7 * 86_400);
        assertThat(scene.server
                        .schedules()
                        .previewSchedule(PreviewScheduleRequest.newBuilder()
                                .setName("weekly")
                                .build())
                        .getFiresList())
                .allMatch(fire -> fire.getOutcome() == FireOutcome.FIRE_OUTCOME_STARTED);
        Fire fire = scene.trigger("weekly");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> scene.run(fire.getRunId()).getState() == RunState.RUN_STATE_ENDED);
        assertThat(scene.run(fire.getRunId()).getOutcome())
                .as(scene.run(fire.getRunId()).toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        Path file = onlyFile();
        assertThat(file.getFileName().toString()).startsWith("caretaker-far-").endsWith("Z.html");
        assertThat(Files.readString(file)).startsWith("<!doctype html>").contains("frozen");
        Delivery told = await().atMost(20, TimeUnit.SECONDS)
                .until(
                        () -> scene
                                .server
                                .notifications()
                                .listDeliveries(ListDeliveriesRequest.newBuilder()
                                        .setTarget("far")
                                        .build())
                                .getDeliveriesList()
                                .stream()
                                .filter(delivery -> delivery.getEvent().equals("report.ready"))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        assertThat(told.getSummary()).contains(file.getFileName().toString());
        scene.server
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setHoldId(hold)
                        .build());
    }

    static Schedule.Builder reporting(String name, ReportFormat format) {
        return ScheduleScene.vacuum(name, "far")
                .setWork(ScheduledWork.newBuilder()
                        .setReport(ScheduledReport.newBuilder().setFormat(format)));
    }

    static Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("reports"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }
}
