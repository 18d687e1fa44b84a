package dev.caretaker.server.api;

import static dev.caretaker.server.api.HoldCalls.byMonth;
import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_HOLD;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.ScheduledUpkeep;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is on hold does not start, whoever asks for it; partitions are created all the same. */
class HoldsThroughTheApiTest {
    private static ScheduleScene scene;
    private static HoldCalls holds;

    @BeforeAll
    static void start() {
        scene = new ScheduleScene(Map.of());
        holds = new HoldCalls(scene);
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    @AfterEach
    void release() {
        holds.releaseAll();
    }

    @Test
    void a_hold_of_a_target_stops_schedules_and_people_there_and_nowhere_else() {
        scene.apply(ScheduleScene.ticking("held"));
        scene.apply(ScheduleScene.vacuum("elsewhere", "far"));
        scene.until("held", FIRE_OUTCOME_STARTED);
        Hold hold = holds.set(SetHoldRequest.newBuilder().setTarget("main"));
        Fire skipped = scene.until("held", FIRE_OUTCOME_SKIPPED_HOLD);
        assertThat(skipped.getMessage()).contains("anna").contains("the disks are moved.");
        assertThat(scene.server
                        .schedules()
                        .previewSchedule(PreviewScheduleRequest.newBuilder()
                                .setName("held")
                                .build())
                        .getFiresList())
                .allMatch(fire -> fire.getOutcome() == FIRE_OUTCOME_SKIPPED_HOLD);
        ErrorDetails refused = ErrorDetails.of(() -> scene.server
                .maintenance()
                .runVacuum(RunVacuumRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addTables(TableName.newBuilder().setName("jobs"))
                        .build())
                .next());
        assertThat(refused.reason()).isEqualTo("HELD");
        assertThat(refused.info().getMetadataMap()).containsEntry("hold_id", hold.getHoldId());
        assertThat(scene.trigger("held").getOutcome()).isEqualTo(FIRE_OUTCOME_SKIPPED_HOLD);
        assertThat(scene.trigger("elsewhere").getOutcome()).isEqualTo(FIRE_OUTCOME_STARTED);

        assertThat(holds.release(hold).getReleasedBy().getName()).isEqualTo("bob");
        assertThat(holds.release(hold).hasReleaseTime()).isTrue();
        scene.until(
                "held",
                fire -> fire.getOutcome() == FIRE_OUTCOME_STARTED
                        && fire.getNominalTime().getSeconds()
                                > skipped.getNominalTime().getSeconds());
        assertThat(scene.server
                        .holds()
                        .listHolds(ListHoldsRequest.newBuilder()
                                .setTarget("main")
                                .setIncludeEnded(true)
                                .build())
                        .getHoldsList())
                .extracting(Hold::getHoldId)
                .contains(hold.getHoldId());
    }

    @Test
    void what_is_wrong_with_a_hold_is_told() {
        assertThat(ErrorDetails.of(() -> holds.set(SetHoldRequest.newBuilder().setTarget("nowhere")))
                        .reason())
                .isEqualTo("TARGET_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> holds.set(SetHoldRequest.newBuilder()
                                .setEndTime(Timestamp.newBuilder().setSeconds(1))))
                        .fields())
                .containsExactly("end_time");
        assertThat(ErrorDetails.of(() -> holds.set(SetHoldRequest.newBuilder()
                                .setDuration(Duration.newBuilder().setSeconds(60))
                                .setEndTime(Timestamp.newBuilder()
                                        .setSeconds(Instant.now().getEpochSecond() + 60))))
                        .fields())
                .containsExactly("duration");
        assertThat(ErrorDetails.of(
                                () -> holds.set(SetHoldRequest.newBuilder().setDuration(Duration.getDefaultInstance())))
                        .fields())
                .containsExactly("duration");
        assertThat(ErrorDetails.of(() ->
                                holds.release(Hold.newBuilder().setHoldId(id()).build()))
                        .reason())
                .isEqualTo("HOLD_NOT_FOUND");
    }

    @Test
    void under_a_hold_of_everything_partitions_are_created_and_nothing_else_is_done() {
        scene.target.execute(
                "CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE old_ones (id serial PRIMARY KEY, ended timestamptz)",
                "INSERT INTO old_ones (ended) SELECT now() - interval '30 days' FROM generate_series(1, 100)");
        scene.apply(byMonth("events", "main"));
        scene.apply(ScheduleScene.policy("old-ones", "main", "old_ones"));
        scene.apply(ScheduleScene.vacuum("daily", "main")
                .setWork(ScheduledWork.newBuilder().setRoutine("standard")));
        scene.apply(ScheduleScene.vacuum("upkeep", "main")
                .setWork(ScheduledWork.newBuilder().setUpkeep(ScheduledUpkeep.getDefaultInstance())));
        holds.set(SetHoldRequest.newBuilder());

        Fire daily = scene.trigger("daily");
        assertThat(daily.getOutcome()).as(daily.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.run(daily.getRunId()).getState() == RunState.RUN_STATE_ENDED);
        Run run = scene.run(daily.getRunId());
        assertThat(run.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(run.getStepsList())
                .filteredOn(step -> step.getOutcome() == RunOutcome.RUN_OUTCOME_SKIPPED)
                .extracting(RunStep::getMessage)
                .allMatch(message -> message.startsWith("On hold since"))
                .hasSize(run.getStepsCount() - 1);
        assertThat(scene.target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass"))
                .isPositive();
        assertThat(scene.target.number("SELECT count(*) FROM old_ones")).isEqualTo(100);

        holds.set(SetHoldRequest.newBuilder().setTarget("main").addKinds(RunKind.RUN_KIND_UPKEEP));
        assertThat(scene.trigger("upkeep").getOutcome()).isEqualTo(FIRE_OUTCOME_SKIPPED_HOLD);
    }

    @Test
    void what_runs_is_paused_if_asked_and_goes_on_when_the_hold_ends_by_itself() {
        scene.target.execute(
                "CREATE TABLE long (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO long SELECT i, now() - interval '30 days' FROM generate_series(1, 1000000) i");
        scene.apply(ScheduleScene.policy("long", "slow", "long"));
        scene.apply(ScheduleScene.cleanup("slowly", "slow", "long"));
        String run = scene.trigger("slowly").getRunId();
        holds.until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        Hold hold = holds.set(SetHoldRequest.newBuilder()
                .setTarget("slow")
                .setPauseRunning(true)
                .setEndTime(Timestamp.newBuilder()
                        .setSeconds(Instant.now().plusSeconds(6).getEpochSecond())));
        assertThat(hold.getPausedRunIdsList()).containsExactly(run);
        holds.until(run, RunState.RUN_STATE_PAUSED);
        holds.until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);

        Hold second = holds.set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        holds.until(run, RunState.RUN_STATE_PAUSED);
        scene.server
                .runs()
                .resumeRun(ResumeRunRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setRunId(run)
                        .build());
        holds.until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        holds.release(second);
        assertThat(scene.run(run).getState())
                .as("somebody has resumed it")
                .isIn(RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        holds.cancel(run);
    }

    @Test
    void what_two_holds_pause_stays_paused_until_both_are_over() {
        scene.target.execute(
                "CREATE TABLE twice (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO twice SELECT i, now() - interval '30 days' FROM generate_series(1, 100000) i");
        scene.apply(ScheduleScene.policy("twice", "slow", "twice"));
        scene.apply(ScheduleScene.cleanup("twice", "slow", "twice"));
        String run = scene.trigger("twice").getRunId();
        holds.until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        Hold first = holds.set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        holds.until(run, RunState.RUN_STATE_PAUSED);
        Hold second = holds.set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        holds.release(first);
        assertThat(scene.store.number("SELECT count(*) FROM caretaker.hold WHERE hold_id = '" + second.getHoldId()
                        + "' AND '" + run + "' = ANY (paused_runs)"))
                .as("it passes from one to the other")
                .isEqualTo(1);
        holds.until(run, RunState.RUN_STATE_PAUSED);
        holds.release(second);
        holds.until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        holds.cancel(run);
    }

    @Test
    void what_waited_for_its_window_when_a_hold_was_set_does_not_begin_before_that_ends() {
        ZonedDateTime later = ZonedDateTime.now(ZoneOffset.UTC).plusHours(6);
        String run = scene.server
                .maintenance()
                .runVacuum(RunVacuumRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addTables(TableName.newBuilder().setName("jobs"))
                        .setWindow(RunWindow.newBuilder()
                                .setStart(clock(later))
                                .setEnd(clock(later.plusHours(1)))
                                .setZone("UTC"))
                        .build())
                .next()
                .getEvent()
                .getRunId();
        holds.until(run, RunState.RUN_STATE_WAITING_WINDOW);
        Hold hold = holds.set(SetHoldRequest.newBuilder().setTarget("main"));
        assertThat(hold.getPausedRunIdsList()).isEmpty();

        scene.store.execute( // its window opens
                "UPDATE caretaker.run SET run_window = NULL WHERE run_id = '" + run + "'",
                "UPDATE caretaker.scheduled_task SET execution_time = now() WHERE task_instance = '" + run + "'");
        await("it is told that it is on hold")
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(scene.run(run).getStateReason()).contains("the disks are moved"));
        assertThat(scene.run(run).getStepsList()).noneMatch(RunStep::getStarted);
        assertThat(scene.run(run).hasDeadline()).isFalse();
        holds.release(hold);
        holds.until(run, RunState.RUN_STATE_ENDED);
        assertThat(scene.run(run).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private static String clock(ZonedDateTime time) {
        return time.format(DateTimeFormatter.ofPattern("HH:mm"));
    }

    @Test
    void upkeep_that_runs_makes_its_partitions_and_is_paused_then() throws SQLException {
        scene.target.execute(
                "CREATE TABLE ledger (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE ledger_2020_01 PARTITION OF ledger FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2020-02-01 00:00+00')");
        scene.apply(byMonth("ledger", "far")
                .setRetirement(PartitionRetirement.newBuilder().setDuration(ScheduleScene.seconds(86_400 * 60))));
        scene.apply(ScheduleScene.vacuum("ledger-upkeep", "far")
                .setWork(ScheduledWork.newBuilder()
                        .setUpkeep(ScheduledUpkeep.newBuilder().addSets("ledger"))));
        Hold hold;
        String run;
        try (Connection other = scene.target.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE ledger IN SHARE UPDATE EXCLUSIVE MODE");
            run = scene.trigger("ledger-upkeep").getRunId();
            holds.until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_WAITING_LOCK);
            hold = holds.set(SetHoldRequest.newBuilder().setTarget("far").setPauseRunning(true));
            assertThat(hold.getPausedRunIdsList()).isEmpty();
            other.rollback();
        }
        holds.until(run, RunState.RUN_STATE_PAUSED);
        String old = "SELECT count(*) FROM pg_inherits WHERE inhrelid = 'ledger_2020_01'::regclass";
        assertThat(scene.target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'ledger'::regclass"))
                .isGreaterThan(1);
        assertThat(scene.target.number(old)).isEqualTo(1);
        holds.release(hold);
        holds.until(run, RunState.RUN_STATE_ENDED);
        assertThat(scene.target.number(old)).isZero();
    }
}
