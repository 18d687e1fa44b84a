package dev.caretaker.server.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times in sentences for people. */
public final class Moments {
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    private Moments() {}

    /** To the second: 2026-05-02T20:00:00Z. */
    public static Instant second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A span that somebody has chosen, in the largest unit that tells it exactly: 7 days, 26 h, 90 min, 45 s. */
    public static String span(Duration span) {
        long seconds = span.toSeconds();
        if (seconds % DAY == 0 && seconds > DAY) {
            return seconds / DAY + " days";
        }
        if (seconds % HOUR == 0) {
            return seconds / HOUR + " h";
        }
        return seconds % MINUTE == 0 ? seconds / MINUTE + " min" : seconds + " s";
    }
}
