package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.v1.RunState.RUN_STATE_PAUSED;
import static dev.caretaker.v1.RunState.RUN_STATE_RUNNING;
import static dev.caretaker.v1.RunState.RUN_STATE_THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.Hold;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.SetHoldRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A hold is there, and what it should pause could not be paused at once: it is, as soon as it can. */
class HoldsInTroubleTest {
    private static final String UNEXPECTED = "23514";
    /** As if the control store did not answer in time. */
    private static final String CANCELLED = "57014";

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
    void mend() {
        scene.store.execute("DROP FUNCTION IF EXISTS public.refuse() CASCADE");
        holds.releaseAll();
    }

    /** Runs for which {@code which} is true become neither paused nor go on, from now on. */
    private static void refuse(String which, String state) {
        scene.store.execute(
                "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN RAISE EXCEPTION ''not now'' USING ERRCODE = ''" + state + "''; END'",
                "CREATE TRIGGER refuse BEFORE UPDATE ON caretaker.run FOR EACH ROW"
                        + " WHEN (NEW.desired IS DISTINCT FROM OLD.desired AND NEW." + which
                        + ") EXECUTE FUNCTION public.refuse()");
    }

    private static void refuseNoMore() {
        scene.store.execute("DROP FUNCTION public.refuse() CASCADE");
    }

    /** A cleanup of a table of its own that works slowly, though each time that it goes on it begins with a batch. */
    private static String working(String table) {
        scene.target.execute(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO " + table + " SELECT i, now() - interval '30 days' FROM generate_series(1, 1000000) i");
        scene.apply(ScheduleScene.policy(table, "slow", table));
        scene.apply(ScheduleScene.cleanup(table, "slow", table));
        String run = scene.trigger(table).getRunId();
        holds.until(run, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        return run;
    }

    private static void untilPaused(Hold hold, String... runs) {
        for (String run : runs) {
            holds.until(run, RUN_STATE_PAUSED);
        }
        assertThat(holds.get(hold).getPausedRunIdsList()).containsExactlyInAnyOrder(runs);
    }

    @Test
    void what_could_not_be_paused_when_the_hold_was_set_is_paused_by_the_next_look() {
        String run = working("late");
        refuse("kind = 'CLEANUP'", UNEXPECTED);

        Hold hold = holds.set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));

        assertThat(hold.getPausedRunIdsList()).isEmpty();
        assertThat(scene.run(run).getState()).isIn(RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        refuseNoMore();
        untilPaused(hold, run);
        holds.release(hold);
        holds.until(run, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        holds.cancel(run);
    }

    @Test
    void a_call_that_fails_in_between_has_set_the_hold_and_the_same_request_again_says_so() {
        String run = working("between");
        refuse("kind = 'CLEANUP'", CANCELLED);
        SetHoldRequest request = SetHoldRequest.newBuilder()
                .setRequestId(id())
                .setActor("anna")
                .setReason("the disks are moved")
                .setTarget("slow")
                .setPauseRunning(true)
                .build();
        assertThat(ErrorDetails.of(() -> scene.server.holds().setHold(request)).reason())
                .isEqualTo("CONTROL_STORE_UNREACHABLE");
        refuseNoMore();

        Hold hold = scene.server.holds().setHold(request).getHold();

        untilPaused(hold, run);
        assertThat(scene.store.number("SELECT count(*) FROM caretaker.hold WHERE ended IS NULL"))
                .isEqualTo(1);
        holds.release(hold);
        holds.until(run, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        holds.cancel(run);
    }

    @Test
    void a_run_that_cannot_be_paused_keeps_no_other_from_that_and_one_that_cannot_go_on_no_other_from_going_on() {
        String stubborn = working("stubborn");
        String other = working("other");
        refuse("run_id = '" + stubborn + "'", UNEXPECTED);
        Hold first = holds.set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        untilPaused(first, other);
        assertThat(scene.run(stubborn).getState()).isIn(RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        refuseNoMore();
        untilPaused(first, stubborn, other);
        holds.release(first);
        holds.until(stubborn, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        holds.until(other, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);

        Hold hold = holds.set(SetHoldRequest.newBuilder().setTarget("slow").setPauseRunning(true));
        untilPaused(hold, stubborn, other);
        refuse("run_id = '" + stubborn + "'", UNEXPECTED);
        holds.release(hold);
        holds.until(other, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        assertThat(scene.run(stubborn).getState()).isEqualTo(RUN_STATE_PAUSED);
        assertThat(ended(hold)).as("one is left").isFalse();
        refuseNoMore();
        holds.until(stubborn, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        await("its end").atMost(30, TimeUnit.SECONDS).until(() -> ended(hold));
        holds.cancel(stubborn);
        holds.cancel(other);
    }

    private static boolean ended(Hold hold) {
        return scene.store.number("SELECT count(*) FROM caretaker.hold WHERE ended IS NOT NULL AND hold_id = '"
                        + hold.getHoldId() + "'")
                == 1;
    }

    @Test
    void what_a_paused_routine_has_started_is_paused_and_goes_on_even_if_only_the_routine_could_be_asked_at_first() {
        scene.target.execute(
                "CREATE TABLE parts (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO parts SELECT i, now() - interval '30 days' FROM generate_series(1, 100000) i");
        scene.apply(ScheduleScene.policy("parts", "slow", "parts"));
        scene.apply(ScheduleScene.vacuum("whole", "slow")
                .setWork(ScheduledWork.newBuilder().setRoutine("standard")));
        String routine = scene.trigger("whole").getRunId();
        String cleanup = holds.cleanupOf(routine);
        holds.until(cleanup, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        refuse("run_id = '" + cleanup + "'", UNEXPECTED);
        Hold hold = holds.set(SetHoldRequest.newBuilder()
                .setTarget("slow")
                .addKinds(RunKind.RUN_KIND_ROUTINE)
                .setPauseRunning(true));
        assertThat(hold.getPausedRunIdsList()).containsExactly(routine);
        assertThat(scene.run(cleanup).getState()).isIn(RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        refuseNoMore();
        untilPaused(hold, routine, cleanup);

        refuse("run_id = '" + cleanup + "'", UNEXPECTED);
        holds.release(hold);
        refuseNoMore();
        holds.until(cleanup, RUN_STATE_RUNNING, RUN_STATE_THROTTLED);
        holds.cancel(routine);
    }
}
