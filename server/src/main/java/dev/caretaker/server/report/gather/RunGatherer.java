package dev.caretaker.server.report.gather;

import dev.caretaker.server.cleanup.plan.Plans;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlan;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlans;
import dev.caretaker.server.partition.upkeep.plan.UpkeepWarning;
import dev.caretaker.server.report.RunReport;
import dev.caretaker.server.report.RunReport.Cutoff;
import dev.caretaker.server.report.RunReport.Happened;
import dev.caretaker.server.report.RunReport.Plan;
import dev.caretaker.server.report.observe.Observations;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.ReportRows.EventLine;
import dev.caretaker.server.store.ReportStore;
import dev.caretaker.server.store.ReportStore.Some;
import dev.caretaker.server.store.RunKind;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Gathers what is told of one run. */
@Singleton
public final class RunGatherer {
    private static final int MOST_STEPS = 100;
    private static final int MOST_EVENTS = 100;
    private static final int MOST_CHILDREN = 50;
    private static final int MOST_CUTOFFS = 100;
    private static final int MOST_WARNINGS = 50;

    private final Runs runs;
    private final ReportStore store;
    private final Plans plans;
    private final UpkeepPlans upkeep;
    private final Observations observations;
    private final Clock clock;

    RunGatherer(Runs runs, ReportStore store, Plans plans, UpkeepPlans upkeep, Observations observations, Clock clock) {
        this.runs = runs;
        this.store = store;
        this.plans = plans;
        this.upkeep = upkeep;
        this.observations = observations;
        this.clock = clock;
    }

    /** Fails with RUN_NOT_FOUND. */
    public RunReport gather(UUID runId) {
        RunView run = runs.get(runId);
        Instant look = run.ended().orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.MICROS));
        Some<EventLine> events = store.events(runId, MOST_EVENTS);
        return new RunReport(
                look,
                run.upTo(MOST_STEPS),
                Math.max(0, run.steps().size() - MOST_STEPS),
                Math.max(0, run.tables().size() - MOST_STEPS),
                run.planId().flatMap(plan -> plan(run.kind(), plan)),
                store.times(runId, look),
                store.throttles(runId),
                new Some<>(events.first().stream().map(RunGatherer::happened).toList(), events.number()),
                store.children(runId, MOST_CHILDREN),
                observations.of(runId));
    }

    private static Happened happened(EventLine line) {
        return new Happened(line.sequence(), line.at(), Json.read(line.body(), RunEvent.class));
    }

    /** Empty if it is no longer kept. */
    private Optional<Plan> plan(RunKind kind, UUID id) {
        try {
            return kind == RunKind.UPKEEP
                    ? Optional.of(ofUpkeep(upkeep.get(id)))
                    : Optional.of(ofCleanup(plans.get(id)));
        } catch (CaretakerException e) {
            if (e.reason() == Reason.PLAN_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Plan ofCleanup(dev.caretaker.server.cleanup.plan.kept.Plan plan) {
        List<Cutoff> cutoffs = plan.policies().stream()
                .limit(MOST_CUTOFFS)
                .map(planned -> new Cutoff(
                        planned.policy().policy().name(),
                        planned.policy().policy().table(),
                        planned.cutoff()))
                .toList();
        return new Plan(
                plan.id(),
                plan.created(),
                plan.createdBy(),
                Optional.of(plan.total()),
                cutoffs,
                plan.warnings().stream()
                        .map(PlanWarning::message)
                        .limit(MOST_WARNINGS)
                        .toList(),
                plan.steps().size());
    }

    private static Plan ofUpkeep(UpkeepPlan plan) {
        return new Plan(
                plan.id(),
                plan.created(),
                plan.createdBy(),
                Optional.empty(),
                List.of(),
                plan.warnings().stream()
                        .map(UpkeepWarning::message)
                        .limit(MOST_WARNINGS)
                        .toList(),
                plan.actions().size());
    }
}
