package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two server processes on one control store: what one leaves unfinished, the other finishes, and nothing is done twice. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class TwoServersTest {
    private static final int ELIGIBLE = 120_000;
    private static final int YOUNG = 40_000;
    /** The run would take two minutes: more than any machine needs to start the second server and to take over. */
    private static final int ROWS_PER_SECOND = 1_000;

    private static final Duration TAKE_OVER = Duration.ofSeconds(30);

    private final TestPostgres.Database controlStore = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.newest().database();
    private ServerProcess first;
    private ServerHere second;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        SlowCleanup.table(target, ELIGIBLE, "repeat('x', 100)", YOUNG);
        first = ServerProcess.start(folder, "first", controlStore, target);
    }

    @AfterEach
    void end() {
        first.close();
        if (second != null) {
            second.close();
        }
    }

    @Test
    void a_run_whose_server_was_killed_is_finished_by_the_other(@TempDir Path folder) throws Exception {
        String run = startRun();
        SlowCleanup.awaitDeleted(run, first, ELIGIBLE / 50);
        second = ServerHere.start(folder, "second", controlStore, target, "2s", "");
        first.kill();

        awaitTakeOver(run);
        assertFinishedExactly(run);
    }

    @Test
    void a_server_that_was_stopped_and_continues_late_does_nothing_more(@TempDir Path folder) throws Exception {
        String run = startRun();
        SlowCleanup.awaitDeleted(run, first, ELIGIBLE / 50);
        second = ServerHere.start(folder, "second", controlStore, target, "2s", "");
        first.stop();

        awaitTakeOver(run);
        Run finished = assertFinishedExactly(run);

        // Old rows that come after the run are there to be wrongly deleted by a server that goes on where it stood.
        target.execute("INSERT INTO events SELECT n, now() - interval '90 days' + n * interval '1 second', 'late'"
                + " FROM generate_series(1, " + ELIGIBLE + ") n");
        first.goOn();
        await("the late server is alive again")
                .atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> SlowCleanup.get(run, first).getState() == RunState.RUN_STATE_ENDED);
        await("nothing happens any more")
                .during(5, TimeUnit.SECONDS)
                .atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> {
                    assertThat(target.number("SELECT count(*) FROM events WHERE payload = 'late'"))
                            .isEqualTo(ELIGIBLE);
                    assertThat(SlowCleanup.get(run, second)).isEqualTo(finished);
                });
    }

    private String startRun() {
        return SlowCleanup.start(
                first, SlowCleanup.policy().setAction(PolicyAction.POLICY_ACTION_DELETE), ROWS_PER_SECOND);
    }

    private void awaitTakeOver(String run) {
        long epoch = SlowCleanup.get(run, second).getEpoch();
        long deleted = SlowCleanup.get(run, second).getTotals().getRowsDeleted();
        assertThat(deleted).as("the run is still under way").isLessThan(ELIGIBLE);
        await("the other server goes on").atMost(TAKE_OVER).until(() -> {
            Run now = SlowCleanup.get(run, second);
            return now.getEpoch() > epoch && now.getTotals().getRowsDeleted() > deleted;
        });
        SlowCleanup.hurry(run, second);
    }

    private Run assertFinishedExactly(String run) {
        Run finished = SlowCleanup.ended(run, second);
        assertThat(finished.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(target.number("SELECT count(*) FROM events")).isEqualTo(YOUNG);
        assertThat(target.number("SELECT count(*) FROM events WHERE id < 0")).isEqualTo(YOUNG);
        assertThat(finished.getTotals().getRowsDeleted()).isEqualTo(ELIGIBLE);
        assertThat(finished.getTotals().getRowsExact()).isTrue();
        return finished;
    }
}
