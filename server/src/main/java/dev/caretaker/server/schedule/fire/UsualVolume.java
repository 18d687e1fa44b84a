package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlannedPolicy;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.ControlStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * Whether a plan removes about as much as usual: for each policy at most three times the median of its last ten cleanups.
 * With fewer than three there is no usual yet, and {@value #SMALL} rows are never too many.
 */
@Singleton
final class UsualVolume {
    private static final int FEWEST = 3;
    private static final int TIMES = 3;
    private static final long SMALL = 1_000;

    private final ControlStore store;

    UsualVolume(ControlStore store) {
        this.store = store;
    }

    /** Fails with UNUSUAL_VOLUME, and tells the plan. */
    void require(Plan plan) {
        for (PlannedPolicy planned : plan.policies()) {
            String policy = planned.policy().policy().name();
            long rows = plan.steps().stream()
                    .filter(step ->
                            step.policy().equals(policy) && step.mechanism().isPresent())
                    .map(PlannedStep::estimate)
                    .mapToLong(estimate -> estimate.rows())
                    .sum();
            List<Long> before = store.list("usual_rows", row -> row.getLong("rows"), policy, plan.target());
            if (rows > SMALL && before.size() >= FEWEST && rows > TIMES * median(before)) {
                throw CaretakerException.of(
                        Reason.UNUSUAL_VOLUME,
                        "Policy " + policy + " would remove " + Amounts.count(rows) + " rows, and usually removes "
                                + Amounts.count(Math.round(median(before))) + " (median of the last " + before.size()
                                + " cleanups). If that is right, execute plan " + plan.id() + ".",
                        Map.of("plan_id", plan.id().toString(), "policy", policy));
            }
        }
    }

    private static double median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
    }
}
