package dev.caretaker.server.run.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and how soon to try again. The wait doubles each time up to {@link #LONGEST} and is spread by ±50 %, so that two
 * that collided do not collide again.
 */
final class Retries {
    static final Duration LONGEST = Duration.ofSeconds(5);

    private final int most;
    private final Duration first;
    private int failures;

    Retries(int most, Duration first) {
        this.most = most;
        this.first = first;
    }

    int failures() {
        return failures;
    }

    /** It worked: the next failure is a first one. */
    void reset() {
        failures = 0;
    }

    /** How long to wait before the next try; empty if it failed too often in a row. */
    Optional<Duration> next() {
        if (failures >= most) {
            return Optional.empty();
        }
        return Optional.of(wait(first, failures++));
    }

    /**
     * How long to wait before the next try.
     *
     * @param failures in a row before the one that was just met
     */
    static Duration wait(Duration first, int failures) {
        long doubled = first.toMillis() << Math.min(failures, 20);
        double spread = ThreadLocalRandom.current().nextDouble(0.5, 1.5);
        return Duration.ofMillis((long) (Math.min(doubled, LONGEST.toMillis()) * spread));
    }
}
