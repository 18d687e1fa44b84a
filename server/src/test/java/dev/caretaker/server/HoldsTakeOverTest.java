package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.SetHoldResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server is killed when a hold is noted, and what it should pause is not yet paused. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class HoldsTakeOverTest {
    private static final int OLD = 60_000;
    private static final int ROWS_PER_SECOND = 100;

    private final TestPostgres.Database controlStore = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.newest().database();

    @Test
    void what_a_hold_should_pause_is_paused_by_the_next_server(@TempDir Path folder) throws Exception {
        SlowCleanup.table(target, OLD, "''", 1);
        controlStore.execute(
                "CREATE FUNCTION public.linger() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(15); RETURN NEW; END'",
                "CREATE TRIGGER linger BEFORE UPDATE ON caretaker.run FOR EACH ROW"
                        + " WHEN (NEW.desired = 'PAUSED') EXECUTE FUNCTION public.linger()");
        String run;
        try (ServerProcess first = ServerProcess.start(folder, "first", controlStore, target);
                Connection other = controlStore.connect();
                Statement lock = other.createStatement()) {
            run = SlowCleanup.start(
                    first, SlowCleanup.policy().setAction(PolicyAction.POLICY_ACTION_DELETE), ROWS_PER_SECOND);
            SlowCleanup.awaitDeleted(run, first, 1);
            lock.execute("SELECT pg_advisory_lock(15)");
            CompletableFuture<SetHoldResponse> call = CompletableFuture.supplyAsync(() -> hold(first));
            await("it is about to be paused")
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> controlStore.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                    + " AND NOT granted AND objid = 15 AND database ="
                                    + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                            > 0);
            first.kill();
            assertThatThrownBy(call::join).hasMessageContaining("UNAVAILABLE");
        }
        assertThat(controlStore.number("SELECT count(*) FROM caretaker.hold WHERE pause_running AND ended IS NULL"))
                .isEqualTo(1);
        assertThat(controlStore.number("SELECT count(*) FROM caretaker.run WHERE desired = 'PAUSED'"))
                .as("nobody lives who could have asked it to pause")
                .isZero();
        try (ServerHere second = ServerHere.start(folder, "second", controlStore, target, "2s", "")) {
            await("the next server pauses it")
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> SlowCleanup.get(run, second).getState() == RunState.RUN_STATE_PAUSED);
            assertThat(HoldServiceGrpc.newBlockingStub(second.channel())
                            .listHolds(ListHoldsRequest.getDefaultInstance())
                            .getHolds(0)
                            .getPausedRunIdsList())
                    .containsExactly(run);
            assertThat(SlowCleanup.get(run, second).getTotals().getRowsDeleted())
                    .isLessThan(OLD);
        }
    }

    private static SetHoldResponse hold(ServerProcess server) {
        return HoldServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .setReason("the disks are moved")
                        .setPauseRunning(true)
                        .build());
    }
}
