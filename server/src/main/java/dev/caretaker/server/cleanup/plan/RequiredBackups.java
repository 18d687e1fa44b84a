package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.store.TableName;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The backups that policies require, of each table whose rows go or change: looked for when a plan is made, and again when it is
 * executed.
 */
@Singleton
class RequiredBackups {
    private final BackupGate gate;

    RequiredBackups(BackupGate gate) {
        this.gate = gate;
    }

    /** The content with a blocking warning for each policy whose backup is missing. */
    Planner.Content told(Planner.Content content, List<StoredPolicy> policies) {
        List<PlanWarning> warnings = policies.stream()
                .map(StoredPolicy::policy)
                .flatMap(policy -> objection(policy, content.steps()).map(why -> warning(policy, why)).stream())
                .toList();
        return new Planner.Content(
                content.policies(),
                content.steps(),
                Stream.concat(content.warnings().stream(), warnings.stream()).toList(),
                content.total());
    }

    /**
     * Fails unless each backup that the plan's policies require is there now, whatever was when it was planned.
     *
     * @throws CaretakerException BACKUP_TOO_OLD
     */
    void require(Plan plan, Set<Code> overrides) {
        if (overrides.contains(Code.BACKUP_TOO_OLD)) {
            return;
        }
        plan.policies().stream()
                .map(planned -> planned.policy().policy())
                .flatMap(policy -> objection(policy, plan.steps()).stream())
                .findFirst()
                .ifPresent(why -> {
                    throw CaretakerException.of(
                            Reason.BACKUP_TOO_OLD,
                            "Plan " + plan.id() + " is blocked by " + Code.BACKUP_TOO_OLD + ": " + why,
                            Map.of("plan_id", plan.id().toString(), "warnings", Code.BACKUP_TOO_OLD.name()));
                });
    }

    private Optional<String> objection(Policy policy, List<PlannedStep> steps) {
        return policy.limits()
                .backup()
                .flatMap(demand -> gate.objection(policy.target(), tables(policy, steps), demand))
                .map(why -> "Policy " + policy.name() + ": " + why);
    }

    /** Its own first, then those that foreign keys delete from, or change, when its steps delete. */
    private static List<TableName> tables(Policy policy, List<PlannedStep> steps) {
        Stream<TableName> cascades = steps.stream()
                .filter(step -> step.policy().equals(policy.name()))
                .map(PlannedStep::work)
                .filter(Work.RemoveRows.class::isInstance)
                .flatMap(work -> ((Work.RemoveRows) work).parameters().cascades().stream());
        return Stream.concat(Stream.of(policy.table()), cascades).distinct().toList();
    }

    private static PlanWarning warning(Policy policy, String why) {
        TableName table = policy.table();
        return new PlanWarning(
                Code.BACKUP_TOO_OLD,
                why + " If the plan is to be executed all the same, override " + Code.BACKUP_TOO_OLD + ".",
                true,
                Optional.of(table),
                policy.name(),
                Map.of(
                        "within_seconds",
                        Long.toString(
                                policy.limits().backup().orElseThrow().within().toSeconds())),
                "");
    }
}
