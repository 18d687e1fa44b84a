package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.TableName;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Sets and ends holds through the API of a scene's server, and looks at the runs that they freeze. */
record HoldCalls(ScheduleScene scene) {

    Hold set(SetHoldRequest.Builder request) {
        return scene.server
                .holds()
                .setHold(request.setRequestId(id())
                        .setActor("anna")
                        .setReason("the disks are moved")
                        .build())
                .getHold();
    }

    Hold release(Hold hold) {
        return scene.server
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("bob")
                        .setHoldId(hold.getHoldId())
                        .build())
                .getHold();
    }

    /** As it is now. */
    Hold get(Hold hold) {
        return scene
                .server
                .holds()
                .listHolds(ListHoldsRequest.newBuilder().setIncludeEnded(true).build())
                .getHoldsList()
                .stream()
                .filter(one -> one.getHoldId().equals(hold.getHoldId()))
                .findFirst()
                .orElseThrow();
    }

    void releaseAll() {
        scene.server
                .holds()
                .listHolds(ListHoldsRequest.getDefaultInstance())
                .getHoldsList()
                .forEach(this::release);
    }

    static PartitionSet.Builder byMonth(String table, String target) {
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
    String cleanupOf(String routine) {
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

    void cancel(String run) {
        scene.server
                .runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setRunId(run)
                        .build());
        until(run, RunState.RUN_STATE_ENDED);
    }

    /** Waits until a run is in one of the states. */
    void until(String run, RunState... states) {
        await("run " + run)
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(scene.run(run).getState()).isIn((Object[]) states));
    }
}
