package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.store.DebtStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.LeaseStore;
import dev.caretaker.server.store.LeaseStore.Abandoned;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunStore;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a run that fails again and again before any of its steps can be worked on: its row cannot be read, or the engine
 * itself has a fault. Nothing of the run needs to be readable for that.
 */
@Singleton
final class RunAbandonment {
    private static final Logger LOG = LoggerFactory.getLogger(RunAbandonment.class);

    private final LeaseStore leases;
    private final RunStore runs;
    private final DebtStore debts;
    private final Clock clock;
    private final RunListeners listeners;

    RunAbandonment(LeaseStore leases, RunStore runs, DebtStore debts, Clock clock, RunListeners listeners) {
        this.leases = leases;
        this.runs = runs;
        this.debts = debts;
        this.clock = clock;
        this.listeners = listeners;
    }

    /**
     * Ends the run with outcome FAILED, and its open steps.
     *
     * @return false if it is worth trying again: a control store that is away comes back some day
     */
    boolean abandon(UUID runId, Throwable cause) {
        CaretakerException error = error(cause);
        if (error.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
            return false;
        }
        try {
            Instant now = clock.instant();
            Optional<RunError> shown = Optional.of(RunError.of(error));
            RunEvent finished = Views.finished(Outcome.FAILED, runs.shownSteps(List.of(runId)), shown, debts.of(runId));
            leases.abandon(
                            runId,
                            error.getMessage(),
                            shown.map(Json::write).orElseThrow(),
                            Events.record(finished, now))
                    .ifPresent(run -> tell(runId, run, finished, now));
            LOG.error("run {} was given up: nobody can work on it", runId, cause);
            return true;
        } catch (CaretakerException e) {
            LOG.warn("run {} cannot be worked on, and cannot be ended now: {}", runId, e.getMessage());
            return false;
        }
    }

    private void tell(UUID runId, Abandoned run, RunEvent finished, Instant now) {
        Arrays.stream(RunKind.values())
                .filter(kind -> kind.name().equals(run.kind()))
                .map(kind ->
                        new RunListener.Beginning(runId, kind, run.target(), now, Optional.empty(), Optional.empty()))
                .forEach(beginning -> listeners.begins(beginning).happened(finished));
    }

    private static CaretakerException error(Throwable cause) {
        return cause instanceof CaretakerException known
                ? known
                : CaretakerException.of(
                        Reason.INTERNAL,
                        "No server could work on the run: " + cause,
                        Map.of("exception", cause.getClass().getName()));
    }
}
