package dev.caretaker.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.CancelRunResponse;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.DesiredState;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.GetRunResponse;
import dev.caretaker.v1.ListDebtsRequest;
import dev.caretaker.v1.ListDebtsResponse;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PauseRunResponse;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.ResumeRunResponse;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.TableTotals;
import dev.caretaker.v1.TuneRunRequest;
import dev.caretaker.v1.TuneRunResponse;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class RunsTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Run.Builder run() {
        Run.Builder run = Run.newBuilder()
                .setRunId(Events.RUN)
                .setKind(RunKind.RUN_KIND_CLEANUP)
                .setTarget("shop")
                .setState(RunState.RUN_STATE_RUNNING)
                .setDesiredState(DesiredState.DESIRED_STATE_PAUSED)
                .setStateReason("finishing its batch")
                .setStartTime(Timestamp.newBuilder().setSeconds(Cli.NOW.getEpochSecond() - 125))
                .addSteps(Events.step(1).toBuilder().setStarted(true))
                .addSteps(Events.step(2));
        run.getLastRequestBuilder().setReason("lunch").getActorBuilder().setName("alice");
        run.getCreatedByBuilder().setName("cron").setVerified(true);
        return run;
    }

    private Cli.Result show(Run.Builder run) {
        server.on(
                "GetRun",
                GetRunRequest.class,
                request -> GetRunResponse.newBuilder().setRun(run).build());
        return Cli.to(server).run("runs", "show", Events.RUN);
    }

    private void there(String... ids) {
        server.on("ListRuns", ListRunsRequest.class, request -> {
            ListRunsResponse.Builder runs = ListRunsResponse.newBuilder();
            for (String id : ids) {
                runs.addRuns(run().setRunId(id));
            }
            return runs.build();
        });
    }

    @Test
    void a_run_is_named_by_its_beginning_or_as_the_last_one() {
        String other = "0197a6c1-0000-7000-8000-000000000001";
        show(run());
        there(Events.RUN, other);
        for (String[] named : new String[][] {{"0197a6c0"}, {"0197A6C0-0000"}, {"--last"}}) {
            Cli.Result result = Cli.to(server).run("runs", "show", named[0]);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(server.request(GetRunRequest.class).getRunId()).isEqualTo(Events.RUN);
        }
        assertThat(Cli.to(server).run("runs", "show", "0197a6").err())
                .contains("the ids of 2 runs begin with 0197a6: " + Events.RUN + ", " + other);
        assertThat(Cli.to(server).run("runs", "show", "dead").err()).contains("no run's id begins with dead");
        assertThat(Cli.to(server).run("runs", "pause").err()).contains("which run? Give its id");
        assertThat(Cli.to(server).run("runs", "show", "nosuch").err()).contains("'nosuch' is not the id of a run");
    }

    @Test
    void debts_are_listed_of_a_run_that_is_named_by_its_beginning() {
        there(Events.RUN, "0197a6c1-0000-7000-8000-000000000001");
        server.on(
                "ListDebts",
                ListDebtsRequest.class,
                request -> ListDebtsResponse.newBuilder()
                        .addDebts(Debt.newBuilder()
                                .setRunId(Events.RUN)
                                .setTarget("shop")
                                .setKind("index")
                                .setMessage("An index half built stayed."))
                        .build());
        for (String named : List.of("0197a6c0", "0197A6C0-0000", Events.RUN)) {
            Cli.Result result = Cli.to(server).run("runs", "debts", "--run", named);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(server.request(ListDebtsRequest.class).getRunId()).isEqualTo(Events.RUN);
            assertThat(result.out()).contains("An index half built stayed.");
        }
        assertThat(Cli.to(server).run("runs", "debts", "--run", "0197a6").err())
                .contains("the ids of 2 runs begin with 0197a6");
        assertThat(Cli.to(server).run("runs", "debts", "--run", "dead").err()).contains("no run's id begins with dead");
        assertThat(Cli.to(server).run("runs", "debts").exitCode()).isZero();
        assertThat(server.request(ListDebtsRequest.class).getRunId()).isEmpty();
    }

    @Test
    void watch_without_an_id_attaches_to_what_runs_and_says_so_if_nothing_does() {
        there();
        Cli.Result nothing = Cli.to(server).run("runs", "watch");
        assertThat(nothing.exitCode()).isEqualTo(3);
        assertThat(nothing.err()).contains("nothing runs now; --last shows the run before");
        assertThat(server.request(ListRunsRequest.class).getStatesList())
                .contains(RunState.RUN_STATE_WAITING_WINDOW, RunState.RUN_STATE_RUNNING)
                .doesNotContain(RunState.RUN_STATE_ENDED);

        String child = "0197a6c1-0000-7000-8000-000000000001";
        server.on(
                "ListRuns",
                ListRunsRequest.class,
                request -> ListRunsResponse.newBuilder()
                        .addRuns(run().setRunId(child).setParentRunId(Events.RUN))
                        .addRuns(run())
                        .build());
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            Events.all(RunOutcome.RUN_OUTCOME_COMPLETE)
                    .forEach(event -> stream.onNext(
                            WatchRunResponse.newBuilder().setEvent(event).build()));
            stream.onCompleted();
        });
        assertThat(Cli.to(server).run("runs", "watch").exitCode()).isZero();
        assertThat(server.request(WatchRunRequest.class).getRunId()).isEqualTo(Events.RUN);
    }

    @Test
    void show_tells_what_was_asked_by_whom_and_what_is() {
        assertThat(show(run()).out())
                .containsPattern("state +running: finishing its batch")
                .containsPattern("asked for +paused by alice \\(claimed\\): lunch")
                .containsPattern("started by +cron\n")
                .containsPattern("lasted +2m 05s")
                .containsPattern("1 +index-range +Jobs +old-jobs +under way")
                .containsPattern("2 +index-range +Jobs +old-jobs +to come");
    }

    @Test
    void show_sums_up_by_table_and_policy_where_there_are_more_steps() {
        RunTotals.Builder totals = RunTotals.newBuilder().setRowsDeleted(1_234).setRowsExact(true);
        Run.Builder run = run().addTables(TableTotals.newBuilder()
                .setPolicy("old-jobs")
                .setTable(Events.JOBS)
                .setTotals(totals));
        assertThat(show(run).out()).containsPattern("Totals\\s+POLICY +TABLE[^\n]+\\s+old-jobs +Jobs +1,234 ");
        assertThat(show(run().clearSteps().addSteps(Events.step(1)).addAllTables(run.getTablesList()))
                        .out())
                .doesNotContain("Totals");
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"RUN_STATE_UNSPECIFIED", "UNRECOGNIZED"})
    void every_state_has_words(RunState state) {
        String words = state == RunState.RUN_STATE_WAITING_LOCK
                ? "waiting: Target shop cannot be reached"
                : state.name().substring("RUN_STATE_".length()).toLowerCase().replace('_', ' ');
        assertThat(show(run().setState(state).setStateReason("Target shop cannot be reached"))
                        .out())
                .containsPattern("state +" + words);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"RUN_OUTCOME_UNSPECIFIED", "UNRECOGNIZED"})
    void every_outcome_has_words(RunOutcome outcome) {
        String words = outcome.name().substring("RUN_OUTCOME_".length()).toLowerCase();
        assertThat(show(run().setState(RunState.RUN_STATE_ENDED).setOutcome(outcome))
                        .out())
                .containsPattern("state +" + words)
                .contains("not begun");
    }

    @Test
    void a_failure_is_shown_with_reason_and_sqlstate() {
        Run.Builder failed = run().setState(RunState.RUN_STATE_ENDED).setOutcome(RunOutcome.RUN_OUTCOME_FAILED);
        failed.getErrorBuilder()
                .setReason("STATEMENT_FAILED")
                .setMessage("no space left")
                .setSqlstate("53100");
        assertThat(show(failed).out()).contains("no space left [STATEMENT_FAILED] SQLSTATE 53100");
    }

    @Test
    void a_state_newer_than_the_client_does_not_break_it() {
        Cli.Result result = show(run().setStateValue(99));
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).containsPattern("state +unknown");
    }

    @Test
    void list_filters_and_pages() {
        server.on(
                "ListRuns",
                ListRunsRequest.class,
                request -> ListRunsResponse.newBuilder()
                        .addRuns(run())
                        .setNextPageToken("more")
                        .build());
        Cli.Result result = Cli.to(server)
                .run(("runs list --target shop --state running,waiting-lock --kind cleanup --since 1h --limit 2")
                        .split(" "));
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).hasSize(3);
        assertThat(result.err()).contains("There are more");
        ListRunsRequest second = server.request(ListRunsRequest.class);
        assertThat(second.getPageToken()).isEqualTo("more");
        assertThat(second.getPageSize()).isEqualTo(1);
        assertThat(second.getStatesList()).containsExactly(RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_WAITING_LOCK);
        assertThat(second.getKind()).isEqualTo(RunKind.RUN_KIND_CLEANUP);
        assertThat(second.getCreatedAfter().getSeconds()).isEqualTo(Cli.NOW.getEpochSecond() - 3600);
    }

    @Test
    void ids_are_as_short_as_tells_runs_apart_on_a_terminal_and_whole_in_a_pipe() {
        List<String> ids = List.of("11111111-1aaa-4a53-93cf-1f6d2d1c9d11", "11111111-1bbb-4a53-93cf-1f6d2d1c9d11");
        ListRunsResponse.Builder answer = ListRunsResponse.newBuilder();
        ids.forEach(id -> answer.addRuns(run().setRunId(id)));
        server.on("ListRuns", ListRunsRequest.class, request -> answer.build());
        assertThat(Cli.to(server).onTerminal(80).run("runs", "list").out())
                .contains("11111111-1a ", "11111111-1b ")
                .doesNotContain("4a53");
        assertThat(Cli.to(server).run("runs", "list").out()).contains(ids);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--state sleeping", "--kind unspecified", "--limit 0", "--since soon"})
    void wrong_filters_are_usage_errors(String option) {
        assertThat(Cli.to(server).run(("runs list " + option).split(" ")).exitCode())
                .isEqualTo(2);
    }

    @Test
    void pause_resume_and_cancel_carry_who_and_why() {
        Run.Builder run = run();
        server.on("PauseRun", PauseRunRequest.class, request -> pause(run));
        server.on(
                "ResumeRun",
                ResumeRunRequest.class,
                request -> ResumeRunResponse.newBuilder().setRun(run).build());
        server.on(
                "CancelRun",
                CancelRunRequest.class,
                request -> CancelRunResponse.newBuilder().setRun(run).build());
        String[] more = {"--reason", "peak hours", "--actor", "alice"};
        assertThat(Cli.to(server)
                        .run("runs", "pause", Events.RUN, more[0], more[1], more[2], more[3])
                        .out())
                .isEqualTo("Run " + Events.RUN + " is asked to be paused; now it is running.\n");
        Cli.to(server).run("runs", "resume", Events.RUN, more[0], more[1], more[2], more[3]);
        Cli.to(server).run("runs", "cancel", Events.RUN, more[0], more[1], more[2], more[3]);
        assertThat(server.request(PauseRunRequest.class).getReason()).isEqualTo("peak hours");
        assertThat(server.request(ResumeRunRequest.class).getActor()).isEqualTo("alice");
        assertThat(server.request(CancelRunRequest.class).getRunId()).isEqualTo(Events.RUN);
        assertThat(server.request(CancelRunRequest.class).getRequestId())
                .isNotEqualTo(server.request(PauseRunRequest.class).getRequestId());
    }

    private static Message pause(Run.Builder run) {
        return PauseRunResponse.newBuilder().setRun(run).build();
    }

    @Test
    void tune_changes_only_what_is_named() {
        Run.Builder run = run();
        run.getTuningBuilder().setPauseRatio(2).setMaxReplicationLagBytes(16 << 20);
        server.on(
                "TuneRun",
                TuneRunRequest.class,
                request -> TuneRunResponse.newBuilder().setRun(run).build());
        assertThat(Cli.to(server)
                        .run("runs", "tune", Events.RUN, "--pause-ratio", "2", "--reason", "peak hours")
                        .out())
                .contains("pause 2 times the batch, lag up to 16 MB");
        assertThat(server.request(TuneRunRequest.class).getTuning().getPauseRatio())
                .isEqualTo(2);
        assertThat(server.request(TuneRunRequest.class).getReason()).isEqualTo("peak hours");
        assertThat(server.request(TuneRunRequest.class).getTuning().hasMaxRowsPerSecond())
                .isFalse();
        assertThat(Cli.to(server).run("runs", "tune", Events.RUN).exitCode()).isEqualTo(2);
    }

    @Test
    void what_there_is_one_of_is_told_as_one() {
        Run.Builder run = run();
        run.getTuningBuilder().setMaxLockWaiters(1);
        assertThat(show(run).out()).contains("backs off from 1 lock waiter\n");
        run.getTuningBuilder().setMaxLockWaiters(2);
        assertThat(show(run).out()).contains("backs off from 2 lock waiters\n");
    }
}
