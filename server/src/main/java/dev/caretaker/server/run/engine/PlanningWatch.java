package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Looks now and then how long the server plans a batch's statements, and tells once if that takes a good part of the batch.
 * Planning is cheap, unless the planner reads much: the dead end of an index, large statistics, many partitions.
 */
final class PlanningWatch {
    /** Share of a batch's time from which planning is told. */
    static final double TOLD_SHARE = 0.25;

    /** A step that is over sooner is not worth the look. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    /** A look takes as long as the planning that it measures: so small a share of the time goes into looking. */
    private static final int RARITY = 50;
    /** Planning of less is nothing to tell, however short the batch. */
    private static final Duration LEAST = Duration.ofMillis(2);

    private final StepScope scope;
    private long next = System.nanoTime() + FIRST.toNanos();
    private boolean told;

    PlanningWatch(StepScope scope) {
        this.scope = scope;
    }

    /** Measures the planning of the batch that was just worked, in its transaction; empty if it is not yet time. */
    Optional<Duration> look(BatchStep<?> step, Session session) throws SQLException {
        if (System.nanoTime() - next < 0) {
            return Optional.empty();
        }
        Duration planning = step.planning(session);
        Duration rare = planning.multipliedBy(RARITY);
        next = System.nanoTime() + (rare.compareTo(INTERVAL) > 0 ? rare : INTERVAL).toNanos();
        return Optional.of(planning);
    }

    /** What was measured, beside the time that the batch took. */
    void measured(Duration planning, Duration work) {
        double share = (double) planning.toNanos() / Math.max(1, work.toNanos());
        if (told || share < TOLD_SHARE || planning.compareTo(LEAST) < 0) {
            return;
        }
        told = true;
        String milliseconds = String.format(Locale.ROOT, "%.0f", planning.toNanos() / 1e6);
        scope.warn(
                "PLANNING_TAKES_LONG",
                "The server takes " + milliseconds + " ms to plan the statements of a batch, of the " + work.toMillis()
                        + " ms that the batch takes. Batches are made large enough to pay for that. A VACUUM of the table,"
                        + " which removes dead entries from the ends of its indexes, often helps.",
                Map.of(
                        "planning_ms", milliseconds,
                        "batch_ms", Long.toString(work.toMillis()),
                        "share", String.format(Locale.ROOT, "%.2f", share)));
    }
}
