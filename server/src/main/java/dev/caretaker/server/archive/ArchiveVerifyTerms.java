package dev.caretaker.server.archive;

import java.time.Duration;
import java.util.List;

/**
 * Which archives of a target are verified again and again.
 *
 * @param policies names of policies or partition sets; none: all
 * @param within how long ago one may have been verified, at this level or a deeper one
 * @param most how many at a time, the newest first
 */
public record ArchiveVerifyTerms(List<String> policies, Duration within, int most, VerifyLevel level) {
    public static final Duration USUAL_WITHIN = Duration.ofDays(30);
    public static final Duration SHORTEST = Duration.ofHours(1);
    public static final Duration LONGEST = Duration.ofDays(36_600);
    public static final int USUAL_MOST = 100;
    public static final int LARGEST_MOST = 10_000;
}
