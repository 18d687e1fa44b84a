package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.PolicyChange;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.CleanReindexLeftoversRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListRoutinesRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.Routine;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunRoutineResponse;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VacuumOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Vacuum, reindex and routines through the whole server as it is. */
class UpkeepThroughTheApiTest {
    private static TestPostgres.Database target;
    private static WholeServer server;

    @BeforeAll
    static void start() {
        target = TestPostgres.newest().database();
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE other (id int PRIMARY KEY, n int)",
                "CREATE TABLE \"Blocked\" (id int PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE child (blocked int REFERENCES \"Blocked\" ON DELETE CASCADE)",
                "INSERT INTO jobs SELECT i, now() - interval '30 days' FROM generate_series(1, 3000) i",
                "INSERT INTO \"Blocked\" SELECT i, now() - interval '30 days' FROM generate_series(1, 10) i",
                "INSERT INTO child SELECT i FROM generate_series(1, 10) i",
                "INSERT INTO other SELECT i, 0 FROM generate_series(1, 5000) i",
                "VACUUM ANALYZE");
        server = WholeServer.start(
                target,
                Map.of(
                        "caretaker.routines.mine.parts", List.of("cleanup", "vacuum", "reindex", "detect"),
                        "caretaker.routines.mine.deadline", "5m",
                        "caretaker.routines.tidy.parts", List.of("cleanup", "detect"),
                        "caretaker.routines.tables.parts", List.of("vacuum"),
                        "caretaker.routines.figures.parts", List.of("freeze", "statistics")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_vacuum_is_previewed_run_and_attached_to_by_a_replay() {
        RunVacuumRequest request = RunVacuumRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .addTables(TableName.newBuilder().setName("jobs"))
                .build();
        List<RunEvent> preview = events(
                server.maintenance()
                        .runVacuum(request.toBuilder().setValidateOnly(true).build()),
                RunVacuumResponse::getEvent);
        assertThat(preview).singleElement().satisfies(event -> {
            assertThat(event.getRunId()).isEmpty();
            assertThat(event.getAccepted().getKind()).isEqualTo(RunKind.RUN_KIND_VACUUM);
            assertThat(event.getAccepted().getSteps(0).getMessage()).isEqualTo("named");
        });
        List<RunEvent> run = events(server.maintenance().runVacuum(request), RunVacuumResponse::getEvent);
        assertThat(run.getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        RunEvent again = server.maintenance().runVacuum(request).next().getEvent();
        assertThat(again).isEqualTo(run.getFirst());
    }

    @Test
    void contradicting_options_are_refused_by_field_and_a_rewrite_of_unnamed_tables_too() {
        RunVacuumRequest request = RunVacuumRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .setOptions(VacuumOptions.newBuilder().setFull(true).setParallel(2))
                .build();
        assertThat(ErrorDetails.of(() -> server.maintenance().runVacuum(request).next())
                        .fields())
                .contains("tables", "options.parallel");
    }

    @Test
    void an_index_is_rebuilt_and_no_leftovers_are_found() {
        List<RunEvent> run = events(
                server.maintenance()
                        .runReindex(RunReindexRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .addIndexes(TableName.newBuilder().setName("other_pkey"))
                                .setForce(true)
                                .setAssumeFreeBytes(1L << 40)
                                .build()),
                RunReindexResponse::getEvent);
        assertThat(run.getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(server.maintenance()
                        .cleanReindexLeftovers(CleanReindexLeftoversRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setDrop(true)
                                .build())
                        .getLeftoversList())
                .isEmpty();
    }

    @Test
    void a_routine_runs_its_parts_as_runs_of_their_own_and_one_that_fails_does_not_stop_the_others() {
        Retention week = Retention.newBuilder()
                .setDuration(Duration.newBuilder().setSeconds(7 * 86_400))
                .build();
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ValidationTest.GOOD.toBuilder()
                                .setName("a-blocked")
                                .setRetention(week)
                                .setTable(TableName.newBuilder().setName("Blocked")))
                        .addPolicies(
                                ValidationTest.GOOD.toBuilder().setName("jobs").setRetention(week))
                        .build());
        target.execute("UPDATE other SET n = 1");

        List<RunEvent> events = events(
                server.maintenance()
                        .runRoutine(RunRoutineRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setRoutine("mine")
                                .build()),
                RunRoutineResponse::getEvent);

        String runId = events.getFirst().getRunId();
        var runs = server.runs();
        Run routine =
                runs.getRun(GetRunRequest.newBuilder().setRunId(runId).build()).getRun();
        assertThat(routine.getStepsList())
                .as(routine.toString())
                .extracting(RunStep::getOutcome)
                .containsExactly(
                        RunOutcome.RUN_OUTCOME_FAILED,
                        RunOutcome.RUN_OUTCOME_COMPLETE,
                        RunOutcome.RUN_OUTCOME_COMPLETE,
                        RunOutcome.RUN_OUTCOME_SKIPPED,
                        RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(routine.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(routine.getTotals().getRowsDeleted()).isEqualTo(3_000);
        assertThat(routine.getSteps(0).getMessage()).contains("CASCADE");
        assertThat(routine.getSteps(4).getMessage()).contains("checks");
        assertThat(target.number("SELECT count(*) FROM \"Blocked\"")).isEqualTo(10);
        assertThat(target.number("SELECT count(*) FROM jobs")).isZero();
        assertThat(runs.listRuns(ListRunsRequest.newBuilder().setTarget("main").build())
                        .getRunsList())
                .filteredOn(run -> run.getParentRunId().equals(runId))
                .extracting(Run::getKind)
                .containsExactlyInAnyOrder(RunKind.RUN_KIND_CLEANUP, RunKind.RUN_KIND_VACUUM);
        assertThat(ErrorDetails.of(() -> server.maintenance()
                                .runRoutine(RunRoutineRequest.newBuilder()
                                        .setRequestId(id())
                                        .setTarget("main")
                                        .setRoutine("absent")
                                        .build())
                                .next())
                        .reason())
                .isEqualTo("ROUTINE_NOT_FOUND");
    }

    @Test
    void the_routines_that_there_are_are_listed_by_name() {
        var routines = server.maintenance()
                .listRoutines(ListRoutinesRequest.newBuilder().build())
                .getRoutinesList();
        assertThat(routines)
                .extracting(Routine::getName)
                .contains("full", "standard")
                .isSorted();
        assertThat(routines).allSatisfy(routine -> {
            assertThat(routine.getPartsList()).isNotEmpty();
            assertThat(routine.getDeadline().getSeconds()).isPositive();
        });
        String first = server.maintenance()
                .listRoutines(ListRoutinesRequest.newBuilder().setPageSize(1).build())
                .getNextPageToken();
        assertThat(server.maintenance()
                        .listRoutines(ListRoutinesRequest.newBuilder()
                                .setPageToken(first)
                                .build())
                        .getRoutinesList())
                .isEqualTo(routines.subList(1, routines.size()));
    }

    @Test
    void a_policy_whose_window_is_closed_is_left_out_and_the_other_parts_go_on() {
        table("early");
        LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        policy("early", new RunWindow(now.plusHours(2), now.plusHours(3), ZoneId.of("UTC")));

        Run routine = tidy();

        assertThat(ofPolicy(routine, "early").getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_SKIPPED);
        assertThat(ofPolicy(routine, "early").getMessage())
                .matches("Policy early: its window \\S+-\\S+ UTC is closed until \\S+T" + now.plusHours(2) + ":00Z\\.");
        assertThat(routine.getStepsList().getLast().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(target.number("SELECT count(*) FROM early")).isEqualTo(10);
        forget("early");
    }

    @Test
    void a_policy_with_nothing_due_is_left_out_without_a_run_of_its_own() {
        table("kept");
        target.execute("UPDATE kept SET ended = now()");
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        policy("kept", new RunWindow(now.minusMinutes(1), now.plusHours(1), ZoneOffset.UTC));

        Run routine = tidy();

        assertThat(ofPolicy(routine, "kept").getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_SKIPPED);
        assertThat(ofPolicy(routine, "kept").getMessage()).isEqualTo("Nothing is due.");
        assertThat(children(routine.getRunId()))
                .noneMatch(child -> child.getTotals().getRowsDeleted() > 0);
        forget("kept");
    }

    @Test
    void a_cleanup_that_its_window_closes_upon_is_stopped_and_the_other_parts_go_on() throws SQLException {
        table("slow");
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        policy("slow", new RunWindow(now.minusMinutes(1), now.plusSeconds(8), ZoneOffset.UTC));
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE slow IN SHARE MODE");

            Run routine = tidy();

            assertThat(ofPolicy(routine, "slow").getMessage())
                    .contains("stopped when the window of its policy closed, 0 of ");
            assertThat(routine.getStepsList().getLast().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
            assertThat(children(routine.getRunId()))
                    .extracting(Run::getOutcome)
                    .contains(RunOutcome.RUN_OUTCOME_CANCELLED);
        }
        forget("slow");
    }

    private static void table(String name) {
        target.execute(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO " + name + " SELECT i, now() - interval '30 days' FROM generate_series(1, 10) i");
    }

    /** Past the API, whose windows are of whole minutes. */
    private static void policy(String name, RunWindow window) {
        Policy policy = new Policy(
                name,
                "main",
                new dev.caretaker.server.store.TableName("public", name),
                new TimeColumn("ended", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty()),
                new dev.caretaker.server.cleanup.policy.Retention.Fixed(java.time.Duration.ofDays(7)),
                Optional.empty(),
                dev.caretaker.server.cleanup.policy.Cascades.NONE,
                false,
                Policy.FollowUp.NEVER,
                new Limits(0, 0, Optional.empty(), Optional.of(window)),
                "");
        server.bean(Policies.class)
                .apply(List.of(new PolicyChange(policy, Optional.empty())), new Actor("test", true), false);
    }

    private static void forget(String policy) {
        server.bean(Policies.class).delete(Optional.of("main"), policy, Optional.empty(), new Actor("test", true));
    }

    private static Run tidy() {
        List<RunEvent> events = events(
                server.maintenance()
                        .runRoutine(RunRoutineRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setRoutine("tidy")
                                .build()),
                RunRoutineResponse::getEvent);
        return server.runs()
                .getRun(GetRunRequest.newBuilder()
                        .setRunId(events.getFirst().getRunId())
                        .build())
                .getRun();
    }

    private static RunStep ofPolicy(Run routine, String policy) {
        return routine.getStepsList().stream()
                .filter(step -> step.getPolicy().equals(policy))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void who_cancels_a_routine_cancels_the_run_it_waits_for() throws SQLException {
        target.execute(
                "CREATE TABLE held (id int, n int)",
                "INSERT INTO held SELECT i, 0 FROM generate_series(1, 5000) i",
                "VACUUM ANALYZE held",
                "UPDATE held SET n = 1");
        var runs = server.runs();
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE held");
            Iterator<RunRoutineResponse> routine = server.maintenance()
                    .runRoutine(RunRoutineRequest.newBuilder()
                            .setRequestId(id())
                            .setTarget("main")
                            .setRoutine("tables")
                            .build());
            String runId = routine.next().getEvent().getRunId();
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> !children(runId).isEmpty());
            runs.cancelRun(CancelRunRequest.newBuilder()
                    .setRequestId(id())
                    .setRunId(runId)
                    .build());
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> children(runId).getFirst().getOutcome() == RunOutcome.RUN_OUTCOME_CANCELLED);
            assertThat(runs.getRun(GetRunRequest.newBuilder().setRunId(runId).build())
                            .getRun()
                            .getOutcome())
                    .isEqualTo(RunOutcome.RUN_OUTCOME_CANCELLED);
        }
    }

    @Test
    void a_routine_holds_to_its_deadline_and_so_does_the_run_it_waits_for() throws SQLException {
        target.execute(
                "CREATE TABLE taken (id int, n int)",
                "INSERT INTO taken SELECT i, 0 FROM generate_series(1, 5000) i",
                "VACUUM ANALYZE taken",
                "UPDATE taken SET n = 1");
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE taken");
            List<RunEvent> events = events(
                    server.maintenance()
                            .runRoutine(RunRoutineRequest.newBuilder()
                                    .setRequestId(id())
                                    .setTarget("main")
                                    .setRoutine("tables")
                                    .setDeadline(Duration.newBuilder().setSeconds(2))
                                    .build()),
                    RunRoutineResponse::getEvent);
            assertThat(events.getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_DEADLINE);
            Run routine = server.runs()
                    .getRun(GetRunRequest.newBuilder()
                            .setRunId(events.getFirst().getRunId())
                            .build())
                    .getRun();
            assertThat(routine.getEndTime().getSeconds())
                    .isLessThanOrEqualTo(routine.getDeadline().getSeconds() + 2);
            Awaitility.await()
                    .atMost(2, TimeUnit.SECONDS)
                    .until(() ->
                            children(routine.getRunId()).getFirst().getOutcome() == RunOutcome.RUN_OUTCOME_DEADLINE);
        }
    }

    @Test
    void full_statistics_analyze_what_did_not_change_too() {
        target.execute("CREATE TABLE unchanged (id int)", "INSERT INTO unchanged VALUES (1)", "ANALYZE unchanged");
        String analyzed = "SELECT last_analyze FROM pg_stat_user_tables WHERE relname = 'unchanged'";
        Object before = target.value(analyzed);
        List<RunEvent> events = events(
                server.maintenance()
                        .runRoutine(RunRoutineRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setRoutine("figures")
                                .build()),
                RunRoutineResponse::getEvent);
        assertThat(events.getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(target.value(analyzed)).isNotEqualTo(before);
    }

    private static List<Run> children(String parent) {
        return server
                .runs()
                .listRuns(ListRunsRequest.newBuilder().setTarget("main").build())
                .getRunsList()
                .stream()
                .filter(run -> run.getParentRunId().equals(parent))
                .toList();
    }

    private static <A> List<RunEvent> events(Iterator<A> answers, Function<A, RunEvent> event) {
        Iterable<A> all = () -> answers;
        return StreamSupport.stream(all.spliterator(), false).map(event).toList();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
