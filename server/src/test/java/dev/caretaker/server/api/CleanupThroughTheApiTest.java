package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.GetPolicyRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.SuggestPolicyRequest;
import dev.caretaker.v1.SuggestPolicyResponse;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole server as it is, from a policy to rows that are gone. */
class CleanupThroughTheApiTest {
    private static final int OLD = 3_000;
    private static final int NEW = 1_000;

    private static TestPostgres.Database target;
    private static WholeServer server;

    @BeforeAll
    static void start() {
        target = TestPostgres.newest().database();
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON jobs (ended)",
                "INSERT INTO jobs SELECT i, now() - interval '30 days' FROM generate_series(1, " + OLD + ") i",
                "INSERT INTO jobs SELECT i, now() FROM generate_series(" + (OLD + 1) + ", " + (OLD + NEW) + ") i",
                "ANALYZE jobs");
        server = WholeServer.start(target);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_policy_is_planned_executed_and_watched_and_a_replay_attaches_to_its_run() {
        var maintenance = server.maintenance();
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ValidationTest.GOOD.toBuilder()
                                .setRetention(Retention.newBuilder()
                                        .setDuration(Duration.newBuilder().setSeconds(7 * 86_400))))
                        .build());
        Plan plan = maintenance
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setExact(true)
                        .build())
                .getPlan();
        assertThat(plan.getTotal().getRows()).isEqualTo(OLD);
        assertThat(plan.getStepsList()).isNotEmpty();

        assertThat(plan.getBlocked()).as(plan.getWarningsList().toString()).isFalse();
        ExecuteCleanupRequest request = ExecuteCleanupRequest.newBuilder()
                .setRequestId(id())
                .setPlanId(plan.getPlanId())
                .setEtag(plan.getEtag())
                .build();
        List<RunEvent> first = new ArrayList<>();
        maintenance
                .executeCleanup(request)
                .forEachRemaining((ExecuteCleanupResponse response) -> first.add(response.getEvent()));
        assertThat(first.getFirst().hasAccepted()).isTrue();
        RunFinished finished = first.getLast().getFinished();
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(finished.getTotals().getRowsDeleted()).isEqualTo(OLD);
        assertThat(target.number("SELECT count(*) FROM jobs")).isEqualTo(NEW);

        RunEvent again = maintenance.executeCleanup(request).next().getEvent();
        assertThat(again).isEqualTo(first.getFirst());
        assertThat(maintenance
                        .getPlan(GetPlanRequest.newBuilder()
                                .setPlanId(plan.getPlanId())
                                .build())
                        .getPlan()
                        .getRunId())
                .isEqualTo(again.getRunId());
        assertThat(ErrorDetails.of(() -> maintenance
                                .executeCleanup(
                                        request.toBuilder().setRequestId(id()).build())
                                .next())
                        .reason())
                .isEqualTo("PLAN_ALREADY_EXECUTED");
        List<WatchRunResponse> watched = new ArrayList<>();
        server.runs()
                .watchRun(WatchRunRequest.newBuilder()
                        .setRunId(again.getRunId())
                        .setFromSequence(first.getLast().getSequence())
                        .build())
                .forEachRemaining(watched::add);
        assertThat(watched).extracting(WatchRunResponse::getEvent).containsExactly(first.getLast());
    }

    @Test
    void a_plan_that_expired_is_refused() {
        var maintenance = server.maintenance();
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ValidationTest.GOOD.toBuilder().setName("short-lived"))
                        .build());
        Plan plan = maintenance
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies("short-lived")
                        .setTimeToLive(Duration.newBuilder().setSeconds(1))
                        .build())
                .getPlan();
        Instant expires = Instant.ofEpochSecond(
                plan.getExpireTime().getSeconds(), plan.getExpireTime().getNanos());
        await().until(() -> Instant.now().isAfter(expires));

        var refused = ErrorDetails.of(() -> maintenance
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .build())
                .next());
        assertThat(refused.reason()).isEqualTo("PLAN_EXPIRED");
        assertThat(refused.code()).isEqualTo("FAILED_PRECONDITION");
        server.policies()
                .deletePolicy(DeletePolicyRequest.newBuilder()
                        .setRequestId(id())
                        .setName("short-lived")
                        .build());
    }

    @Test
    void a_suggested_policy_says_what_it_saw_changes_nothing_and_can_be_applied_as_it_is() {
        target.execute(
                "CREATE TABLE \"Old Orders\" (id int PRIMARY KEY, made_at timestamp, status text, junk date)",
                "CREATE INDEX ON \"Old Orders\" (made_at)",
                "CREATE TABLE lines (of int REFERENCES \"Old Orders\" ON DELETE CASCADE)",
                "CREATE TABLE bills (of int REFERENCES \"Old Orders\")");
        SuggestPolicyRequest request = SuggestPolicyRequest.newBuilder()
                .setTarget("main")
                .setTable(dev.caretaker.v1.TableName.newBuilder()
                        .setSchema("public")
                        .setName("Old Orders"))
                .build();
        SuggestPolicyResponse suggested = server.policies().suggestPolicy(request);
        assertThat(suggested.getPolicy().getName()).isEqualTo("old-orders");
        assertThat(suggested.getPolicy().getTimeColumn().getName()).isEqualTo("made_at");
        assertThat(suggested.getPolicy().getTimeColumn().getKind())
                .isEqualTo(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMP);
        assertThat(suggested.getPolicy().getTimeColumn().getZone()).isEqualTo("UTC");
        assertThat(suggested.getPolicy().getAllowCascade()).isFalse();
        assertThat(suggested.getState().getName()).isEqualTo("status");
        assertThat(suggested.getCascadesList())
                .extracting(dev.caretaker.v1.TableName::getName)
                .containsExactly("lines");
        assertThat(suggested.getNotesList())
                .anyMatch(note -> note.contains("by which an index finds rows"))
                .anyMatch(note -> note.contains("junk"))
                .anyMatch(note -> note.contains("read in UTC"))
                .anyMatch(note -> note.contains("skipPinned: true") && note.contains("public.bills"));
        var unknown = ErrorDetails.of(() -> server.policies()
                .getPolicy(GetPolicyRequest.newBuilder()
                        .setName(suggested.getPolicy().getName())
                        .build()));
        assertThat(unknown.code()).isEqualTo("NOT_FOUND");

        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(suggested.getPolicy())
                        .build());
        assertThat(server.policies().suggestPolicy(request).getPolicy().getName())
                .isEqualTo("old-orders-2");
        server.policies()
                .deletePolicy(DeletePolicyRequest.newBuilder()
                        .setRequestId(id())
                        .setName("old-orders")
                        .build());
    }

    @Test
    void a_table_without_a_time_gets_no_suggestion_and_the_field_is_named() {
        target.execute("CREATE TABLE timeless (id int PRIMARY KEY, note text)");
        for (String table : List.of("timeless", "absent", "")) {
            var refused = ErrorDetails.of(() -> server.policies()
                    .suggestPolicy(SuggestPolicyRequest.newBuilder()
                            .setTarget("main")
                            .setTable(dev.caretaker.v1.TableName.newBuilder()
                                    .setSchema("public")
                                    .setName(table))
                            .build()));
            assertThat(refused.code()).as(table).isEqualTo("INVALID_ARGUMENT");
            assertThat(refused.fields()).as(table).allMatch(field -> field.startsWith("table"));
        }
        var elsewhere = ErrorDetails.of(() -> server.policies()
                .suggestPolicy(SuggestPolicyRequest.newBuilder()
                        .setTarget("nowhere")
                        .setTable(dev.caretaker.v1.TableName.newBuilder().setName("jobs"))
                        .build()));
        assertThat(elsewhere.code()).isEqualTo("INVALID_ARGUMENT");
        assertThat(elsewhere.fields()).containsExactly("target");
    }

    @Test
    void a_plan_tells_when_its_window_opens_and_who_insists_need_not_wait() {
        target.execute(
                "CREATE TABLE impatient (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO impatient SELECT i, now() - interval '30 days' FROM generate_series(1, 10) i",
                "ANALYZE impatient");
        LocalTime start =
                LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).plusHours(2);
        var policy = ValidationTest.GOOD.toBuilder().setName("impatient");
        policy.getTableBuilder().setName("impatient");
        policy.getLimitsBuilder()
                .setDeadline(Duration.newBuilder().setSeconds(60))
                .getWindowBuilder()
                .setStart(start.toString())
                .setEnd(start.plusHours(1).toString());
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(policy)
                        .build());
        Plan plan = server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies("impatient")
                        .build())
                .getPlan();

        Instant opens = Instant.ofEpochSecond(plan.getWindowOpenTime().getSeconds());
        assertThat(opens.atZone(ZoneOffset.UTC).toLocalTime()).isEqualTo(start);
        assertThat(opens)
                .isBetween(Instant.now().plusSeconds(6_900), Instant.now().plusSeconds(7_300));
        List<RunEvent> events = new ArrayList<>();
        server.maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .setIgnoreWindow(true)
                        .build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        assertThat(events.getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(events.getLast().getFinished().getTotals().getRowsDeleted()).isEqualTo(10);
        server.policies()
                .deletePolicy(DeletePolicyRequest.newBuilder()
                        .setRequestId(id())
                        .setName("impatient")
                        .build());
    }

    @Test
    void a_run_of_thousands_of_steps_is_accepted_shown_and_told() {
        TableName jobs = new TableName("public", "jobs");
        VacuumRequest vacuum = VacuumRequest.followUp(1, jobs, VacuumRequest.Mode.AUTO, 1_000, 0.05, 5_000);
        LocalTime later = LocalTime.now(ZoneOffset.UTC).plusHours(2);
        RunView run = server.bean(Runs.class)
                .start(new RunRequest(
                        RunKind.CLEANUP,
                        "main",
                        new Actor("test", true),
                        Optional.empty(),
                        Optional.empty(),
                        Collections.nCopies(
                                6_000, new StepSpec(VacuumOptions.Verb.VACUUM.stepKind(), jobs, "", 0, vacuum)),
                        Tuning.DEFAULT,
                        Optional.empty(),
                        Optional.of(new RunWindow(later, later.plusHours(1), ZoneOffset.UTC)),
                        RowLimits.NONE));
        var runs = server.runs();
        String runId = run.id().toString();

        assertThat(runs.getRun(GetRunRequest.newBuilder().setRunId(runId).build())
                        .getRun()
                        .getStepsList())
                .hasSize(6_000);
        assertThat(runs.watchRun(WatchRunRequest.newBuilder().setRunId(runId).build())
                        .next()
                        .getEvent()
                        .getAccepted()
                        .getStepsList())
                .hasSize(6_000);
        runs.cancelRun(
                CancelRunRequest.newBuilder().setRequestId(id()).setRunId(runId).build());
        assertThat(await().until(
                                () -> runs.getRun(GetRunRequest.newBuilder()
                                                .setRunId(runId)
                                                .build())
                                        .getRun(),
                                ended -> ended.getState() == RunState.RUN_STATE_ENDED)
                        .getOutcome())
                .isEqualTo(RunOutcome.RUN_OUTCOME_CANCELLED);
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
