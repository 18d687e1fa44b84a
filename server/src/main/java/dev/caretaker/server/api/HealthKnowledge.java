package dev.caretaker.server.api;

import dev.caretaker.server.report.HealthOpinion;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthReason;
import dev.caretaker.v1.HealthVerdict;
import jakarta.inject.Singleton;
import java.util.List;

/** Tells reports how a target is. */
@Singleton
final class HealthKnowledge implements HealthOpinion {
    private static final int MOST_REASONS = 20;

    private final Targets targets;
    private final TargetHealth health;

    HealthKnowledge(Targets targets, TargetHealth health) {
        this.targets = targets;
        this.health = health;
    }

    @Override
    public Opinion of(String target) {
        Health now = health.of(targets.get(target));
        List<Reason> reasons = now.getReasonsList().stream()
                .limit(MOST_REASONS)
                .map(HealthKnowledge::reason)
                .toList();
        return new Opinion(verdict(now.getVerdict()), reasons, now.getReasonsCount() - reasons.size());
    }

    private static Reason reason(HealthReason reason) {
        return new Reason(verdict(reason.getVerdict()), reason.getCode().name(), reason.getMessage(), reason.getId());
    }

    private static Verdict verdict(HealthVerdict verdict) {
        return switch (verdict) {
            case HEALTH_VERDICT_GOOD -> Verdict.GOOD;
            case HEALTH_VERDICT_ATTENTION -> Verdict.ATTENTION;
            case HEALTH_VERDICT_CRITICAL -> Verdict.CRITICAL;
            case HEALTH_VERDICT_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("no such verdict: " + verdict);
        };
    }
}
