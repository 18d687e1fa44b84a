package dev.caretaker.server.notify;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait between attempts: 5 s, 25 s, 2 min, 10 min, 1 h, 4 h, 12 h and then it is over, if nothing else is
 * configured; each up to a fifth longer or shorter, so that many do not come back at once.
 *
 * @param first wait after the first attempt
 * @param attempts after so many it is over
 */
record Backoff(Duration first, int attempts) {
    private static final int GROWTH = 5;
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final double JITTER = 0.2;

    boolean isOver(int attempt) {
        return attempt >= attempts;
    }

    Duration after(int attempt) {
        Duration wait = first;
        for (int i = 1; i < attempt && wait.compareTo(LONGEST) < 0; i++) {
            wait = wait.multipliedBy(GROWTH);
        }
        wait = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
        double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofMillis(Math.round(wait.toMillis() * factor));
    }
}
