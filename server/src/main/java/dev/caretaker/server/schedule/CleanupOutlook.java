package dev.caretaker.server.schedule;

import dev.caretaker.server.cleanup.plan.PlanRequest;
import dev.caretaker.server.cleanup.plan.Plans;
import dev.caretaker.server.cleanup.plan.UsualVolume;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Category;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says whether a cleanup that starts by itself would be executed if it were due now: plans it, and keeps no plan. */
@Singleton
final class CleanupOutlook {
    /** Nobody waits for long for exact counts here. */
    private static final Duration COUNTING = Duration.ofSeconds(5);

    private final Plans plans;
    private final UsualVolume usual;

    CleanupOutlook(Plans plans, UsualVolume usual) {
        this.plans = plans;
        this.usual = usual;
    }

    /** What would become of it. */
    sealed interface Verdict {
        /** Nothing stands in its way. */
        record Goes() implements Verdict {}

        /** It would be refused, and a person asked where {@code why} says so. */
        record Refused(String why) implements Verdict {}

        /** The target does not answer now. */
        record Unknown(String why) implements Verdict {}
    }

    /** Fails with CONTROL_STORE_UNREACHABLE. */
    Verdict of(String target, List<String> policies) {
        try {
            return judged(plans.draft(new PlanRequest(
                    policies,
                    Optional.of(target),
                    false,
                    Optional.of(COUNTING),
                    false,
                    Optional.empty(),
                    Actor.ENGINE)));
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e;
            }
            return e.reason().category() == Category.UNAVAILABLE
                    ? new Verdict.Unknown(e.getMessage())
                    : new Verdict.Refused(e.getMessage());
        }
    }

    private Verdict judged(Plan plan) {
        List<String> excesses = usual.excesses(plan);
        if (!excesses.isEmpty()) {
            return new Verdict.Refused(
                    "It would wait for a person, since it removes far more than usual. " + String.join(" ", excesses));
        }
        String blocking = plan.warnings().stream()
                .filter(PlanWarning::blocking)
                .map(PlanWarning::message)
                .collect(Collectors.joining(" "));
        return blocking.isEmpty() ? new Verdict.Goes() : new Verdict.Refused("Its plan would be blocked. " + blocking);
    }
}
