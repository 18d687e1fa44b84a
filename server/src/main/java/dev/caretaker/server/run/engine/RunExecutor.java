package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.store.LeaseStore;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunSignals;
import dev.caretaker.server.store.RunState;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on a run on behalf of this server: takes the lease, and works until the run ends, waits, or is taken over. */
@Singleton
final class RunExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(RunExecutor.class);

    private final LeaseStore leases;
    private final Engine engine;
    private final RunListeners listeners;

    RunExecutor(LeaseStore leases, Engine engine, RunListeners listeners) {
        this.leases = leases;
        this.engine = engine;
        this.listeners = listeners;
    }

    /** What is to become of the task that brought the run here. */
    sealed interface Then {
        /** Nobody needs to come back, unless somebody asks for it. */
        record Leave() implements Then {}

        /** Somebody is to come back. */
        record ComeBack(Instant at) implements Then {}

        /** It is another server's now. */
        record HandsOff() implements Then {}
    }

    /**
     * Works on a run.
     *
     * @param server name of this process
     * @param stopping whether this server shuts down
     */
    Then execute(UUID runId, String server, BooleanSupplier stopping) {
        Optional<RunRow> claimed = leases.claim(runId, server);
        if (claimed.isEmpty()) {
            return new Then.Leave();
        }
        RunRow run = claimed.get();
        try (RunLog log = RunLog.of(run)) {
            return execute(run, stopping);
        }
    }

    private Then execute(RunRow run, BooleanSupplier stopping) {
        UUID runId = run.id();
        RunListener.Work heard = listeners.begins(run);
        if (run.epoch() == 1) {
            LOG.info("run {} on target {}: begins", runId, run.target());
        } else if (run.state().isActive()) {
            LOG.info("run {} on target {}: goes on here, its server is gone", runId, run.target());
        }
        Control control = new Control(run, engine.clock(), stopping);
        try {
            return work(run, control, heard);
        } catch (LeaseLost e) {
            heard.lost();
            LOG.info("run {}: another server took over", runId);
            return new Then.HandsOff();
        }
    }

    private Then work(RunRow run, Control control, RunListener.Work heard) {
        RunRow current = run;
        while (true) {
            try {
                if (current.state() == RunState.ENDED) {
                    return new Then.Leave(); // by us: the answer to its end was lost
                }
                control.update(RunSignals.of(current));
                control.requireLease();
                Lease lease = new Lease(leases, engine.bell(), engine.clock(), current, heard);
                return new RunWork(current, lease, control, engine).run();
            } catch (CaretakerException e) {
                if (e.reason() != Reason.CONTROL_STORE_UNREACHABLE) {
                    throw e;
                }
                LOG.debug("run {} waits for the control store: {}", run.id(), e.getMessage());
                current = afterOutage(run.id(), control);
            }
        }
    }

    /** The run as it is once the store answers. Nothing is held meanwhile; whoever took over by then is found by the epoch. */
    private RunRow afterOutage(UUID runId, Control control) {
        while (!Thread.currentThread().isInterrupted()) {
            Waits.sleep(engine.config().watchInterval());
            try {
                RunRow now = engine.runs().find(runId).orElseThrow(LeaseLost::new);
                control.update(RunSignals.of(now));
                control.requireLease();
                return now;
            } catch (CaretakerException e) {
                if (control.isStopping()) {
                    throw new LeaseLost();
                }
            }
        }
        throw new LeaseLost();
    }
}
