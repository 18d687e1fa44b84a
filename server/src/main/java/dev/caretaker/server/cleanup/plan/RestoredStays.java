package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.archive.restore.RestoredRows;
import dev.caretaker.server.archive.restore.RestoredRows.Stay;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedPolicy;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Moments;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Rows that were brought back stay for a while: no plan reaches them. One look for all policies of a plan. */
final class RestoredStays {
    private final RestoredRows rows;
    private final Map<String, Optional<Stay>> known = new HashMap<>();

    RestoredStays(RestoredRows rows) {
        this.rows = rows;
    }

    private Optional<Stay> of(Policy policy) {
        return known.computeIfAbsent(policy.name(), _ -> rows.of(policy.target(), policy.table()));
    }

    /** That of its retention, or an earlier one. */
    Instant cutoff(Policy policy, Instant now) {
        Instant cutoff = policy.retention().cutoff(now);
        return of(policy).map(stay -> stay.cutoff(cutoff)).orElse(cutoff);
    }

    /** The content with a warning for each policy that reaches less far. */
    Planner.Content told(Planner.Content content, Instant now) {
        List<PlanWarning> warnings = content.policies().stream()
                .map(planned -> planned.policy().policy())
                .map(policy -> of(policy)
                        .filter(stay -> stay.from().isBefore(policy.retention().cutoff(now)))
                        .map(stay -> warning(policy, stay))
                        .orElse(null))
                .filter(Objects::nonNull)
                .toList();
        return new Planner.Content(
                content.policies(),
                content.steps(),
                Stream.concat(content.warnings().stream(), warnings.stream()).toList(),
                content.total());
    }

    private static PlanWarning warning(Policy policy, Stay stay) {
        return new PlanWarning(
                Code.RESTORED_ROWS,
                "Rows of " + policy.table() + " from " + Moments.second(stay.from()) + " on stay " + stay.because()
                        + "; the cutoff is " + Moments.second(stay.from()) + ".",
                false,
                Optional.of(policy.table()),
                policy.name(),
                Map.of(
                        "archive", stay.archive().toString(),
                        "from", stay.from().toString(),
                        "until", stay.until().toString()),
                "");
    }

    /** Fails with PLAN_DRIFTED if the plan reaches rows that were brought back since. */
    void requireNone(Plan plan) {
        for (PlannedPolicy planned : plan.policies()) {
            Policy policy = planned.policy().policy();
            of(policy).filter(stay -> stay.from().isBefore(planned.cutoff())).ifPresent(stay -> {
                throw CaretakerException.of(
                        Reason.PLAN_DRIFTED,
                        "Plan " + plan.id() + " cannot be executed any more: rows of " + policy.table() + " from "
                                + Moments.second(stay.from()) + " on stay " + stay.because() + ".",
                        Map.of("plan_id", plan.id().toString()));
            });
        }
    }
}
