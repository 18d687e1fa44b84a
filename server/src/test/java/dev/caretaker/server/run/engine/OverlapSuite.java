package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.ALICE;
import static dev.caretaker.server.run.engine.TestEngine.assertComplete;
import static dev.caretaker.server.run.engine.TestEngine.old;
import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A batch is worked while the one before it is journalled and committed. */
interface OverlapSuite extends OnEngine {

    @Test
    default void a_batch_is_worked_while_the_one_before_it_is_being_committed() {
        table(target(), "overlapped", 1_000);
        AtomicInteger together = new AtomicInteger();
        UUID runId = whenTwoWork("overlapped", ignored -> together.incrementAndGet());

        assertComplete(engine().awaitEnd(runId), 900);
        assertThat(together.get()).isPositive();
        engine().awaitNoSessions(target(), runId);
    }

    @Test
    default void what_was_worked_ahead_of_a_batch_that_is_lost_is_undone_and_counted_once() {
        table(target(), "both_undone", 1_000);
        AtomicInteger kills = new AtomicInteger();
        UUID runId = whenTwoWork("both_undone", id -> {
            if (kills.incrementAndGet() <= 2) {
                target().execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                        + " WHERE application_name = 'caretaker/" + id + "' AND state = 'idle in transaction'"
                        + " AND backend_xid IS NOT NULL");
            }
        });

        RunView run = engine().awaitEnd(runId);

        assertComplete(run, 900);
        assertThat(run.totals().retries()).isPositive();
        assertThat(old(target(), "both_undone")).isZero();
    }

    @Test
    default void a_run_that_is_cancelled_undoes_both_batches() {
        table(target(), "both_cancelled", 5_000);
        UUID runId = whenTwoWork("both_cancelled", id -> engine().runs().cancel(id, ALICE, "enough"));

        RunView run = engine().awaitEnd(runId);

        assertThat(run.outcome()).contains(Outcome.CANCELLED);
        assertThat(old(target(), "both_cancelled"))
                .isEqualTo(4_500 - run.totals().rowsDeleted())
                .isPositive();
        engine().awaitNoSessions(target(), runId);
    }

    @Test
    default void batches_that_are_held_back_do_not_overlap() {
        table(target(), "paced", 400);
        AtomicInteger most = new AtomicInteger();
        engine().gate().act(runId -> most.accumulateAndGet((int) TestEngine.sessions(target(), runId), Math::max));
        Tuning paced = new Tuning(Pace.FAST, Duration.ofMillis(20), 0, 0.5, 0, 0, 0);
        UUID runId = engine().start(
                        paced,
                        Optional.empty(),
                        Optional.empty(),
                        RowLimits.NONE,
                        slowDelete(target(), "paced", 40, 5));

        assertComplete(engine().awaitEnd(runId), 360);
        assertThat(most.get()).isEqualTo(1);
    }

    /** Starts a run and does something between journal and commit of each batch behind which another one is at work. */
    private UUID whenTwoWork(String table, Consumer<UUID> action) {
        AtomicReference<UUID> own = new AtomicReference<>();
        engine().gate().act(runId -> {
            own.compareAndSet(null, runId);
            if (runId.equals(own.get()) && anotherWorks(runId)) {
                action.accept(runId);
            }
        });
        return engine().start(slowDelete(target(), table, 90, 50));
    }

    /** False for first batches, while the second session is being opened. */
    private boolean anotherWorks(UUID runId) {
        long giveUp = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (System.nanoTime() < giveUp) {
            if (writers(runId) == 2) {
                return true;
            }
            Waits.sleep(Duration.ofMillis(5));
        }
        return false;
    }

    private long writers(UUID runId) {
        return TestEngine.look(
                target(),
                "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                        + " AND application_name = 'caretaker/" + runId + "'");
    }
}
