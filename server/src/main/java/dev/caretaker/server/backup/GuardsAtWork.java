package dev.caretaker.server.backup;

import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.target.SameDatabase;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Constraints by which upkeep of partitions refuses rows while it is between two of its statements. The next statement needs a
 * lock that a backup keeps it from, and so does taking the constraint back. So a backup that meets one lets its own locks go
 * again.
 */
@Singleton
final class GuardsAtWork {
    private static final long LOOK_MILLIS = 200;

    private final RunStore runs;
    private final SameDatabase same;

    GuardsAtWork(RunStore runs, SameDatabase same) {
        this.runs = runs;
        this.same = same;
    }

    /** One stands. */
    static final class MetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final UUID run;

        MetException(UUID run) {
            super("run " + run + " is between two statements", null, false, false);
            this.run = run;
        }
    }

    /**
     * Asked when a backup has its locks: whoever would put one up from now on sees them, and does not.
     *
     * @throws MetException if one stands
     */
    void requireNone(String target) {
        guarding(target).ifPresent(run -> {
            throw new MetException(run);
        });
    }

    private Optional<UUID> guarding(String target) {
        return runs.guarding().stream()
                .filter(at -> same.is(target, at.target()))
                .map(RunStore.At::run)
                .findFirst();
    }

    /** Waits until none stands. */
    void await(MetException met, String target, Gate gate) {
        gate.warn(
                "BACKUP_GAVE_WAY",
                "The backup waits for run " + met.run
                        + ", whose constraint refuses rows of a partitioned table until it goes on.");
        for (Optional<UUID> run = Optional.of(met.run); run.isPresent(); run = guarding(target)) {
            gate.pass();
            gate.at(0, "waiting for run " + run.get());
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Gate.EndedException();
            }
        }
    }
}
