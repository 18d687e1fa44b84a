package dev.caretaker.server.routine;

import dev.caretaker.server.cleanup.plan.ExecuteRequest;
import dev.caretaker.server.cleanup.plan.Plan;
import dev.caretaker.server.cleanup.plan.PlanRequest;
import dev.caretaker.server.cleanup.plan.Plans;
import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.config.RoutineConfig.CancelQueries;
import dev.caretaker.server.detect.Detection;
import dev.caretaker.server.detect.Detector;
import dev.caretaker.server.detect.LongQueries;
import dev.caretaker.server.detect.LongQueries.LongQuery;
import dev.caretaker.server.detect.Severity;
import dev.caretaker.server.reindex.ReindexOrder;
import dev.caretaker.server.reindex.Reindexes;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.vacuum.VacuumOrder;
import dev.caretaker.server.vacuum.VacuumThresholds;
import dev.caretaker.server.vacuum.Vacuums;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Begins what a part of a routine asks of the other features. Repeatable: what was started once is found again. */
@Singleton
final class PartWork {
    private final Plans plans;
    private final Vacuums vacuums;
    private final Reindexes reindexes;
    private final LongQueries longQueries;
    private final Detector detector;
    private final Runs runs;

    PartWork(Plans plans, Vacuums vacuums, Reindexes reindexes, LongQueries longQueries, Detector detector, Runs runs) {
        this.plans = plans;
        this.vacuums = vacuums;
        this.reindexes = reindexes;
        this.longQueries = longQueries;
        this.detector = detector;
        this.runs = runs;
    }

    /** How far it came. */
    sealed interface Begun {
        /** A plan was made; it is executed next. */
        record Planned(UUID plan) implements Begun {}

        /** A run does it. */
        record Started(UUID run) implements Begun {}

        /** It is done. */
        record Finished(String summary) implements Begun {}

        /** There is nothing to do. */
        record Needless(String why) implements Begun {}
    }

    Begun begin(PartRequest request, StepContext context, PartMemory memory) {
        UUID child = childId(request, context);
        if (runs.find(child).isPresent()) {
            return new Begun.Started(child);
        }
        RoutineConfig.Vacuum limits = request.routine().vacuum();
        return switch (request.part()) {
            case VACUUM -> vacuum(child, vacuum(request, context, VacuumOptions.DEFAULT, false, usual(limits)));
            case FREEZE ->
                vacuum(
                        child,
                        vacuum(
                                request,
                                context,
                                VacuumOptions.DEFAULT.with(Verb.VACUUM, false),
                                false,
                                freezing(limits)));
            case STATISTICS ->
                vacuum(
                        child,
                        vacuum(
                                request,
                                context,
                                VacuumOptions.DEFAULT.with(Verb.ANALYZE, true),
                                true,
                                VacuumThresholds.DEFAULT));
            case REINDEX -> reindex(child, reindex(request, context));
            case CLEANUP -> cleanup(request, context, memory);
            case CANCEL_QUERIES ->
                cancelQueries(context.target(), request.routine().cancelQueries());
            case DETECT -> detect(context.target());
        };
    }

    private static UUID childId(PartRequest request, StepContext context) {
        String name = "part " + request.part() + " of routine run " + context.runId();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private Begun vacuum(UUID child, VacuumOrder order) {
        if (vacuums.select(order).isEmpty()) {
            return new Begun.Needless("Nothing to do: no table reaches a threshold.");
        }
        vacuums.start(child, order);
        return new Begun.Started(child);
    }

    private VacuumOrder vacuum(
            PartRequest request,
            StepContext context,
            VacuumOptions options,
            boolean every,
            VacuumThresholds thresholds) {
        return new VacuumOrder(
                context.target(),
                List.of(),
                every,
                thresholds,
                false,
                options,
                Optional.of(left(request, context)),
                window(request.routine()),
                OptionalLong.empty(),
                Optional.of(context.runId()),
                request.actor());
    }

    private static VacuumThresholds usual(RoutineConfig.Vacuum limits) {
        return new VacuumThresholds(
                OptionalDouble.of(limits.deadPercent()),
                OptionalLong.of(limits.minimumRows()),
                OptionalDouble.of(limits.changedPercent()),
                OptionalDouble.of(limits.forcedPercent()),
                OptionalDouble.of(limits.insertedPercent()));
    }

    private static VacuumThresholds freezing(RoutineConfig.Vacuum limits) {
        return new VacuumThresholds(
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(limits.freezePercent()),
                OptionalDouble.empty());
    }

    private Begun reindex(UUID child, ReindexOrder order) {
        if (reindexes.select(order).isEmpty()) {
            return new Begun.Needless("Nothing to do: no index is bloated enough.");
        }
        reindexes.start(child, order);
        return new Begun.Started(child);
    }

    private static ReindexOrder reindex(PartRequest request, StepContext context) {
        RoutineConfig.Reindex limits = request.routine().reindex();
        return new ReindexOrder(
                context.target(),
                List.of(),
                List.of(),
                limits.minimumPercent(),
                limits.minimumBytes(),
                false,
                limits.mostIndexes(),
                limits.coolDown(),
                Optional.of(left(request, context)),
                window(request.routine()),
                OptionalLong.empty(),
                Optional.of(context.runId()),
                request.actor());
    }

    private Begun cleanup(PartRequest request, StepContext context, PartMemory memory) {
        if (memory.planId().isEmpty()) {
            Plan plan = plans.plan(new PlanRequest(
                    List.of(request.policy().orElseThrow()),
                    Optional.of(context.target()),
                    false,
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    request.actor()));
            return plan.total().rows() == 0 ? new Begun.Needless("Nothing is due.") : new Begun.Planned(plan.id());
        }
        UUID planId = memory.planId().get();
        Optional<UUID> run = plans.get(planId).runId();
        return new Begun.Started(run.orElseGet(() -> plans.execute(new ExecuteRequest(
                        planId,
                        Optional.empty(),
                        Set.of(),
                        UnaryOperator.identity(),
                        Optional.of(left(request, context)),
                        Optional.of(context.runId()),
                        request.actor()))
                .id()));
    }

    private Begun cancelQueries(String target, CancelQueries settings) {
        List<LongQuery> found = longQueries.find(
                new LongQueries.Request(target, settings.olderThan(), settings.enabled(), List.of(), List.of()));
        if (found.isEmpty()) {
            return new Begun.Needless(
                    "No query runs longer than " + settings.olderThan().toSeconds() + " s.");
        }
        long cancelled = found.stream().filter(LongQuery::cancelled).count();
        String queries = Amounts.count(found.size(), "query runs", "queries run") + " longer than "
                + settings.olderThan().toSeconds() + " s; ";
        return new Begun.Finished(
                settings.enabled()
                        ? queries + cancelled + " cancelled."
                        : queries + "cancelling is not switched on (cancel-queries.enabled).");
    }

    private Begun detect(String target) {
        Detection detection = detector.detect(Detection.Request.everything(target));
        long critical = count(detection, Severity.CRITICAL);
        long warnings = count(detection, Severity.WARNING);
        return new Begun.Finished(
                Amounts.count(detection.findings().size(), "finding", "findings") + ": " + critical + " critical, "
                        + warnings + " warnings, from " + detection.checks().size() + " checks.");
    }

    private static long count(Detection detection, Severity severity) {
        return detection.findings().stream()
                .filter(finding -> finding.found().severity() == severity)
                .count();
    }

    /** Time that is left of the routine's; at least a second, for it has not ended yet. */
    private static Duration left(PartRequest request, StepContext context) {
        Duration left = Duration.between(context.clock().instant(), request.deadline());
        return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
    }

    static Optional<RunWindow> window(RoutineConfig routine) {
        return routine.window().map(window -> new RunWindow(window.start(), window.end(), window.zone()));
    }
}
