package dev.caretaker.server.run.engine;

import dev.caretaker.server.store.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a run may take. Its time counts from when it first works and stands still while it waits for its window: else a
 * run that is accepted in the afternoon would be over before its night begins. So it does while a hold freezes the run or the
 * one that it waits for: who sets a hold for the evening does not choose which runs it ends. It counts while the run waits for
 * anything else, or somebody has paused it.
 */
final class TimeLimit {
    private Optional<Duration> left;
    private volatile Optional<Instant> deadline;

    TimeLimit(RunRow run) {
        this.left = run.timeLeft();
        this.deadline = run.deadline();
    }

    /**
     * Counts from now on, if there is a limit and it does not count yet. Written with what is written next: whoever takes over
     * before that finds that nothing was done, and begins to count anew.
     */
    void start(Instant now, Lease lease) {
        if (left.isPresent()) {
            Optional<Instant> end = Optional.of(now.plus(left.get()));
            lease.withNext(() -> lease.deadline(Optional.empty(), end));
            deadline = end;
            left = Optional.empty();
        }
    }

    /** Stands still from now on, if there is a limit. */
    void stop(Instant now, Lease lease) {
        if (deadline.isPresent()) {
            Duration rest = Duration.between(now, deadline.get());
            Optional<Duration> kept = Optional.of(rest.isNegative() ? Duration.ZERO : rest);
            lease.deadline(kept, Optional.empty());
            left = kept;
            deadline = Optional.empty();
        }
    }

    /** When it is up; empty while it does not count, or if there is none. */
    Optional<Instant> deadline() {
        return deadline;
    }

    boolean isUp(Instant now) {
        return deadline.filter(end -> !now.isBefore(end)).isPresent();
    }
}
