package dev.caretaker.server.reindex;

import java.time.Duration;

/**
 * What of bloat is worth a rebuild, and how much of it at a time.
 *
 * @param minimumPercent smallest bloat, as a share of the index
 * @param minimumBytes smallest bloat
 * @param mostIndexes most indexes in one run, of those that are not named
 * @param coolDown an index rebuilt more recently is left alone
 */
public record Worth(double minimumPercent, long minimumBytes, int mostIndexes, Duration coolDown) {
    public static final Worth USUAL = new Worth(30, 100L * 1024 * 1024, 10, Duration.ofDays(10));
}
