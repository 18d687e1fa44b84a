package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_HOLD;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.ReleaseHoldRequest;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is on hold does not start, whoever asks for it; partitions are created all the same. */
class HoldsThroughTheApiTest {
    private static ScheduleScene scene;

    @BeforeAll
    static void start() {
        scene = new ScheduleScene(Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    @AfterEach
    void release() {
        scene.server
                .holds()
                .listHolds(ListHoldsRequest.getDefaultInstance())
                .getHoldsList()
                .forEach(HoldsThroughTheApiTest::release);
    }

    private static Hold set(SetHoldRequest.Builder request) {
        return scene.server
                .holds()
                .setHold(request.setRequestId(id())
                        .setActor("anna")
                        .setReason("the disks are moved")
                        .build())
                .getHold();
    }

    private static Hold release(Hold hold) {
        return scene.server
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("bob")
                        .setHoldId(hold.getHoldId())
                        .build())
                .getHold();
    }

    @Test
    void a_hold_of_a_target_stops_schedules_and_people_there_and_nowhere_else() {
        scene.apply(ScheduleScene.ticking("held"));
        scene.apply(ScheduleScene.vacuum("elsewhere", "far"));
        scene.until("held", FIRE_OUTCOME_STARTED);
        Hold hold = set(SetHoldRequest.newBuilder().setTarget("main"));
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

        assertThat(release(hold).getReleasedBy().getName()).isEqualTo("bob");
        assertThat(release(hold).hasReleaseTime()).isTrue();
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
        assertThat(ErrorDetails.of(() -> set(SetHoldRequest.newBuilder().setTarget("nowhere")))
                        .reason())
                .isEqualTo("TARGET_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> set(SetHoldRequest.newBuilder()
                                .setEndTime(Timestamp.newBuilder().setSeconds(1))))
                        .fields())
                .containsExactly("end_time");
        assertThat(ErrorDetails.of(
                                () -> release(Hold.newBuilder().setHoldId(id()).build()))
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
        set(SetHoldRequest.newBuilder());

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

        set(SetHoldRequest.newBuilder().setTarget("main").addKinds(RunKind.RUN_KIND_UPKEEP));
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
        until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        Hold hold = set(SetHoldRequest.newBuilder()
                .setTarget("slow")
                .setPauseRunning(true)
                .setEndTime(Timestamp.newBuilder()
                        .setSeconds(Instant.now().plusSeconds(6).getEpochSecond())));
        assertThat(hold.getPausedRunIdsList()).containsExactly(run);
        until(run, RunState.RUN_STATE_PAUSED);
        until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);

        Hold second = set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        until(run, RunState.RUN_STATE_PAUSED);
        scene.server
                .runs()
                .resumeRun(ResumeRunRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setRunId(run)
                        .build());
        until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        release(second);
        assertThat(scene.run(run).getState())
                .as("somebody has resumed it")
                .isIn(RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        cancel(run);
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
        until(run, RunState.RUN_STATE_WAITING_WINDOW);
        Hold hold = set(SetHoldRequest.newBuilder().setTarget("main"));
        assertThat(hold.getPausedRunIdsList()).isEmpty();

        scene.store.execute( // its window opens
                "UPDATE caretaker.run SET run_window = NULL WHERE run_id = '" + run + "'",
                "UPDATE caretaker.scheduled_task SET execution_time = now() WHERE task_instance = '" + run + "'");
        await("it is told that it is on hold")
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(scene.run(run).getStateReason()).contains("the disks are moved"));
        assertThat(scene.run(run).getStepsList()).noneMatch(RunStep::getStarted);
        assertThat(scene.run(run).hasDeadline()).isFalse();
        release(hold);
        until(run, RunState.RUN_STATE_ENDED);
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
            until(run, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_WAITING_LOCK);
            hold = set(SetHoldRequest.newBuilder().setTarget("far").setPauseRunning(true));
            assertThat(hold.getPausedRunIdsList()).isEmpty();
            other.rollback();
        }
        until(run, RunState.RUN_STATE_PAUSED);
        String old = "SELECT count(*) FROM pg_inherits WHERE inhrelid = 'ledger_2020_01'::regclass";
        assertThat(scene.target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'ledger'::regclass"))
                .isGreaterThan(1);
        assertThat(scene.target.number(old)).isEqualTo(1);
        release(hold);
        until(run, RunState.RUN_STATE_ENDED);
        assertThat(scene.target.number(old)).isZero();
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
        String cleanup = cleanupOf(routine);
        until(cleanup, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        assertThat(scene.run(cleanup).hasDeadline()).isTrue();
        Hold hold = set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        until(cleanup, RunState.RUN_STATE_PAUSED);
        for (String run : List.of(cleanup, routine)) {
            await("the time of " + run + " stands still")
                    .atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(
                            () -> assertThat(scene.run(run).hasDeadline()).isFalse());
            assertThat(scene.run(run).getTimeLeft().getSeconds()).isBetween(1L, 1_000L);
        }
        long left = scene.run(cleanup).getTimeLeft().getSeconds();
        long released = Instant.now().getEpochSecond();
        release(hold);
        until(cleanup, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        assertThat(scene.run(cleanup).getDeadline().getSeconds()).isGreaterThanOrEqualTo(released + left);

        scene.server
                .runs()
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setRunId(cleanup)
                        .build());
        until(cleanup, RunState.RUN_STATE_PAUSED);
        assertThat(scene.run(cleanup).hasDeadline())
                .as("somebody has paused it by hand")
                .isTrue();
        cancel(routine);
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
        String cleanup = cleanupOf(routine);
        until(cleanup, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_THROTTLED);
        assertThat(scene.trigger("nightly").getOutcome())
                .as("while it works")
                .isEqualTo(FireOutcome.FIRE_OUTCOME_SKIPPED_OVERLAP);
        set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        until(cleanup, RunState.RUN_STATE_PAUSED);
        scene.apply(byMonth("meanwhile", "slow"));

        Fire next = scene.trigger("nightly");

        assertThat(next.getOutcome()).as(next.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        until(next.getRunId(), RunState.RUN_STATE_ENDED);
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
            until(frozen, RunState.RUN_STATE_RUNNING, RunState.RUN_STATE_WAITING_LOCK);
            set(SetHoldRequest.newBuilder().setTarget("far").setPauseRunning(true));
            other.rollback();
        }
        until(frozen, RunState.RUN_STATE_ENDED);
        assertThat(scene.run(frozen).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_CANCELLED);
        Fire next = scene.until(
                "steady",
                fire -> fire.getOutcome() == FIRE_OUTCOME_STARTED
                        && !fire.getRunId().equals(frozen));
        until(next.getRunId(), RunState.RUN_STATE_ENDED);
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

    private static PartitionSet.Builder byMonth(String table, String target) {
        return PartitionSet.newBuilder()
                .setName(table)
                .setTarget(target)
                .setTable(TableName.newBuilder().setName(table))
                .setGrid(PartitionGrid.newBuilder()
                        .setCalendar(CalendarGrid.newBuilder()
                                .setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)
                                .setZone("UTC")));
    }

    /** The cleanup that a routine has started. */
    private static String cleanupOf(String routine) {
        return await("a cleanup of " + routine)
                .atMost(60, TimeUnit.SECONDS)
                .until(
                        () -> scene
                                .server
                                .runs()
                                .listRuns(ListRunsRequest.newBuilder()
                                        .setKind(RunKind.RUN_KIND_CLEANUP)
                                        .setPageSize(1_000)
                                        .build())
                                .getRunsList()
                                .stream()
                                .filter(run -> run.getParentRunId().equals(routine))
                                .filter(run -> run.getState() != RunState.RUN_STATE_ENDED)
                                .map(Run::getRunId)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static void cancel(String run) {
        scene.server
                .runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setRunId(run)
                        .build());
        until(run, RunState.RUN_STATE_ENDED);
    }

    private static void until(String run, RunState... states) {
        await("run " + run)
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(scene.run(run).getState()).isIn((Object[]) states));
    }
}
