package dev.caretaker.server.target;

import java.time.Duration;

/** What a connection is for, and how long it may be waited for. */
enum PlaceUse {
    /** Work of its own; waits for its turn. */
    WORK(Duration.ofSeconds(60)),
    /** A short question, or watching; waits for its turn. */
    SHORT(Duration.ofSeconds(60)),
    /** Watches work: better blind for a second than held up. */
    WATCH(Duration.ofSeconds(2)),
    /** Helps a session that works: not at the cost of anybody else. */
    SPARE(Duration.ZERO);

    private final Duration patience;

    PlaceUse(Duration patience) {
        this.patience = patience;
    }

    /** When whoever asks now gives up, by System.nanoTime. */
    long giveUp() {
        return System.nanoTime() + patience.toNanos();
    }
}
