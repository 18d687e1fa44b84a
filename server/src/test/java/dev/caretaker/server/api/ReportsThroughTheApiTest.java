package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.server.api.ScheduleScene.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.ReportFormat;
import dev.caretaker.v1.ReportNotRun;
import dev.caretaker.v1.ReportOfTarget;
import dev.caretaker.v1.ReportPeriod;
import dev.caretaker.v1.ReportPolicy;
import dev.caretaker.v1.ReportRun;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReportRequest;
import dev.caretaker.v1.RunReportResponse;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.TableName;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What was and was not done, told of one run or of a target over a period, whatever tables are called. */
class ReportsThroughTheApiTest extends ReportFilesThroughTheApiSuite {
    @Test
    void a_run_is_told_with_its_plan_steps_times_and_counts_and_always_in_the_same_bytes() {
        table(SCRIPT, 1_200);
        String run = cleanUp("odd-names", SCRIPT);
        var request = RunReportRequest.newBuilder().setRunId(run);
        RunReportResponse html = report(request, ReportFormat.REPORT_FORMAT_HTML);
        var told = html.getReport().getRun();
        assertThat(told.getRun().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(told.getRun().getTotals().getRowsDeleted()).isEqualTo(1_200);
        assertThat(told.getRun().getObservation().getTables(0).getTable().getName())
                .isEqualTo(SCRIPT);
        assertThat(told.getPlan().getCutoffs(0).getPolicy()).isEqualTo("odd-names");
        assertThat(told.getTimesList()).anyMatch(time -> time.getState() == RunState.RUN_STATE_RUNNING);
        assertThat(html.getReport().getLookTime()).isEqualTo(told.getRun().getEndTime());
        assertThat(html.getMediaType()).startsWith("text/html");
        assertThat(html.getFileName()).isEqualTo("caretaker-main-run-" + run + ".html");
        assertThat(text(html))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "anna &lt;b&gt;", "1,200")
                .doesNotContain("<script", "<b>");
        assertThat(report(request, ReportFormat.REPORT_FORMAT_HTML).getDocument())
                .isEqualTo(html.getDocument());
        assertThat(text(report(request, ReportFormat.REPORT_FORMAT_MARKDOWN))).contains("| `" + SCRIPT + "` |");
        assertThat(text(report(request, ReportFormat.REPORT_FORMAT_JSON))).contains("\"rowsDeleted\": \"1200\"");
    }

    @Test
    void names_that_mean_something_elsewhere_are_shown_as_they_are() {
        for (String name : List.of(
                ReportSamples.TABLE_BREAKER,
                ReportSamples.RIGHT_TO_LEFT,
                ReportSamples.LONGEST,
                "# <!-- \" 'x' & ${1}")) {
            table(name, 10);
            cleanUp("named-" + Math.abs(name.hashCode()), name);
        }
        RunReportResponse html = report(lately("main"), ReportFormat.REPORT_FORMAT_HTML);
        assertThat(text(html))
                .contains("שלום\\u202eevil", ReportSamples.LONGEST, "# &lt;!-- \" 'x' &amp; ${1}")
                .doesNotContain("<!--", "\u202e");
        String markdown = text(report(lately("main"), ReportFormat.REPORT_FORMAT_MARKDOWN));
        assertThat(markdown).contains("``a\\|b`c*d_e[x](http://evil)``");
    }

    @Test
    void what_did_not_run_is_told_with_its_reason() {
        scene.apply(
                ScheduleScene.vacuum("absent", "main").setEvery(seconds(3_600)).setCatchUp(seconds(0)));
        scene.store.execute("UPDATE caretaker.schedule_line SET settled = now() - interval '5 hours', due = now()"
                + " WHERE schedule = 'absent'");
        scene.until("absent", FireOutcome.FIRE_OUTCOME_MISSED);
        table("parents", 20);
        scene.target.execute(
                "CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents)",
                "CREATE INDEX ON children (parent)",
                "INSERT INTO children VALUES (1, 1)");
        scene.apply(ScheduleScene.policy("pinned", "main", "parents"));
        scene.apply(ScheduleScene.cleanup("failing", "main", "pinned"));
        Fire failing = scene.trigger("failing");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> scene.run(failing.getRunId()).getOutcome() == RunOutcome.RUN_OUTCOME_FAILED);
        scene.apply(ScheduleScene.cleanup("refused", "main", "nowhere"));
        scene.trigger("refused");
        ReportOfTarget report = target("main");

        ReportNotRun missed = notRun(report, "absent");
        assertThat(missed.getOutcome()).isEqualTo(FireOutcome.FIRE_OUTCOME_MISSED);
        assertThat(missed.getTimes()).isBetween(4L, 5L);
        assertThat(missed.getMessage()).startsWith("No server was there at the time.");
        assertThat(notRun(report, "failing").getReason()).isEqualTo("PINNED_BY_FOREIGN_KEY");
        assertThat(notRun(report, "refused").getReason()).isEqualTo("POLICY_NOT_FOUND");
        ReportRun run = report.getRunsList().stream()
                .filter(one -> one.getRunId().equals(failing.getRunId()))
                .findFirst()
                .orElseThrow();
        assertThat(run.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getSubjectsList()).contains("pinned");
        assertThat(run.getMessage()).isNotEmpty();
        assertThat(report.getSchedulesList())
                .anySatisfy(tally -> assertThat(tally.getFailed()).isEqualTo(1))
                .anySatisfy(tally -> assertThat(tally.getRefused()).isEqualTo(1));
        assertThat(report.getComingList())
                .filteredOn(coming -> coming.getSchedule().equals("absent"))
                .singleElement()
                .satisfies(coming -> {
                    assertThat(coming.getTimes()).isBetween(167L, 168L);
                    assertThat(coming.getStarts()).isEqualTo(coming.getTimes());
                    assertThat(coming.getWork()).isEqualTo("vacuum of public.jobs");
                });
    }

    private static ReportNotRun notRun(ReportOfTarget report, String schedule) {
        return report.getNotRunList().stream()
                .filter(line -> line.getSchedule().equals(schedule))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void work_that_waits_and_holds_are_told() {
        String hold = scene.server
                .holds()
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setTarget("far")
                        .setReason("moving | the <disks>")
                        .build())
                .getHold()
                .getHoldId();
        scene.apply(ScheduleScene.vacuum("frozen", "far").setEvery(seconds(86_400)));
        ReportOfTarget report = target("far");
        assertThat(report.getHoldsList()).anyMatch(one -> one.getHoldId().equals(hold));
        assertThat(report.getComingList())
                .filteredOn(coming -> coming.getSchedule().equals("frozen"))
                .singleElement()
                .satisfies(coming -> {
                    assertThat(coming.getStarts()).isZero();
                    assertThat(coming.getObstacle()).contains("moving | the <disks>");
                });
        assertThat(text(report(lately("far"), ReportFormat.REPORT_FORMAT_HTML)))
                .contains("moving | the &lt;disks&gt;")
                .doesNotContain("<disks>");
        scene.server
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setHoldId(hold)
                        .build());

        table("lane", 400);
        scene.apply(ScheduleScene.policy("crawl", "slow", "lane"));
        scene.apply(ScheduleScene.cleanup("crawling", "slow", "crawl"));
        Fire going = scene.trigger("crawling");
        scene.server
                .maintenance()
                .runVacuum(RunVacuumRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("slow")
                        .addTables(TableName.newBuilder().setName("lane"))
                        .build())
                .next();
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> target("slow").getRunsList().stream()
                        .anyMatch(run -> run.getState() == RunState.RUN_STATE_WAITING_LOCK));
        ReportRun waiting = target("slow").getRunsList().stream()
                .filter(run -> run.getState() == RunState.RUN_STATE_WAITING_LOCK)
                .findFirst()
                .orElseThrow();
        assertThat(waiting.getMessage()).isNotEmpty();
        RunReportResponse open =
                report(RunReportRequest.newBuilder().setRunId(going.getRunId()), ReportFormat.REPORT_FORMAT_MARKDOWN);
        assertThat(open.getReport().getRun().getThrottlesList())
                .anySatisfy(throttle -> assertThat(throttle.getWait().getSeconds()
                                + throttle.getWait().getNanos())
                        .isPositive());
        assertThat(text(open)).contains("What it gave way to", "limit of rows per second");
    }

    @Test
    void a_period_in_which_nothing_was_done_is_told_calmly() {
        RunReportRequest.Builder longAgo = RunReportRequest.newBuilder()
                .setPeriod(ReportPeriod.newBuilder()
                        .setTarget("main")
                        .setSinceTime(at("2020-01-01T00:00:00Z"))
                        .setUntilTime(at("2020-01-03T12:00:00Z")));
        RunReportResponse html = report(longAgo, ReportFormat.REPORT_FORMAT_HTML);
        ReportOfTarget told = html.getReport().getTarget();
        assertThat(told.getRunsCount() + told.getCountsCount() + told.getNotRunCount())
                .isZero();
        assertThat(told.getSpansList()).hasSize(3).allMatch(span -> span.getRowsDeleted() == 0);
        assertThat(text(html)).contains("Nothing ran in this time.");
        assertThat(told.getForgottenList())
                .as("and why nobody can know")
                .hasSize(4)
                .first()
                .satisfies(missing -> assertThat(missing)
                        .matches("Runs that ended before \\S+Z are no longer kept \\(retention\\.runs\\):"
                                + " what they did is missing here, also in sums\\."));
        assertThat(text(html)).contains("Runs that ended before", "(retention.holds)");
        assertThat(target("main").getForgottenList()).isEmpty();
        assertThat(html.getFileName()).isEqualTo("caretaker-main-2020-01-01T0000Z-to-2020-01-03T1200Z.html");
        assertThat(text(report(longAgo, ReportFormat.REPORT_FORMAT_MARKDOWN)))
                .contains("Nothing ran in this time.", "Runs that ended before", "(retention.fires)");
    }

    @Test
    void rows_and_bytes_are_told_by_policy_with_what_is_overdue() {
        table("invoices", 300);
        cleanUp("invoices", "invoices");
        table("receipts", 50);
        scene.apply(ScheduleScene.policy("receipts", "main", "receipts"));
        ReportOfTarget report = target("main");
        assertThat(policy(report, "invoices")).satisfies(line -> {
            assertThat(line.getTotals().getRowsDeleted()).isEqualTo(300);
            assertThat(line.getRuns()).isEqualTo(1);
            assertThat(line.getOverdue().getSeconds()).isZero();
            assertThat(line.hasCompleteTime()).isTrue();
        });
        assertThat(policy(report, "receipts")).satisfies(line -> {
            assertThat(line.getRuns()).isZero();
            assertThat(line.getOverdue().getSeconds()).isGreaterThan(28 * 86_400);
        });
        assertThat(report.getTotals().getRowsDeleted()).isGreaterThanOrEqualTo(300);
        assertThat(report.getGrowth().getTarget()).isEqualTo("main");
    }

    private static ReportPolicy policy(ReportOfTarget report, String name) {
        return report.getPoliciesList().stream()
                .filter(line -> line.getPolicy().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_is_wrong_with_a_request_is_told() {
        assertThatThrownBy(() -> report(RunReportRequest.newBuilder(), ReportFormat.REPORT_FORMAT_HTML))
                .hasMessageContaining("INVALID_ARGUMENT");
        assertThatThrownBy(() -> report(RunReportRequest.newBuilder().setRunId("x"), ReportFormat.REPORT_FORMAT_HTML))
                .hasMessageContaining("run_id");
        assertThatThrownBy(() -> report(RunReportRequest.newBuilder().setRunId(id()), ReportFormat.REPORT_FORMAT_HTML))
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() -> target("nowhere")).hasMessageContaining("NOT_FOUND");
        RunReportRequest.Builder backwards = RunReportRequest.newBuilder()
                .setPeriod(ReportPeriod.newBuilder()
                        .setTarget("main")
                        .setSinceTime(at("2021-03-02T00:00:00Z"))
                        .setUntilTime(at("2021-03-01T00:00:00Z")));
        assertThatThrownBy(() -> report(backwards, ReportFormat.REPORT_FORMAT_HTML))
                .hasMessageContaining("period.since_time");
    }
}
