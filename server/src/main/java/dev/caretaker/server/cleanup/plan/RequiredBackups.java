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
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.store.TableName;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The backups that a plan and its policies require, of each table whose rows go or change: looked for when a plan is made, again when it
 * is executed, and once more when its run begins.
 */
@Singleton
class RequiredBackups {
    private final BackupGate gate;

    RequiredBackups(BackupGate gate) {
        this.gate = gate;
    }

    /**
     * The content with a blocking warning for each demand whose backup is missing.
     *
     * @param own demand of the plan itself
     */
    Planner.Content told(Planner.Content content, List<StoredPolicy> policies, Optional<BackupDemand> own) {
        Stream<PlanWarning> warnings = Stream.concat(
                policies.stream().map(StoredPolicy::policy).flatMap(policy -> told(policy, content.steps()).stream()),
                own.flatMap(demand -> told(demand, content.steps(), policies)).stream());
        return new Planner.Content(
                content.policies(),
                content.steps(),
                Stream.concat(content.warnings().stream(), warnings).toList(),
                content.total());
    }

    private Optional<PlanWarning> told(Policy policy, List<PlannedStep> steps) {
        return need(policy, steps)
                .flatMap(need -> gate.objectionNow(policy.target(), List.of(need))
                        .map(why -> warning(why, need.demand(), Optional.of(policy.table()), policy.name())));
    }

    private Optional<PlanWarning> told(BackupDemand demand, List<PlannedStep> steps, List<StoredPolicy> policies) {
        return policies.stream()
                .map(stored -> stored.policy().target())
                .findFirst()
                .flatMap(target -> gate.objectionNow(target, List.of(own(demand, steps))))
                .map(why -> warning(why, demand, Optional.empty(), ""));
    }

    /**
     * Fails unless each backup that the plan and its policies require is there now, whatever was when it was planned.
     *
     * @throws CaretakerException BACKUP_TOO_OLD
     */
    void require(Plan plan, Set<Code> overrides) {
        gate.objectionNow(plan.target(), needed(plan, overrides)).ifPresent(why -> {
            throw CaretakerException.of(
                    Reason.BACKUP_TOO_OLD,
                    "Plan " + plan.id() + " is blocked by " + Code.BACKUP_TOO_OLD + ": " + why,
                    Map.of("plan_id", plan.id().toString(), "warnings", Code.BACKUP_TOO_OLD.name()));
        });
    }

    /** Those without which its run does not begin; none if that was overridden. */
    static List<NeededBackup> needed(Plan plan, Set<Code> overrides) {
        if (overrides.contains(Code.BACKUP_TOO_OLD)) {
            return List.of();
        }
        return Stream.concat(
                        plan.policies().stream()
                                .map(planned -> planned.policy().policy())
                                .flatMap(policy -> need(policy, plan.steps()).stream()),
                        plan.backup().map(demand -> own(demand, plan.steps())).stream())
                .toList();
    }

    private static Optional<NeededBackup> need(Policy policy, List<PlannedStep> steps) {
        return policy.limits()
                .backup()
                .map(demand -> new NeededBackup("Policy " + policy.name(), tables(policy, steps), demand));
    }

    private static NeededBackup own(BackupDemand demand, List<PlannedStep> steps) {
        List<TableName> tables = Stream.concat(steps.stream().map(PlannedStep::table), cascades(steps.stream()))
                .distinct()
                .toList();
        return new NeededBackup("The plan", tables, demand);
    }

    /** Its own first, then those that foreign keys delete from, or change, when its steps delete. */
    private static List<TableName> tables(Policy policy, List<PlannedStep> steps) {
        Stream<PlannedStep> own = steps.stream().filter(step -> step.policy().equals(policy.name()));
        return Stream.concat(Stream.of(policy.table()), cascades(own))
                .distinct()
                .toList();
    }

    private static Stream<TableName> cascades(Stream<PlannedStep> steps) {
        return steps.map(PlannedStep::work)
                .filter(Work.RemoveRows.class::isInstance)
                .flatMap(work -> ((Work.RemoveRows) work).parameters().cascades().stream());
    }

    private static PlanWarning warning(String why, BackupDemand demand, Optional<TableName> table, String policy) {
        return new PlanWarning(
                Code.BACKUP_TOO_OLD,
                why + " If the plan is to be executed all the same, override " + Code.BACKUP_TOO_OLD + ".",
                true,
                table,
                policy,
                Map.of("within_seconds", Long.toString(demand.within().toSeconds())),
                "");
    }
}
