package dev.caretaker.server.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long everything is kept that the control store does not need for ever, under {@code caretaker.retention}.
 *
 * @param spans of each
 */
public record RetentionConfig(Map<Kept, Duration> spans) {
    /** Nothing but defaults. */
    public static final RetentionConfig DEFAULT =
            new RetentionConfig(Arrays.stream(Kept.values()).collect(Collectors.toMap(kept -> kept, Kept::usual)));

    /** How long it is kept. */
    public Duration span(Kept kept) {
        return spans.getOrDefault(kept, kept.usual());
    }

    /** Its keys below {@code caretaker}. */
    static Set<String> keys() {
        return Arrays.stream(Kept.values()).map(kept -> kept.key).collect(Collectors.toUnmodifiableSet());
    }

    /** What is kept for a time. */
    public enum Kept {
        /** Progress of runs, among their events. */
        PROGRESS(7),
        /** Runs that have ended, with their steps and events. */
        RUNS(90),
        /** What runs left at targets, once it is settled. */
        DEBTS(90),
        /** What became of the times at which schedules were due. Thirteen months: the same time last year can still be told. */
        FIRES(400),
        /** Holds that have ended. */
        HOLDS(400),
        /** Notifications with their deliveries. */
        NOTIFICATIONS(30),
        /** Findings that are gone, and mutes that have expired. */
        FINDINGS(90),
        /** The latest figures of what is no longer measured. */
        MEASUREMENTS(90),
        /** Notes of detections on the sizes of tables. */
        TABLE_SIZES(35),
        /** Samples of the growth history. */
        SAMPLES(400),
        /** Plans that expired and that no run executed. */
        PLANS(7),
        /** Answers to requests, by which the same request is not done twice. */
        REQUESTS(7),
        /** Who did what. */
        AUDIT(400),
        /** Partitions that were detached, once they have been dropped or attached again. */
        RETIRED_PARTITIONS(400),
        /** Archives that were deleted, or into which no row came. */
        ARCHIVES(400),
        /** Backups that were deleted or failed, and earlier ones that were recorded by hand. */
        BACKUPS(400),
        /** Conversions that were taken back. */
        CONVERSIONS(400),
        /** When an index was last rebuilt, and how large it was. */
        INDEX_REBUILDS(400);

        private final Duration usual;
        private final String key;

        Kept(int days) {
            this.usual = Duration.ofDays(days);
            this.key = "retention." + text();
        }

        /** Its name in the configuration: table-sizes. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        public Duration usual() {
            return usual;
        }
    }
}
