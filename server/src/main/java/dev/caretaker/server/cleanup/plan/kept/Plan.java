package dev.caretaker.server.cleanup.plan.kept;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.store.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A costed, dry, expiring description of a cleanup. It runs as planned or not at all.
 *
 * @param etag fingerprint of the plan's content
 * @param steps in the order in which they would run
 * @param total sums over the steps
 * @param expires after this instant it is no longer executed
 * @param backup that it demands of itself, beside those that its policies require
 * @param runId run that executed it, if any: a plan is executed at most once
 */
public record Plan(
        UUID id,
        String etag,
        String target,
        List<PlannedPolicy> policies,
        List<PlannedStep> steps,
        List<PlanWarning> warnings,
        Estimate total,
        Instant created,
        Instant expires,
        Actor createdBy,
        Optional<BackupDemand> backup,
        Optional<UUID> runId) {

    public Plan {
        backup = Objects.requireNonNullElse(backup, Optional.empty()); // plans of earlier versions say nothing of it
    }

    public Plan executedBy(Optional<UUID> run) {
        return new Plan(id, etag, target, policies, steps, warnings, total, created, expires, createdBy, backup, run);
    }

    /** Whether a warning stands in the way of execution. */
    @JsonIgnore
    public boolean blocked() {
        return warnings.stream().anyMatch(PlanWarning::blocking);
    }
}
