package dev.caretaker.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplyPoliciesResponse;
import dev.caretaker.v1.CheckTargetRequest;
import dev.caretaker.v1.CheckTargetResponse;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.GetPlanResponse;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.GetRunResponse;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PauseRunResponse;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanCleanupResponse;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.SetHoldResponse;
import dev.caretaker.v1.TargetCheck;
import dev.caretaker.v1.VerifyBackupRequest;
import dev.caretaker.v1.VerifyBackupResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static final String RUN = "7f1c2a90-0000-4000-8000-000000000002";
    private static final String PLAN = "7f1c2a90-0000-4000-8000-000000000001";

    @TempDir
    private Path home;

    private final FakeServer server = new FakeServer();
    private RunOutcome outcome = RunOutcome.RUN_OUTCOME_PINNED;

    @BeforeEach
    void prepare() throws IOException {
        System.setProperty("caretaker.home", home.toString());
        Files.writeString(home.resolve("policies.yml"), """
                policies:
                  - name: old
                    target: demo
                    table: shop.orders
                    timeColumn: {name: at, kind: timestamptz}
                    keep: 7d
                """);
        launcher("""
                log=${2#--log=}
                shift 2
                printf %%s "$*" >arguments
                printf 'folder\\t.\\nstep\\tStarting a database\\ndatabase\\tpostgresql://localhost:1/demo\\n'
                printf 'policies\\t%s/policies.yml\\nserver\\t%s\\nconsole\\thttp://127.0.0.1:7/console/\\nready\\n'
                rows=100
                while read -r question; do
                  printf 'table\\tshop\\torders\\t%%s\\t0\\ntable\\tshop\\tlog\\t7\\t%%s\\nend\\n' $rows $rows
                  rows=60
                done
                rm -f "$log"
                touch ended
                """.formatted(home, server.address()));
        Plan plan = Plan.newBuilder().setPlanId(PLAN).setTarget("demo").build();
        server.on(
                        "CheckTarget",
                        CheckTargetRequest.class,
                        request -> CheckTargetResponse.newBuilder()
                                .setCheck(TargetCheck.newBuilder().setHealthy(true))
                                .build())
                .on("ApplyPolicies", ApplyPoliciesRequest.class, request -> ApplyPoliciesResponse.getDefaultInstance())
                .on(
                        "PlanCleanup",
                        PlanCleanupRequest.class,
                        request ->
                                PlanCleanupResponse.newBuilder().setPlan(plan).build())
                .on(
                        "GetPlan",
                        GetPlanRequest.class,
                        request -> GetPlanResponse.newBuilder().setPlan(plan).build())
                .on(
                        "ExecuteCleanup",
                        ExecuteCleanupRequest.class,
                        request -> ExecuteCleanupResponse.newBuilder()
                                .setEvent(RunEvent.newBuilder()
                                        .setRunId("run")
                                        .setSequence(1)
                                        .setFinished(RunFinished.newBuilder().setOutcome(outcome)))
                                .build());
    }

    @AfterEach
    void end() {
        System.clearProperty("caretaker.home");
        server.close();
    }

    @Test
    void shows_every_command_and_what_went_and_stayed() {
        Cli.Result result = new Cli().run("demo");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "Starting a database",
                        "$ caretaker targets check demo",
                        "$ caretaker policies apply -f " + home + "/policies.yml",
                        "$ caretaker plan --target demo --exact --brief",
                        "$ caretaker execute " + PLAN + " --yes",
                        "What went and what stayed",
                        "What to try next",
                        "./caretaker demo --keep")
                .containsPattern("shop.orders +100 +40 +60")
                .containsPattern("shop.log +7 +0 +7 +100 before, 60 left");
        assertThat(server.request(PlanCleanupRequest.class).getExact()).isTrue();
        assertThat(server.request(ExecuteCleanupRequest.class).getPlanId()).isEqualTo(PLAN);
    }

    @Test
    void ends_the_server_by_closing_its_input() throws Exception {
        new Cli().run("demo");
        assertThat(home.resolve("arguments")).hasContent("");
        assertThat(home.resolve("ended")).exists();
    }

    @Test
    void a_server_that_is_kept_is_told_so_and_how_to_reach_and_to_stop_it_is_said() {
        Cli.Result result = new Cli().run("demo", "--keep");
        assertThat(result.exitCode()).isZero();
        assertThat(home.resolve("arguments")).hasContent("--keep");
        assertThat(result.out())
                .contains("export CARETAKER_SERVER=" + server.address())
                .contains("psql postgresql://localhost:1/demo")
                .contains("http://127.0.0.1:7/console/    the console, for a browser")
                .containsPattern("kill \\d+");
    }

    @Test
    void a_demo_that_stays_is_left_with_a_proven_backup_a_hold_a_run_at_work_and_one_that_is_paused() throws Exception {
        Path launcher = home.resolve("caretaker");
        Files.writeString(
                launcher,
                Files.readString(launcher).replace("\\nready\\n'", "\\nwatched\\told\\npaused\\told\\nready\\n'"));
        outcome = RunOutcome.RUN_OUTCOME_COMPLETE;
        RunEvent ended = RunEvent.newBuilder()
                .setRunId(RUN)
                .setSequence(1)
                .setFinished(RunFinished.newBuilder().setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE))
                .build();
        Run run = Run.newBuilder()
                .setRunId(RUN)
                .setTotals(RunTotals.newBuilder().setBatches(1))
                .build();
        server.on(
                        "RunBackup",
                        RunBackupRequest.class,
                        request ->
                                RunBackupResponse.newBuilder().setEvent(ended).build())
                .on(
                        "VerifyBackup",
                        VerifyBackupRequest.class,
                        request -> VerifyBackupResponse.newBuilder()
                                .setEvent(ended)
                                .build())
                .on(
                        "ListRuns",
                        ListRunsRequest.class,
                        request -> ListRunsResponse.newBuilder().addRuns(run).build())
                .on(
                        "GetRun",
                        GetRunRequest.class,
                        request -> GetRunResponse.newBuilder().setRun(run).build())
                .on(
                        "PauseRun",
                        PauseRunRequest.class,
                        request -> PauseRunResponse.newBuilder().setRun(run).build())
                .on(
                        "SetHold",
                        SetHoldRequest.class,
                        request -> SetHoldResponse.newBuilder()
                                .setHold(Hold.newBuilder().setEndTime(Timestamp.getDefaultInstance()))
                                .build());

        Cli.Result result = new Cli().run("demo", "--keep");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "backups verify " + RUN, "are made up", "holds set", "--detach", "runs pause " + RUN);
        assertThat(server.request(VerifyBackupRequest.class).getBackupId()).isEqualTo(RUN);
        assertThat(server.requests(ExecuteCleanupRequest.class)).hasSize(3);
        assertThat(server.request(ExecuteCleanupRequest.class).getTuning().getMaxRowsPerSecond())
                .isPositive();
        assertThat(server.request(PauseRunRequest.class).getReason()).isNotEmpty();
    }

    @Test
    void a_server_that_does_not_start_is_an_error_in_its_own_words() throws Exception {
        launcher("echo 'no space left on device' >&2; exit 1");
        Cli.Result result = new Cli().run("demo");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("no space left on device");
    }

    @Test
    void a_run_that_fails_makes_the_demo_fail_and_end_its_server() {
        outcome = RunOutcome.RUN_OUTCOME_FAILED;
        assertThat(new Cli().run("demo").exitCode()).isEqualTo(1);
        assertThat(home.resolve("ended")).exists();
    }

    @Test
    void without_the_launcher_it_says_how_it_is_run() {
        System.clearProperty("caretaker.home");
        Cli.Result result = new Cli().run("demo");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("./caretaker demo");
    }

    private void launcher(String script) throws IOException {
        Path launcher = home.resolve("caretaker");
        Files.writeString(launcher, "#!/bin/sh\ncd \"${0%/*}\" || exit\n" + script + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }
}
