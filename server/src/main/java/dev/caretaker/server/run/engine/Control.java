package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.WorkingHours;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunSignals;
import dev.caretaker.server.store.Tuning;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What is asked of a run right now: fed by every journal entry and by a look at the control store several times a second,
 * read by the loop between batches and by the monitor during them.
 */
final class Control {
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    private final Clock clock;
    private final BooleanSupplier stopping;
    private final long epoch;
    private final TimeLimit limit;
    private final List<WorkingHours> hours;
    private final RowLimits rowLimits;
    private volatile RunSignals signals;

    Control(RunRow run, Clock clock, BooleanSupplier stopping) {
        this.clock = clock;
        this.stopping = stopping;
        this.epoch = run.epoch();
        this.limit = new TimeLimit(run);
        this.hours = Rows.hours(run);
        this.rowLimits = Json.read(run.rowLimits(), RowLimits.class);
        this.signals = RunSignals.of(run);
    }

    void update(RunSignals latest) {
        signals = latest;
    }

    Tuning tuning() {
        return signals.tuning();
    }

    /** Who asked for the latest change of the desired state, and why. */
    Optional<RunView.StateRequest> request() {
        return signals.request().map(json -> Json.read(json, RunView.StateRequest.class));
    }

    /** Whether its time stands still while it is paused: a hold has paused it. */
    boolean isFrozen() {
        return request().filter(RunView.StateRequest::frozen).isPresent();
    }

    Optional<Actor> actor() {
        return request().map(RunView.StateRequest::actor);
    }

    boolean isLost() {
        return signals.epoch() != epoch;
    }

    boolean isStopping() {
        return stopping.getAsBoolean();
    }

    /**
     * Rows that may still be deleted for a policy.
     *
     * @param deleted rows that the run deleted for it so far
     */
    long rowsLeft(String policy, long deleted) {
        return rowLimits.left(policy, deleted);
    }

    /**
     * Whether the run has to stop between two batches or statements.
     *
     * @throws LeaseLost if another server has taken over
     */
    Optional<Halt> atBoundary() {
        requireLease();
        Optional<Halt> ending = ending();
        if (ending.isPresent()) {
            return ending;
        }
        if (stopping.getAsBoolean()) {
            return Optional.of(Halt.SHUTDOWN);
        }
        if (signals.desired() == DesiredState.PAUSED) {
            return Optional.of(Halt.PAUSE);
        }
        return WorkingHours.areOpen(hours, clock.instant()) ? Optional.empty() : Optional.of(Halt.WINDOW);
    }

    /** Whether what runs now has to be broken off. */
    Optional<Halt> inFlight() {
        return ending();
    }

    void requireLease() {
        if (isLost()) {
            throw new LeaseLost();
        }
    }

    TimeLimit limit() {
        return limit;
    }

    /** When a run that waits should look again at the latest. */
    Instant notAfterDeadline(Instant at) {
        return limit.deadline().filter(end -> end.isBefore(at)).orElse(at);
    }

    /** A run whose windows never open together is not accepted; by other rules of its zone it looks again. */
    Instant nextOpening() {
        Instant now = clock.instant();
        return WorkingHours.nextOpening(hours, now).orElseGet(() -> now.plus(LOOK_AGAIN));
    }

    /** Which windows it waits for and until when, as a clause. */
    String closed() {
        return WorkingHours.closed(hours, clock.instant());
    }

    /** The window at whose end the run ends. */
    Optional<RunWindow> stopped() {
        return WorkingHours.stopped(hours, clock.instant());
    }

    private Optional<Halt> ending() {
        if (signals.desired() == DesiredState.CANCELLED) {
            return Optional.of(Halt.CANCEL);
        }
        if (limit.isUp(clock.instant())) {
            return Optional.of(Halt.DEADLINE);
        }
        return stopped().isPresent() ? Optional.of(Halt.CLOSED) : Optional.empty();
    }
}
