package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlannedPolicy;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.ControlStore;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a plan that nobody looks at removes about as much as usual: for each policy at most three times the median of its last
 * ten cleanups. With fewer than three there is no usual yet, and {@value #SMALL} rows are never too many.
 */
@Singleton
public final class UsualVolume {
    /** A plan that waits for a person waits over a weekend. */
    public static final Duration PLAN_LIFE = Duration.ofDays(7);

    private static final int FEWEST = 3;
    private static final int TIMES = 3;
    private static final long SMALL = 1_000;

    private final ControlStore store;

    UsualVolume(ControlStore store) {
        this.store = store;
    }

    /** Fails with UNUSUAL_VOLUME, and tells the plan. */
    public void require(Plan plan) {
        unusual(plan).ifPresent(refusal -> {
            throw refusal;
        });
    }

    /** The same of a plan that no fire of a schedule names: if it is unusual, it is noted that it waits for a person. */
    public Optional<CaretakerException> heldBack(Plan plan) {
        Optional<CaretakerException> refusal = unusual(plan);
        refusal.ifPresent(known -> store.update("plan_waits", known.metadata().get("policy"), plan.id()));
        return refusal;
    }

    /** What is unusual about a plan, one sentence for each policy that would remove too much. */
    public List<String> excesses(Plan plan) {
        return found(plan).map(Excess::sentence).toList();
    }

    /** UNUSUAL_VOLUME for the first policy that would remove too much; empty if none would. */
    private Optional<CaretakerException> unusual(Plan plan) {
        return found(plan)
                .findFirst()
                .map(excess -> CaretakerException.of(
                        Reason.UNUSUAL_VOLUME,
                        excess.sentence() + " If that is right, execute plan " + plan.id() + ".",
                        Map.of("plan_id", plan.id().toString(), "policy", excess.policy())));
    }

    private Stream<Excess> found(Plan plan) {
        return plan.policies().stream()
                .map(PlannedPolicy::policy)
                .map(stored -> stored.policy().name())
                .flatMap(policy -> excess(plan, policy).stream());
    }

    /**
     * A policy that would remove too much.
     *
     * @param cleanups of which the usual is the median
     */
    private record Excess(String policy, long rows, double usual, int cleanups) {
        String sentence() {
            return "Policy " + policy + " would remove " + Amounts.count(rows) + " rows, and usually removes "
                    + Amounts.count(Math.round(usual)) + " (median of the last " + cleanups + " cleanups).";
        }
    }

    private Optional<Excess> excess(Plan plan, String policy) {
        long rows = plan.steps().stream()
                .filter(step -> step.policy().equals(policy) && step.mechanism().isPresent())
                .map(PlannedStep::estimate)
                .mapToLong(estimate -> estimate.rows())
                .sum();
        if (rows <= SMALL) {
            return Optional.empty();
        }
        List<Long> before = store.list("usual_rows", row -> row.getLong("rows"), policy, plan.target());
        return before.size() < FEWEST || rows <= TIMES * median(before)
                ? Optional.empty()
                : Optional.of(new Excess(policy, rows, median(before), before.size()));
    }

    private static double median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
    }
}
