package dev.caretaker.server.routine;

import dev.caretaker.server.cleanup.plan.ExecuteRequest;
import dev.caretaker.server.cleanup.plan.PlanRequest;
import dev.caretaker.server.cleanup.plan.UsualVolume;
import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlans;
import dev.caretaker.server.reindex.ReindexOrder;
import dev.caretaker.server.reindex.Worth;
import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.vacuum.TableChoice;
import dev.caretaker.server.vacuum.VacuumOrder;
import dev.caretaker.server.vacuum.VacuumThresholds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What a part of a routine orders of the other features: as it is configured, for the time that is left. */
record PartOrders(PartRequest request, StepContext context) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    VacuumOrder vacuum() {
        RoutineConfig.Vacuum limits = request.routine().vacuum();
        VacuumThresholds thresholds = new VacuumThresholds(
                OptionalDouble.of(limits.deadPercent()),
                OptionalLong.of(limits.minimumRows()),
                OptionalDouble.of(limits.changedPercent()),
                OptionalDouble.of(limits.forcedPercent()),
                OptionalDouble.of(limits.insertedPercent()));
        return vacuum(VacuumOptions.DEFAULT, TableChoice.by(thresholds));
    }

    /** VACUUM of what is old, and nothing else. */
    VacuumOrder freeze() {
        VacuumThresholds thresholds = new VacuumThresholds(
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(request.routine().vacuum().freezePercent()),
                OptionalDouble.empty());
        return vacuum(VacuumOptions.DEFAULT.with(Verb.VACUUM, false), TableChoice.by(thresholds));
    }

    /** ANALYZE of every table. */
    VacuumOrder statistics() {
        return vacuum(VacuumOptions.DEFAULT.with(Verb.ANALYZE, true), TableChoice.all());
    }

    private VacuumOrder vacuum(VacuumOptions options, TableChoice tables) {
        return new VacuumOrder(context.target(), tables, options, terms());
    }

    ReindexOrder reindex() {
        RoutineConfig.Reindex limits = request.routine().reindex();
        return new ReindexOrder(
                context.target(),
                List.of(),
                List.of(),
                new Worth(limits.minimumPercent(), limits.minimumBytes(), limits.mostIndexes(), limits.coolDown()),
                false,
                OptionalLong.empty(),
                terms());
    }

    private RunTerms terms() {
        return RunTerms.of(request.actor(), left()).partOf(context.runId());
    }

    UpkeepPlans.PlanRequest upkeep() {
        return new UpkeepPlans.PlanRequest(Optional.of(context.target()), List.of(), Optional.empty(), request.actor());
    }

    UpkeepPlans.ExecuteRequest upkeepExecution(UUID planId) {
        return new UpkeepPlans.ExecuteRequest(
                planId, Optional.empty(), left(), Optional.of(context.runId()), request.actor());
    }

    PlanRequest plan() {
        return new PlanRequest(
                List.of(request.policy().orElseThrow()),
                Optional.of(context.target()),
                false,
                Optional.empty(),
                false,
                Optional.of(UsualVolume.PLAN_LIFE),
                request.actor());
    }

    ExecuteRequest execution(UUID planId) {
        return new ExecuteRequest(
                planId,
                Optional.empty(),
                Set.of(),
                UnaryOperator.identity(),
                left(),
                request.ignoreWindow(),
                Optional.of(context.runId()),
                request.actor());
    }

    /** Time that is left of the routine's; at least a second, for it has not ended yet. */
    Optional<Duration> left() {
        return context.deadline()
                .map(deadline -> Duration.between(context.clock().instant(), deadline))
                .map(left -> left.compareTo(SHORTEST) < 0 ? SHORTEST : left);
    }

    static Optional<RunWindow> window(RoutineConfig routine) {
        return routine.window().map(window -> new RunWindow(window.start(), window.end(), window.zone()));
    }
}
