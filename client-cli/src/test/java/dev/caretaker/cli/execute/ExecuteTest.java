package dev.caretaker.cli.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.GetPlanResponse;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.GetRunResponse;
import dev.caretaker.v1.Mechanism;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.Tuning;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecuteTest {
    private final FakeServer server = new FakeServer();
    private final Plan.Builder plan = Plan.newBuilder()
            .setPlanId("plan-1")
            .setEtag("e1")
            .setTarget("shop")
            .setExpireTime(Timestamp.newBuilder().setSeconds(Cli.NOW.getEpochSecond() + 60));

    @BeforeEach
    void answer() {
        plan.addStepsBuilder()
                .setOrdinal(1)
                .setPolicy("old-jobs")
                .setRelation(Events.JOBS)
                .setMechanism(Mechanism.MECHANISM_INDEX_RANGE)
                .getEstimateBuilder()
                .setRows(120_000);
        server.on(
                "GetPlan",
                GetPlanRequest.class,
                request -> GetPlanResponse.newBuilder().setPlan(plan).build());
        ends(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void ends(RunOutcome outcome) {
        streams(Events.all(outcome));
    }

    private void streams(List<RunEvent> events) {
        server.onStream("ExecuteCleanup", ExecuteCleanupRequest.class, (request, stream) -> {
            events.forEach(event -> stream.onNext(
                    ExecuteCleanupResponse.newBuilder().setEvent(event).build()));
            stream.onCompleted();
        });
    }

    private ExecuteCleanupRequest sent() {
        return server.request(ExecuteCleanupRequest.class);
    }

    @ParameterizedTest
    @CsvSource({
        "RUN_OUTCOME_COMPLETE, 0, Complete: 119‚000 rows deleted",
        "RUN_OUTCOME_FAILED, 1, rows are referenced by items_job_fk [PINNED_BY_FOREIGN_KEY] SQLSTATE 23503",
        "RUN_OUTCOME_CANCELLED, 5, Cancelled: 119‚000 rows deleted",
        "RUN_OUTCOME_DEADLINE, 7, Stopped at its deadline or limit: 119‚000 rows",
        "RUN_OUTCOME_PINNED, 7, 7 held back by rows that refer to them",
        "RUN_OUTCOME_RESIDUAL, 7, 3 kept moving and are left"
    })
    void the_exit_code_and_the_last_words_tell_how_the_run_ended(RunOutcome outcome, int exitCode, String words) {
        ends(outcome);
        Cli.Result result = Cli.to(server).run("execute", "plan-1", "--yes");
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.out()).contains(words.replace('‚', ','));
    }

    @Test
    void the_summary_tells_deleted_reusable_and_returned_apart() {
        String out = Cli.to(server).run("execute", "plan-1", "--yes").out();
        assertThat(out)
                .containsPattern("POLICY +TABLE +DELETED +CASCADED +PINNED +RESIDUAL +BYTES +REUSABLE +TO DISK +WAL")
                .containsPattern("old-jobs +Jobs +119,000 +12 +50 MB +48 MB +2 MB +60 MB +40 +9 s")
                .contains("through foreign keys: 12 rows of items");
    }

    @Test
    void follow_ups_that_several_policies_share_have_a_line_of_their_own() {
        RunEvent.Builder last = Events.finished(9, RunOutcome.RUN_OUTCOME_COMPLETE).toBuilder();
        last.getFinishedBuilder()
                .addTablesBuilder()
                .setTable(Events.JOBS)
                .getTotalsBuilder()
                .setRowsExact(true);
        streams(List.of(last.build()));
        assertThat(Cli.to(server).run("execute", "plan-1", "--yes").out())
                .containsPattern("old-jobs +Jobs +119,000 [^\n]+\n *follow-up +Jobs +0 [^\n]+\n *total +119,000 ");
    }

    @Test
    void the_plan_that_was_seen_is_the_one_that_runs() {
        Cli.to(server).run("execute", "plan-1", "--yes");
        assertThat(sent().getPlanId()).isEqualTo("plan-1");
        assertThat(sent().getEtag()).isEqualTo("e1");
        assertThat(sent().hasTuning()).isFalse();
        assertThat(sent().hasDeadline()).isFalse();
    }

    @Test
    void every_setting_is_sent_exactly() {
        Cli.to(server)
                .run(("execute plan-1 --yes --batch-target 50ms --max-rows-per-second 5000 --pause-ratio 1.5"
                                + " --max-lag 16MB --max-wal 32MB/s --max-lock-waiters 0 --deadline 1h")
                        .split(" "));
        Tuning tuning = sent().getTuning();
        assertThat(tuning.getBatchTarget().getNanos()).isEqualTo(50_000_000);
        assertThat(tuning.getMaxRowsPerSecond()).isEqualTo(5000);
        assertThat(tuning.getPauseRatio()).isEqualTo(1.5);
        assertThat(tuning.getMaxReplicationLagBytes()).isEqualTo(16 << 20);
        assertThat(tuning.getMaxWalBytesPerSecond()).isEqualTo(32 << 20);
        assertThat(tuning.hasMaxLockWaiters()).isTrue();
        assertThat(tuning.getMaxLockWaiters()).isZero();
        assertThat(sent().getDeadline().getSeconds()).isEqualTo(3600);
    }

    @Test
    void without_a_terminal_it_needs_yes() {
        Cli.Result result = Cli.to(server).run("execute", "plan-1");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--yes");
        assertThat(server.requests(ExecuteCleanupRequest.class)).isEmpty();
    }

    @Test
    void who_is_asked_hears_when_the_window_opens_unless_it_is_ignored() {
        plan.addPoliciesBuilder()
                .getPolicyBuilder()
                .getLimitsBuilder()
                .getWindowBuilder()
                .setStart("22:00")
                .setEnd("05:00");
        plan.setWindowOpenTime(Timestamp.newBuilder().setSeconds(Cli.NOW.getEpochSecond() + 36_000));
        Cli.Result asked = Cli.to(server).onTerminal(100).typing("y\n").run("execute", "plan-1");
        assertThat(asked.err())
                .contains("The run will wait for its window, which opens 2025-06-01 22:00:00Z (in 10h 00m);"
                        + " with --ignore-window it would work at once.");
        assertThat(asked.out()).contains("22:00-05:00, closed until 2025-06-01 22:00:00Z (in 10h 00m)");
        assertThat(sent().getIgnoreWindow()).isFalse();

        Cli.Result insists = Cli.to(server).onTerminal(100).typing("y\n").run("execute", "plan-1", "--ignore-window");
        assertThat(insists.err()).doesNotContain("will wait");
        assertThat(server.request(ExecuteCleanupRequest.class).getIgnoreWindow())
                .isTrue();
    }

    @Test
    void on_a_terminal_it_asks_and_takes_no_for_an_answer() {
        Cli.Result result = Cli.to(server).onTerminal(100).typing("\n").run("execute", "plan-1");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("Execute this plan? [y/N]").contains("caretaker: not executed");
        assertThat(server.requests(ExecuteCleanupRequest.class)).isEmpty();
        assertThat(Cli.to(server)
                        .onTerminal(100)
                        .typing("y\n")
                        .run("execute", "plan-1")
                        .exitCode())
                .isZero();
    }

    @Test
    void who_is_asked_sees_the_plan_even_if_the_output_is_for_a_program() {
        Cli.Result result = Cli.to(server).onTerminal(100).typing("y\n").run("execute", "plan-1", "-o", "ndjson");
        assertThat(result.err()).contains("Plan plan-1 of shop").contains("[y/N]");
        assertThat(result.out().lines()).hasSize(8).allMatch(line -> line.startsWith("{\"runId\""));
    }

    @Test
    void a_blocked_plan_is_refused_without_asking_unless_overridden() {
        plan.addWarningsBuilder()
                .setCode(PlanWarningCode.PLAN_WARNING_CODE_UNINDEXED_FOREIGN_KEY)
                .setBlocking(true)
                .setMessage("items.job_id has no index, which takes 5 min");
        Cli.Result result = Cli.to(server).run("execute", "plan-1", "--yes");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains("which takes 5 min")
                .contains("--override UNINDEXED_FOREIGN_KEY")
                .contains("[PLAN_BLOCKED]");
        assertThat(server.requests(ExecuteCleanupRequest.class)).isEmpty();

        assertThat(Cli.to(server)
                        .run("execute", "--yes", "--override", "unindexed-foreign-key", "plan-1")
                        .exitCode())
                .isZero();
        assertThat(sent().getOverrideWarningsList())
                .containsExactly(PlanWarningCode.PLAN_WARNING_CODE_UNINDEXED_FOREIGN_KEY);
    }

    @Test
    void a_limit_cannot_be_overridden_and_a_wrong_code_is_a_usage_error() {
        plan.addWarningsBuilder()
                .setCode(PlanWarningCode.PLAN_WARNING_CODE_OVER_LIMIT)
                .setBlocking(true);
        assertThat(Cli.to(server)
                        .run("execute", "plan-1", "--yes", "--override", "OVER_LIMIT")
                        .exitCode())
                .isEqualTo(3);
        Cli.Result result = Cli.to(server).run("execute", "plan-1", "--yes", "--override", "ANYTHING");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--override: 'ANYTHING' is none of unindexed-foreign-key, cascade, ");
    }

    @Test
    void rows_that_row_security_hides_are_no_matter_of_overriding() {
        plan.addWarningsBuilder()
                .setCode(PlanWarningCode.PLAN_WARNING_CODE_ROW_SECURITY)
                .setBlocking(true);
        Cli.Result result = Cli.to(server).run("execute", "plan-1", "--yes", "--override", "ROW_SECURITY");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains("Blocked by ROW_SECURITY")
                .contains("Mend it and plan again.")
                .doesNotContain("--override");
        assertThat(server.requests(ExecuteCleanupRequest.class)).isEmpty();
    }

    @Test
    void detached_it_prints_the_run_alone_and_leaves_after_the_first_event() {
        server.onStream(
                "ExecuteCleanup",
                ExecuteCleanupRequest.class,
                (request, stream) -> stream.onNext(ExecuteCleanupResponse.newBuilder()
                        .setEvent(Events.accepted(1))
                        .build()));
        Cli.Result result = Cli.to(server).run("execute", "plan-1", "--yes", "--detach");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo(Events.RUN + "\n");
        assertThat(result.err()).contains("caretaker runs watch " + Events.RUN);
        assertThat(Cli.to(server)
                        .run("execute", "plan-1", "--yes", "--detach", "--wait")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void ndjson_is_one_event_a_line_and_nothing_else() {
        server.onStream("ExecuteCleanup", ExecuteCleanupRequest.class, (request, stream) -> {
            for (RunEvent event : List.of(
                    Events.accepted(1), Events.heartbeat(1), Events.finished(2, RunOutcome.RUN_OUTCOME_COMPLETE))) {
                stream.onNext(
                        ExecuteCleanupResponse.newBuilder().setEvent(event).build());
            }
            stream.onCompleted();
        });
        List<String> lines = Cli.to(server)
                .run("execute", "plan-1", "--yes", "-o", "ndjson")
                .out()
                .lines()
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("\"sequence\":\"1\"").contains("\"accepted\":{");
        assertThat(lines.get(1)).contains("\"outcome\":\"RUN_OUTCOME_COMPLETE\"");
    }

    @Test
    void json_is_the_run_as_it_ended() {
        server.on("GetRun", GetRunRequest.class, request -> {
            GetRunResponse.Builder response = GetRunResponse.newBuilder();
            response.getRunBuilder().setRunId(request.getRunId()).setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE);
            return response.build();
        });
        assertThat(Cli.to(server)
                        .run("execute", "plan-1", "--yes", "-o", "json")
                        .out())
                .startsWith("{\n  \"runId\": \"" + Events.RUN + "\"");
        assertThat(Cli.to(server)
                        .run("execute", "plan-1", "--yes", "-o", "yaml")
                        .out())
                .startsWith("runId: " + Events.RUN);
    }

    @Test
    void a_refusal_of_the_server_is_shown_as_it_is() {
        server.onStream("ExecuteCleanup", ExecuteCleanupRequest.class, (request, stream) -> {
            throw FakeServer.error(Code.FAILED_PRECONDITION, "PLAN_EXPIRED", "the plan expired at noon");
        });
        Cli.Result result = Cli.to(server).run("execute", "plan-1", "--yes");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).isEqualTo("caretaker: the plan expired at noon [PLAN_EXPIRED]\n");
    }

    @Test
    void a_server_lost_before_it_answered_leaves_the_request_id_to_repeat_with() {
        server.onStream("ExecuteCleanup", ExecuteCleanupRequest.class, (request, stream) -> {
            throw io.grpc.Status.UNAVAILABLE.withDescription("going away").asRuntimeException();
        });
        Cli.Result result = Cli.to(server).run("execute", "plan-1", "--yes");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).contains("--request-id " + sent().getRequestId());
    }
}
