package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.archive.ArchiveVerifications;
import dev.caretaker.server.backup.Backups;
import dev.caretaker.server.backup.VerifyTerms;
import dev.caretaker.server.cleanup.plan.ExecuteRequest;
import dev.caretaker.server.cleanup.plan.PlanRequest;
import dev.caretaker.server.cleanup.plan.Plans;
import dev.caretaker.server.cleanup.plan.UsualVolume;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlan;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlans;
import dev.caretaker.server.reindex.ReindexOrder;
import dev.caretaker.server.reindex.Reindexes;
import dev.caretaker.server.reindex.Worth;
import dev.caretaker.server.routine.Routines;
import dev.caretaker.server.run.Origin;
import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.run.WorkingHours;
import dev.caretaker.server.schedule.Action;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.vacuum.TableChoice;
import dev.caretaker.server.vacuum.VacuumOrder;
import dev.caretaker.server.vacuum.Vacuums;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Starts what a schedule is for, as the API would. */
@Singleton
final class Starting {
    private final Routines routines;
    private final Plans plans;
    private final UpkeepPlans upkeep;
    private final Vacuums vacuums;
    private final Reindexes reindexes;
    private final Backups backups;
    private final ArchiveVerifications archives;
    private final UsualVolume usual;
    private final Foresight foresight;

    Starting(
            Routines routines,
            Plans plans,
            UpkeepPlans upkeep,
            Vacuums vacuums,
            Reindexes reindexes,
            Backups backups,
            ArchiveVerifications archives,
            UsualVolume usual,
            Foresight foresight) {
        this.routines = routines;
        this.plans = plans;
        this.upkeep = upkeep;
        this.vacuums = vacuums;
        this.reindexes = reindexes;
        this.backups = backups;
        this.archives = archives;
        this.usual = usual;
        this.foresight = foresight;
    }

    /**
     * What to start.
     *
     * @param schedule that it is of
     * @param hours when it may work, beside the windows of its routine or policies
     * @param ignoreWindow whether it may work outside of those
     */
    record Order(
            String schedule,
            Action action,
            String target,
            UUID runId,
            Optional<Duration> deadline,
            List<WorkingHours> hours,
            boolean ignoreWindow,
            Actor actor) {}

    /**
     * Starts it and returns at once. Fails as the work itself does.
     *
     * @param note gets the plan, if there is one, in the transaction that stores the run: if it throws, nothing is started
     */
    void start(Order order, Consumer<Optional<UUID>> note) {
        Origin.within(new Origin(Optional.empty(), order.hours()), () -> {
            begin(order, note);
            return order;
        });
    }

    private void begin(Order order, Consumer<Optional<UUID>> note) {
        switch (order.action()) {
            case Action.Routine routine ->
                noted(
                        note,
                        () -> routines.start(
                                order.runId(),
                                new Routines.Order(
                                        order.target(),
                                        routine.name(),
                                        order.deadline(),
                                        order.ignoreWindow(),
                                        order.actor())));
            case Action.Detection ignored ->
                noted(note, () -> routines.detect(order.runId(), order.target(), order.deadline(), order.actor()));
            case Action.Report report ->
                noted(
                        note,
                        () -> routines.report(
                                order.runId(),
                                order.target(),
                                new RoutineConfig.Report(report.period(), report.format()),
                                order.deadline(),
                                order.actor()));
            case Action.Cleanup cleanup -> cleanUp(order, cleanup, note);
            case Action.Upkeep sets -> keepUp(order, sets, note);
            case Action.Vacuum vacuum -> vacuum(order, vacuum, note);
            case Action.Backup backup ->
                noted(
                        note,
                        () -> backups.run(
                                backup.terms().order(order.runId(), order.target(), order.deadline(), order.actor())));
            case Action.BackupVerify verify -> {
                VerifyTerms terms = verify.terms();
                BackupRow newest = backups.newest(order.target(), terms.destination(), terms.whole());
                noted(
                        note,
                        () -> backups.verify(order.runId(), terms.order(newest.id(), order.deadline(), order.actor())));
            }
            case Action.ArchiveVerify verify ->
                noted(
                        note,
                        () -> archives.start(
                                order.runId(),
                                order.target(),
                                verify.terms(),
                                order.deadline(),
                                Optional.empty(),
                                order.actor()));
            case Action.Reindex reindex -> noted(note, () -> reindexes.start(order.runId(), order(order, reindex)));
        }
    }

    private static void noted(Consumer<Optional<UUID>> note, Supplier<?> start) {
        ControlStore.witnessed(() -> note.accept(Optional.empty()), start);
    }

    private void cleanUp(Order order, Action.Cleanup cleanup, Consumer<Optional<UUID>> note) {
        Plan plan = plans.plan(new PlanRequest(
                cleanup.policies(),
                Optional.of(order.target()),
                false,
                Optional.empty(),
                false,
                Optional.of(UsualVolume.PLAN_LIFE),
                order.actor()));
        usual.require(plan);
        ControlStore.witnessed(
                () -> note.accept(Optional.of(plan.id())),
                () -> plans.execute(
                        order.runId(),
                        new ExecuteRequest(
                                plan.id(),
                                Optional.empty(),
                                Set.of(),
                                UnaryOperator.identity(),
                                order.deadline(),
                                order.ignoreWindow(),
                                Optional.empty(),
                                order.actor())));
    }

    private void keepUp(Order order, Action.Upkeep sets, Consumer<Optional<UUID>> note) {
        UpkeepPlan plan = upkeep.plan(
                new UpkeepPlans.PlanRequest(Optional.of(order.target()), sets.sets(), Optional.empty(), order.actor()));
        ControlStore.witnessed(
                () -> note.accept(Optional.of(plan.id())),
                () -> upkeep.execute(
                        order.runId(),
                        new UpkeepPlans.ExecuteRequest(
                                plan.id(), Optional.empty(), order.deadline(), Optional.empty(), order.actor())));
    }

    private void vacuum(Order order, Action.Vacuum action, Consumer<Optional<UUID>> note) {
        VacuumOrder vacuum = vacuum(order.target(), action, order.deadline(), order.actor());
        Optional<List<VacuumRequest>> seen = foresight.take(order.schedule(), order.target(), action);
        noted(
                note,
                () -> seen.isPresent()
                        ? vacuums.start(order.runId(), vacuum, seen.get())
                        : vacuums.start(order.runId(), vacuum));
    }

    /** What is asked for. */
    static VacuumOrder vacuum(String target, Action.Vacuum vacuum, Optional<Duration> deadline, Actor actor) {
        return new VacuumOrder(
                target, TableChoice.of(vacuum.tables()), VacuumOptions.DEFAULT, RunTerms.of(actor, deadline));
    }

    private static ReindexOrder order(Order order, Action.Reindex reindex) {
        return new ReindexOrder(
                order.target(),
                List.of(),
                reindex.tables(),
                Worth.USUAL,
                false,
                OptionalLong.empty(),
                RunTerms.of(order.actor(), order.deadline()));
    }
}
