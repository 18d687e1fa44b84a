package dev.caretaker.server.run.engine;

import dev.caretaker.server.config.EngineConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunSignals;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What everything that works on one step shares.
 *
 * @param rowsBefore rows that the run's other steps deleted
 * @param policyRowsBefore rows that they deleted for this step's policy
 * @param signals reads the run's signals from the control store
 * @param backups tells of a backup of the target that is at work, as a sentence
 * @param lineage notices a failover of the target
 * @param sessions keeps the run's session between steps
 * @param looks at the run's tables, before they change and afterwards
 * @param pace of the run's progress events
 */
record StepScope(
        RunRow run,
        StepRow step,
        Target target,
        Lease lease,
        Control control,
        StepJournal journal,
        long rowsBefore,
        long policyRowsBefore,
        Supplier<Optional<RunSignals>> signals,
        Supplier<Optional<String>> backups,
        Lineage lineage,
        SessionKeeper sessions,
        BeforeAndAfter looks,
        Pace pace,
        EngineConfig config,
        Clock clock,
        CommitGate gate) {

    /** Rows deleted by the whole run so far. */
    long rowsDeleted() {
        return rowsBefore + journal.totals().rowsDeleted();
    }

    /** The application_name of the run's sessions, by which orphans of an earlier lease are told. */
    String sessionName() {
        return sessionName(run.id());
    }

    static String sessionName(UUID runId) {
        return "caretaker/" + runId;
    }

    Optional<Halt> atBoundary() {
        return control.atBoundary();
    }

    /** Rows that may still be deleted for the step's policy. */
    long rowsLeft() {
        return control.rowsLeft(
                step.policy(), policyRowsBefore + journal.totals().rowsDeleted());
    }

    void running(String because) {
        lease.state(RunState.RUNNING, because, Optional.empty());
    }

    void warn(String code, String message, Map<String, String> metadata) {
        lease.event(new RunEvent.Warning(code, message, step.ordinal(), metadata));
    }

    /** A batch or statement was rolled back by an error. */
    void failed(boolean batch, Duration took, CaretakerException error) {
        lease.failed(new RunListener.FailureReport(
                step.ordinal(),
                batch,
                took,
                error.reason().name(),
                error.sqlState().orElse("")));
    }

    Failure failure(Exception exception) {
        return Failure.of(run.target(), exception);
    }

    Retries retries() {
        return new Retries(config.retries(), config.retryBackoff());
    }

    Monitor monitor(Session session, Monitor.Watched watched) {
        return new Monitor(control, signals, target, session, watched, config.watchInterval());
    }

    /** Waits, unless the run is to stop before. */
    void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end && atBoundary().isEmpty()) {
            long left = Math.max(0, end - System.nanoTime());
            Waits.sleep(Duration.ofNanos(Math.min(left, config.watchInterval().toNanos())));
        }
    }

    /** Lets one progress event through per interval. */
    static final class Pace {
        private final Duration interval;
        private long next = System.nanoTime();

        Pace(Duration interval) {
            this.interval = interval;
        }

        synchronized boolean due() {
            long now = System.nanoTime();
            if (now - next < 0) {
                return false;
            }
            next = now + interval.toNanos();
            return true;
        }
    }
}
