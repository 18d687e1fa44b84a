package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.v1.HealthReasonCode.HEALTH_REASON_CODE_FINDING;
import static dev.caretaker.v1.HealthReasonCode.HEALTH_REASON_CODE_ON_HOLD;
import static dev.caretaker.v1.HealthReasonCode.HEALTH_REASON_CODE_RUN_ENDED_BADLY;
import static dev.caretaker.v1.HealthReasonCode.HEALTH_REASON_CODE_RUN_WAITS_FOR_PERSON;
import static dev.caretaker.v1.HealthReasonCode.HEALTH_REASON_CODE_TARGET_PROBLEM;
import static dev.caretaker.v1.HealthVerdict.HEALTH_VERDICT_ATTENTION;
import static dev.caretaker.v1.HealthVerdict.HEALTH_VERDICT_CRITICAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.store.Sha256;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.GetFindingRequest;
import dev.caretaker.v1.GetHealthRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthFigures;
import dev.caretaker.v1.HealthReason;
import dev.caretaker.v1.HealthReasonCode;
import dev.caretaker.v1.MuteFindingRequest;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PolicyDebt;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.Severity;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TargetProblemCode;
import dev.caretaker.v1.WorkDone;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One page that says whether a target is well, and every reason for it can be followed. */
class HealthThroughTheApiTest {
    private static ScheduleScene scene;

    @BeforeAll
    static void start() {
        scene = new ScheduleScene(Map.of(
                "caretaker.targets.nowhere.url", "jdbc:postgresql://127.0.0.1:1/nowhere",
                "caretaker.targets.nowhere.user", "nobody",
                "caretaker.targets.away.url", "jdbc:postgresql://127.0.0.1:1/away",
                "caretaker.targets.away.user", "nobody"));
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    private static Health health(String target) {
        return scene.server
                .health()
                .getHealth(GetHealthRequest.newBuilder().setTarget(target).build())
                .getHealth();
    }

    private static List<HealthReason> reasons(Health health, HealthReasonCode code) {
        return health.getReasonsList().stream()
                .filter(reason -> reason.getCode() == code)
                .toList();
    }

    @Test
    void a_target_that_cannot_be_reached_is_critical_and_says_why() {
        Health health = health("nowhere");
        assertThat(health.getVerdict()).isEqualTo(HEALTH_VERDICT_CRITICAL);
        assertThat(reasons(health, HEALTH_REASON_CODE_TARGET_PROBLEM))
                .singleElement()
                .satisfies(reason -> assertThat(reason.getMessage()).contains("nowhere"));
        assertThat(health.getCheck().getProblems(0).getCode())
                .isEqualTo(TargetProblemCode.TARGET_PROBLEM_CODE_UNREACHABLE);
        assertThat(health.getCriticalFindings() + health.getWarningFindings() + health.getInfoFindings())
                .isZero();
    }

    @Test
    void an_expectation_that_breaks_while_the_target_is_away_is_a_finding_until_nothing_is_expected_any_more() {
        scene.apply(ScheduleScene.vacuum("hoped-for", "away").setExpectSuccessWithin(ScheduleScene.seconds(60)));
        scene.store.execute(
                "UPDATE caretaker.schedule_line SET created = now() - interval '1 hour' WHERE schedule = 'hoped-for'");
        GetFindingRequest asked = GetFindingRequest.newBuilder()
                .setTarget("away")
                .setFindingId(Sha256.hex(
                        Sha256.of(String.join("\0", "away", "schedule-overdue", "schedule", "", "hoped-for", "")), 8))
                .build();
        Finding found = await("a finding")
                .atMost(60, TimeUnit.SECONDS)
                .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                .until(() -> scene.server.issues().getFinding(asked).getFinding(), finding -> true);
        assertThat(found.getStatus()).isNotEqualTo(FindingStatus.FINDING_STATUS_GONE);
        assertThat(found.getMessage()).contains("No run has ended well yet", "success is expected within");
        assertThat(found.getSeverity()).as("far beyond it").isEqualTo(Severity.SEVERITY_CRITICAL);
        assertThat(scene.store.number("SELECT count(*) FROM caretaker.notification"
                        + " WHERE target = 'away' AND data ->> 'check' = 'schedule-overdue'"))
                .as("that it broke is told by itself")
                .isZero();
        scene.server
                .schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(id())
                        .setName("hoped-for")
                        .build());
        await("its end")
                .atMost(60, TimeUnit.SECONDS)
                .until(() ->
                        scene.server.issues().getFinding(asked).getFinding().getStatus()
                                == FindingStatus.FINDING_STATUS_GONE);
    }

    @Test
    void an_unknown_target_is_refused() {
        assertThatThrownBy(() -> health("mian"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() -> health("")).hasMessageContaining("INVALID_ARGUMENT");
    }

    @Test
    void findings_count_until_they_are_muted() {
        scene.target.execute(
                "CREATE TABLE twins (a int)", "CREATE INDEX twin_1 ON twins (a)", "CREATE INDEX twin_2 ON twins (a)");
        Health sick = health("main");
        HealthReason twin = reasons(sick, HEALTH_REASON_CODE_FINDING).stream()
                .filter(reason -> reason.getMessage().contains("twin_"))
                .findFirst()
                .orElseThrow();
        assertThat(twin.getVerdict()).isEqualTo(HEALTH_VERDICT_ATTENTION);
        assertThat(sick.getReasonsList()).isSortedAccordingTo((a, b) -> b.getVerdictValue() - a.getVerdictValue());
        scene.server
                .issues()
                .muteFinding(MuteFindingRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setTarget("main")
                        .setFindingId(twin.getId())
                        .setReason("twins are wanted")
                        .build());
        Health muted = health("main");
        assertThat(muted.getReasonsList()).noneMatch(reason -> reason.getId().equals(twin.getId()));
        assertThat(muted.getWarningFindings()).isEqualTo(sick.getWarningFindings() - 1);
        scene.target.execute("DROP TABLE twins");
    }

    @Test
    void debt_statistics_and_horizon_are_told_in_figures() {
        scene.target.execute(
                "CREATE TABLE overdue (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO overdue SELECT i, now() - interval '12 days' FROM generate_series(1, 2000) i");
        scene.apply(ScheduleScene.policy("overdue", "main", "overdue"));
        HealthFigures figures = health("main").getFigures();
        PolicyDebt debt = figures.getPoliciesList().stream()
                .filter(policy -> policy.getPolicy().equals("overdue"))
                .findFirst()
                .orElseThrow();
        assertThat(debt.getOverdue().getSeconds()).isPositive();
        assertThat(debt.hasReadTime()).isTrue();
        assertThat(debt.hasEligibleRows()).as("no growth sample was taken").isFalse();
        assertThat(figures.hasTableBloatBytes()).isTrue();
        assertThat(figures.getTableBloatBytes().getValue())
                .as("no table is large enough")
                .isZero();
        assertThat(figures.hasIndexBloatBytes()).isTrue();
        assertThat(figures.hasHorizonTransactions()).isTrue();
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(health("main")
                                .getFigures()
                                .getStaleStatisticsTables()
                                .getValue())
                        .as("a table that was never analyzed, once the counters of the server have come")
                        .isPositive());
        scene.target.execute("DROP TABLE overdue");
    }

    @Test
    void holds_are_a_reason_as_long_as_they_last() {
        String hold = scene.server
                .holds()
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setTarget("far")
                        .setReason("the disks are moved")
                        .build())
                .getHold()
                .getHoldId();
        Health held = health("far");
        assertThat(reasons(held, HEALTH_REASON_CODE_ON_HOLD)).singleElement().satisfies(reason -> {
            assertThat(reason.getId()).isEqualTo(hold);
            assertThat(reason.getMessage()).isEqualTo("Work is on hold by anna: the disks are moved");
        });
        assertThat(reasons(health("main"), HEALTH_REASON_CODE_ON_HOLD)).isEmpty();
        scene.server
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setHoldId(hold)
                        .build());
        assertThat(health("far").getHoldsCount()).isZero();
    }

    @Test
    void the_latest_work_is_told_with_how_it_ended() {
        vacuum("main");
        WorkDone done = vacuums("main").orElseThrow();
        assertThat(done.getLatest().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(done.getLatestComplete()).isEqualTo(done.getLatest());
        assertThat(reasons(health("main"), HEALTH_REASON_CODE_RUN_ENDED_BADLY)).isEmpty();

        String cancelled = paused("slow");
        scene.server
                .runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setRunId(cancelled)
                        .build());
        await().atMost(30, TimeUnit.SECONDS).until(() -> state(cancelled) == RunState.RUN_STATE_ENDED);
        assertThat(reasons(health("slow"), HEALTH_REASON_CODE_RUN_ENDED_BADLY))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.getId()).isEqualTo(cancelled);
                    assertThat(reason.getVerdict()).isEqualTo(HEALTH_VERDICT_ATTENTION);
                    assertThat(reason.getMessage()).startsWith("The latest cleanup ended as CANCELLED. ");
                });
    }

    /** A cleanup that is paused, once its health was seen. */
    private static String paused(String target) {
        scene.target.execute("INSERT INTO jobs SELECT i, '2020-01-01' FROM generate_series(1, 5000) i");
        scene.apply(ScheduleScene.policy("old-jobs", target, "jobs"));
        scene.apply(ScheduleScene.cleanup("clean", target, "old-jobs"));
        String run = scene.trigger("clean").getRunId();
        await().atMost(30, TimeUnit.SECONDS).until(() -> health(target).getOpenRunsCount() == 1);
        scene.server
                .runs()
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setRunId(run)
                        .setReason("lunch")
                        .build());
        await().atMost(30, TimeUnit.SECONDS).until(() -> state(run) == RunState.RUN_STATE_PAUSED);
        assertThat(reasons(health(target), HEALTH_REASON_CODE_RUN_WAITS_FOR_PERSON))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.getId()).isEqualTo(run);
                    assertThat(reason.getMessage()).isEqualTo("A run is paused. Paused by anna: lunch");
                });
        return run;
    }

    private static void vacuum(String target) {
        scene.server
                .maintenance()
                .runVacuum(RunVacuumRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget(target)
                        .addTables(TableName.newBuilder().setName("jobs"))
                        .build())
                .forEachRemaining(event -> {});
    }

    private static Optional<WorkDone> vacuums(String target) {
        return health(target).getWorkList().stream()
                .filter(work -> work.getKind() == RunKind.RUN_KIND_VACUUM)
                .findFirst();
    }

    private static RunState state(String run) {
        return scene.server
                .runs()
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun()
                .getState();
    }
}
