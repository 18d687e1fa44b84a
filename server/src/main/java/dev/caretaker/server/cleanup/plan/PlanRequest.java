package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.store.Actor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to plan.
 *
 * @param policies names of stored policies of one target; empty means all policies of {@code target}
 * @param target may be empty if {@code policies} is not
 * @param exact whether to count eligible rows instead of estimating them
 * @param countTimeout longest time one exact count may take; 30 s when empty, at most 1 h
 * @param probe whether to measure costs by a real delete of at most 200 rows a step that is rolled back
 * @param timeToLive how long the plan may be executed; 1 h when empty, at most 7 days
 * @param backup that every table must be in whose rows go or change, beside those that the policies require
 */
public record PlanRequest(
        List<String> policies,
        Optional<String> target,
        boolean exact,
        Optional<Duration> countTimeout,
        boolean probe,
        Optional<Duration> timeToLive,
        Optional<BackupDemand> backup,
        Actor actor) {

    /** One that demands no backup beside what its policies do. */
    public PlanRequest(
            List<String> policies,
            Optional<String> target,
            boolean exact,
            Optional<Duration> countTimeout,
            boolean probe,
            Optional<Duration> timeToLive,
            Actor actor) {
        this(policies, target, exact, countTimeout, probe, timeToLive, Optional.empty(), actor);
    }
}
