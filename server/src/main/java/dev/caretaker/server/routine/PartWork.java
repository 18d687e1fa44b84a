package dev.caretaker.server.routine;

import dev.caretaker.server.cleanup.plan.Plans;
import dev.caretaker.server.cleanup.plan.UsualVolume;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.config.RoutineConfig.CancelQueries;
import dev.caretaker.server.config.RoutineConfig.Part;
import dev.caretaker.server.detect.Detection;
import dev.caretaker.server.detect.Detector;
import dev.caretaker.server.detect.LongQueries;
import dev.caretaker.server.detect.LongQueries.LongQuery;
import dev.caretaker.server.detect.Severity;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlan;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlans;
import dev.caretaker.server.reindex.ReindexOrder;
import dev.caretaker.server.reindex.Reindexes;
import dev.caretaker.server.report.file.WrittenReports;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.vacuum.VacuumOrder;
import dev.caretaker.server.vacuum.Vacuums;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Begins what a part of a routine asks of the other features. Repeatable: what was started once is found again. */
@Singleton
final class PartWork {
    private final Policies policies;
    private final Plans plans;
    private final UpkeepPlans upkeep;
    private final Vacuums vacuums;
    private final Reindexes reindexes;
    private final LongQueries longQueries;
    private final Detector detector;
    private final HoldStore holds;
    private final WrittenReports reports;
    private final BackupParts backups;
    private final ArchiveParts archives;
    private final UsualVolume usual;
    private final Runs runs;

    PartWork(
            Policies policies,
            Plans plans,
            UpkeepPlans upkeep,
            Vacuums vacuums,
            Reindexes reindexes,
            LongQueries longQueries,
            Detector detector,
            HoldStore holds,
            WrittenReports reports,
            BackupParts backups,
            ArchiveParts archives,
            UsualVolume usual,
            Runs runs) {
        this.policies = policies;
        this.plans = plans;
        this.upkeep = upkeep;
        this.vacuums = vacuums;
        this.reindexes = reindexes;
        this.longQueries = longQueries;
        this.detector = detector;
        this.holds = holds;
        this.reports = reports;
        this.backups = backups;
        this.archives = archives;
        this.usual = usual;
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

        /** A person is to decide whether it is done. */
        record Waits(String why) implements Begun {}

        /** There is nothing to do, or it may not be done now. */
        record Needless(String why) implements Begun {}
    }

    Begun begin(PartRequest request, StepContext context, PartMemory memory) {
        UUID child = childId(request, context);
        if (runs.find(child).isPresent()) {
            return new Begun.Started(child);
        }
        Optional<String> held = held(request.part(), context.target());
        if (held.isPresent()) {
            return new Begun.Needless(held.get());
        }
        PartOrders orders = new PartOrders(request, context);
        return switch (request.part()) {
            case VACUUM -> vacuum(child, orders.vacuum());
            case FREEZE -> vacuum(child, orders.freeze());
            case STATISTICS -> vacuum(child, orders.statistics());
            case REINDEX -> reindex(child, orders.reindex());
            case PARTITIONS -> partitions(orders, memory);
            case CLEANUP -> cleanup(orders, memory);
            case CANCEL_QUERIES ->
                cancelQueries(context.target(), request.routine().cancelQueries());
            case DETECT -> detect(context.target());
            case REPORT -> report(request, context);
            case BACKUP -> backups.backup(child, orders);
            case BACKUP_VERIFY -> backups.verify(child, orders);
            case ARCHIVE_VERIFY -> archives.verify(child, orders);
        };
    }

    /** That a hold freezes the part, as a sentence. Partitions are made, and reports written, unless it names such work. */
    private Optional<String> held(Part part, String target) {
        RunKind kind = switch (part) {
            case VACUUM, FREEZE, STATISTICS -> RunKind.VACUUM;
            case REINDEX -> RunKind.REINDEX;
            case PARTITIONS -> RunKind.UPKEEP;
            case CLEANUP -> RunKind.CLEANUP;
            case CANCEL_QUERIES, DETECT, REPORT -> RunKind.ROUTINE;
            case BACKUP -> RunKind.BACKUP;
            case BACKUP_VERIFY -> RunKind.BACKUP_VERIFY;
            case ARCHIVE_VERIFY -> RunKind.ARCHIVE_VERIFY;
        };
        boolean goesOn = part == Part.PARTITIONS || part == Part.REPORT;
        return holds.inForce().stream()
                .filter(hold -> hold.covers(target, kind) && (!goesOn || hold.names(kind)))
                .findFirst()
                .map(HoldRow::sentence);
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

    private Begun reindex(UUID child, ReindexOrder order) {
        if (reindexes.select(order).isEmpty()) {
            return new Begun.Needless("Nothing to do: no index is bloated enough.");
        }
        reindexes.start(child, order);
        return new Begun.Started(child);
    }

    private Begun partitions(PartOrders orders, PartMemory memory) {
        Optional<UUID> run = memory.planId().flatMap(plan -> upkeep.get(plan).runId());
        if (run.isPresent()) {
            return new Begun.Started(run.get());
        }
        if (memory.planId().isEmpty()) {
            UpkeepPlan plan = upkeep.plan(orders.upkeep());
            if (!plan.actions().isEmpty()) {
                return new Begun.Planned(plan.id());
            }
            String sets = Amounts.count(plan.sets().size(), "partition set", "partition sets");
            String warnings = plan.warnings().isEmpty()
                    ? "."
                    : "; " + Amounts.count(plan.warnings().size(), "warning", "warnings") + ": "
                            + plan.warnings().getFirst().message();
            return new Begun.Needless("Nothing to do for " + sets + warnings);
        }
        return new Begun.Started(
                upkeep.execute(orders.upkeepExecution(memory.planId().get())).id());
    }

    private Begun cleanup(PartOrders orders, PartMemory memory) {
        Optional<UUID> run = memory.planId().flatMap(plan -> plans.get(plan).runId());
        if (run.isPresent()) {
            return new Begun.Started(run.get());
        }
        Optional<String> closed = closed(orders.request(), orders.context());
        if (closed.isPresent()) {
            return new Begun.Needless(closed.get());
        }
        if (memory.planId().isEmpty()) {
            Plan plan = plans.plan(orders.plan());
            boolean nothing = plan.total().rows() == 0 && plan.total().rowsExact();
            return nothing ? new Begun.Needless("Nothing is due.") : new Begun.Planned(plan.id());
        }
        UUID plan = memory.planId().get();
        Optional<CaretakerException> unusual = usual.heldBack(plans.get(plan));
        if (unusual.isPresent()) {
            return new Begun.Waits(unusual.get().getMessage());
        }
        return new Begun.Started(plans.execute(orders.execution(plan)).id());
    }

    /** CLEANUP: that the window of its policy is closed, as a sentence; empty if it is open, ignored, or there is none. */
    Optional<String> closed(PartRequest request, StepContext context) {
        Instant now = context.clock().instant();
        return request.policy()
                .filter(name -> !request.ignoreWindow())
                .map(name -> policies.get(Optional.of(context.target()), name).policy())
                .flatMap(policy -> policy.limits()
                        .window()
                        .filter(window -> !window.isOpen(now))
                        .map(window -> "Policy " + policy.name() + ": " + window.closedUntil(now) + "."));
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

    private Begun report(PartRequest request, StepContext context) {
        Instant accepted = runs.get(context.runId()).created();
        Path file = reports.write(
                context.runId(), accepted, context.target(), request.routine().report());
        return new Begun.Finished("Written to " + file + ".");
    }

    private static long count(Detection detection, Severity severity) {
        return detection.findings().stream()
                .filter(finding -> finding.found().severity() == severity)
                .count();
    }
}
