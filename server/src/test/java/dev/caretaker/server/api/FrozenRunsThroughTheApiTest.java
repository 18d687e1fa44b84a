package dev.caretaker.server.api;

import static dev.caretaker.server.api.HoldCalls.byMonth;
import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.target.Session;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.ScheduledUpkeep;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.SetHoldRequest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a hold has frozen: its time stands still, and it gives way to whatever makes partitions. */
class FrozenRunsThroughTheApiTest {
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
    void the_time_of_what_a_hold_has_paused_and_of_the_routine_that_waits_for_it_does_not_count() {
        scene.target.execute(
                "CREATE TABLE timed (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO timed SELECT i, now() - interval '30 days' FROM generate_series(1, 100000) i");
        scene.apply(ScheduleScene.policy("timed", "slow", "timed"));
        scene.apply(ScheduleScene.vacuum("timely", "slow")
                .setWork(ScheduledWork.newBuilder().setRoutine("standard"))
                .setDeadline(ScheduleScene.seconds(1_000)));
        String routine = scene.trigger("timely").getRunId();
        String cleanup = holds.cleanupOf(routine);
        holds.until(cleanup, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        assertThat(scene.run(cleanup).hasDeadline()).isTrue();
        Hold hold = holds.set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        holds.until(cleanup, RunState.RUN_STATE_PAUSED);
        for (String run : List.of(cleanup, routine)) {
            await("the time of " + run + " stands still")
                    .atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(
                            () -> assertThat(scene.run(run).hasDeadline()).isFalse());
            assertThat(scene.run(run).getTimeLeft().getSeconds()).isBetween(1L, 1_000L);
        }
        long left = scene.run(cleanup).getTimeLeft().getSeconds();
        long released = Instant.now().getEpochSecond();
        holds.release(hold);
        holds.until(cleanup, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        assertThat(scene.run(cleanup).getDeadline().getSeconds()).isGreaterThanOrEqualTo(released + left);

        scene.server
                .runs()
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setRunId(cleanup)
                        .build());
        holds.until(cleanup, RunState.RUN_STATE_PAUSED);
        assertThat(scene.run(cleanup).hasDeadline())
                .as("somebody has paused it by hand")
                .isTrue();
        holds.cancel(routine);
    }

    @Test
    void a_routine_that_a_hold_has_frozen_gives_way_to_the_next_so_that_partitions_are_made() {
        scene.target.execute(
                "CREATE TABLE frozen (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO frozen SELECT i, now() - interval '30 days' FROM generate_series(1, 100000) i",
                "CREATE TABLE meanwhile (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        scene.apply(ScheduleScene.policy("frozen", "slow", "frozen"));
        scene.apply(ScheduleScene.vacuum("nightly", "slow")
                .setWork(ScheduledWork.newBuilder().setRoutine("standard")));
        String routine = scene.trigger("nightly").getRunId();
        String cleanup = holds.cleanupOf(routine);
        holds.until(cleanup, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        assertThat(scene.trigger("nightly").getOutcome())
                .as("while it works")
                .isEqualTo(FireOutcome.FIRE_OUTCOME_SKIPPED_OVERLAP);
        holds.set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        holds.until(cleanup, RunState.RUN_STATE_PAUSED);
        scene.apply(byMonth("meanwhile", "slow"));

        Fire next = scene.trigger("nightly");

        assertThat(next.getOutcome()).as(next.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        holds.until(next.getRunId(), RunState.RUN_STATE_ENDED);
        assertThat(scene.run(next.getRunId()).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(scene.target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'meanwhile'::regclass"))
                .isPositive();
        for (String run : List.of(routine, cleanup)) {
            assertThat(scene.run(run).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_CANCELLED);
            assertThat(scene.run(run).getStateReason()).contains("the next time of its schedule has come");
        }
    }

    @Test
    void upkeep_that_a_hold_has_frozen_gives_way_when_its_time_comes() throws SQLException {
        scene.target.execute(
                "CREATE TABLE aging (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE aging_2020_01 PARTITION OF aging FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2020-02-01 00:00+00')");
        scene.apply(byMonth("aging", "far")
                .setRetirement(PartitionRetirement.newBuilder().setDuration(ScheduleScene.seconds(86_400 * 60))));
        String frozen;
        try (Connection other = scene.target.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE aging IN SHARE UPDATE EXCLUSIVE MODE");
            scene.apply(ScheduleScene.ticking("steady")
                    .setTarget("far")
                    .setWork(ScheduledWork.newBuilder()
                            .setUpkeep(ScheduledUpkeep.newBuilder().addSets("aging"))));
            frozen = scene.until("steady", FIRE_OUTCOME_STARTED).getRunId();
            holds.until(frozen, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_WAITING_LOCK);
            holds.set(SetHoldRequest.newBuilder().setTarget("far").setPauseRunning(true));
            other.rollback();
        }
        holds.until(frozen, RunState.RUN_STATE_ENDED);
        assertThat(scene.run(frozen).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_CANCELLED);
        Fire next = scene.until(
                "steady",
                fire -> fire.getOutcome() == FIRE_OUTCOME_STARTED
                        && !fire.getRunId().equals(frozen));
        holds.until(next.getRunId(), RunState.RUN_STATE_ENDED);
        assertThat(scene.run(next.getRunId()).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(scene.target.number("SELECT count(*) FROM pg_inherits WHERE inhrelid = 'aging_2020_01'::regclass"))
                .as("the hold stops all else")
                .isEqualTo(1);
        scene.server
                .schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setName("steady")
                        .build());
    }

    @Test
    void a_routine_whose_cleanup_a_hold_keeps_from_beginning_gives_way_to_the_next_too() throws SQLException {
        scene.target.execute(
                "CREATE TABLE unbegun (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO unbegun SELECT i, now() - interval '30 days' FROM generate_series(1, 100) i",
                "CREATE TABLE ahead (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        scene.apply(ScheduleScene.policy("unbegun", "far", "unbegun"));
        scene.apply(ScheduleScene.vacuum("patient", "far")
                .setWork(ScheduledWork.newBuilder().setRoutine("standard")));
        String routine;
        String cleanup;
        try (Connection other = scene.target.connect();
                Statement fence = other.createStatement()) {
            fence.execute("SELECT pg_advisory_lock(" + Session.FENCE_CLASS
                    + ", CAST(CAST('unbegun'::regclass AS oid) AS int))");
            routine = scene.trigger("patient").getRunId();
            cleanup = holds.cleanupOf(routine);
            holds.until(cleanup, RunState.RUN_STATE_WAITING_LOCK);
            assertThat(scene.trigger("patient").getOutcome())
                    .as("while it waits for its turn")
                    .isEqualTo(FireOutcome.FIRE_OUTCOME_SKIPPED_OVERLAP);
            Hold hold = holds.set(SetHoldRequest.newBuilder().setTarget("far"));
            assertThat(hold.getPausedRunIdsList()).isEmpty();
            await("it waits for the end of the hold")
                    .atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThat(scene.run(cleanup).getStateReason()).contains("the disks are moved"));
        }
        assertThat(scene.run(cleanup).getState()).isEqualTo(RunState.RUN_STATE_WAITING_LOCK);
        assertThat(scene.run(cleanup).getStepsList()).noneMatch(RunStep::getStarted);
        scene.apply(byMonth("ahead", "far"));

        Fire next = scene.trigger("patient");

        assertThat(next.getOutcome()).as(next.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        holds.until(next.getRunId(), RunState.RUN_STATE_ENDED);
        assertThat(scene.run(next.getRunId()).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(scene.target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'ahead'::regclass"))
                .isPositive();
        assertThat(scene.target.number("SELECT count(*) FROM unbegun"))
                .as("the hold stops all else")
                .isEqualTo(100);
        for (String run : List.of(routine, cleanup)) {
            holds.until(run, RunState.RUN_STATE_ENDED);
            assertThat(scene.run(run).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_CANCELLED);
        }
        assertThat(scene.run(routine).getStateReason()).contains("the next time of its schedule has come");
    }
}
