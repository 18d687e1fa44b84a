package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.archive.restore.RestoredRows;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.partition.upkeep.set.StoredSet;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.PlanStore;
import dev.caretaker.server.store.PlanStore.PlanRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Plans of upkeep, kept in the control store beside those of cleanups. */
@Singleton
final class UpkeepBook implements UpkeepPlans {
    private static final Duration USUAL_TIME_TO_LIVE = Duration.ofHours(1);
    private static final Duration LONGEST_TIME_TO_LIVE = Duration.ofDays(7);
    private static final int ETAG_BYTES = 16;

    private final PlanStore store;
    private final PartitionSets sets;
    private final RetiredStore retired;
    private final HoldStore holds;
    private final RestoredRows restored;
    private final ArchivePlaces places;
    private final BackupGate backups;
    private final Targets targets;
    private final Runs runs;
    private final Clock clock;

    UpkeepBook(
            PlanStore store,
            PartitionSets sets,
            RetiredStore retired,
            HoldStore holds,
            RestoredRows restored,
            ArchivePlaces places,
            BackupGate backups,
            Targets targets,
            Runs runs,
            Clock clock) {
        this.store = store;
        this.sets = sets;
        this.retired = retired;
        this.holds = holds;
        this.restored = restored;
        this.places = places;
        this.backups = backups;
        this.targets = targets;
        this.runs = runs;
        this.clock = clock;
    }

    @Override
    public UpkeepPlan plan(PlanRequest request) {
        Duration timeToLive = request.timeToLive().orElse(USUAL_TIME_TO_LIVE);
        if (!timeToLive.isPositive() || timeToLive.compareTo(LONGEST_TIME_TO_LIVE) > 0) {
            throw CaretakerException.invalid(
                    "time_to_live", "is positive and at most " + Moments.span(LONGEST_TIME_TO_LIVE));
        }
        List<StoredSet> wanted = wanted(request);
        Target target = targets.get(
                request.target().orElseGet(() -> wanted.getFirst().set().target()));
        Instant now = now();
        List<PartitionSet> looked =
                wanted.stream().map(StoredSet::set).map(this::leftAlone).toList();
        UpkeepPlanner.Content planned = UpkeepPlanner.plan(target.withPrimary(
                connection -> new FactsReader(target, connection, now).read(looked, retired.open(target.name()))));
        UpkeepPlanner.Content content = planned.plus(places.warnings(planned.actions()))
                .plus(backupWarnings(target.name(), request.backup(), planned.actions()));
        UpkeepPlan plan = new UpkeepPlan(
                UUID.randomUUID(),
                Sha256.hex(Sha256.of(Json.write(content)), ETAG_BYTES),
                target.name(),
                wanted,
                content.actions(),
                content.warnings(),
                now,
                now.plus(timeToLive),
                request.actor(),
                request.backup(),
                Optional.empty());
        store.insert(plan.id(), PlanStore.UPKEEP, plan.target(), Json.write(plan), plan.created(), plan.expires());
        return plan;
    }

    @Override
    public UpkeepPlan get(UUID planId) {
        return read(row(planId));
    }

    @Override
    public RunView execute(UUID runId, ExecuteRequest request) {
        PlanRow row = row(request.planId());
        UpkeepPlan plan = read(row);
        if (request.etag().filter(etag -> !etag.equals(plan.etag())).isPresent()) {
            throw refused(Reason.ETAG_MISMATCH, plan, "has another etag than the one that was seen");
        }
        if (row.claimed()) {
            throw PlanStore.alreadyExecuted(plan.id(), row.run());
        }
        if (!now().isBefore(plan.expires())) {
            throw refused(
                    Reason.PLAN_EXPIRED, plan, "expired at " + Moments.second(plan.expires()) + ": make a new one");
        }
        Map<String, String> etags = sets.ofTarget(plan.target()).stream()
                .collect(Collectors.toMap(set -> set.set().name(), StoredSet::etag));
        plan.sets().forEach(set -> requireSame(plan, set, etags));
        requireNothingRestored(plan);
        requireBackups(plan);
        Target target = targets.get(plan.target());
        return runs.start(
                runId,
                new RunRequest(
                                RunKind.UPKEEP,
                                plan.target(),
                                request.actor(),
                                Optional.of(plan.id()),
                                request.parentRunId(),
                                PlannedAction.steps(actions(plan)),
                                target.tuning(),
                                request.timeLimit(),
                                Optional.empty(),
                                RowLimits.NONE)
                        .needing(plan.needed()));
    }

    private List<UpkeepWarning> backupWarnings(
            String target, Optional<BackupDemand> demand, List<PlannedAction> actions) {
        List<TableName> tables = UpkeepPlan.takenFrom(actions);
        return demand
                .filter(_ -> !tables.isEmpty())
                .flatMap(wanted -> backups.objectionNow(target, List.of(new NeededBackup(tables, wanted))))
                .map(why -> new UpkeepWarning(
                        UpkeepWarning.Code.BACKUP_TOO_OLD,
                        "",
                        Optional.empty(),
                        why + " The plan is refused until it is there.",
                        Map.of(),
                        ""))
                .stream()
                .toList();
    }

    private void requireBackups(UpkeepPlan plan) {
        backups.objectionNow(plan.target(), plan.needed()).ifPresent(why -> {
            throw CaretakerException.of(
                    Reason.BACKUP_TOO_OLD,
                    "Plan " + plan.id() + " is blocked by BACKUP_TOO_OLD: " + why,
                    Map.of("plan_id", plan.id().toString()));
        });
    }

    /** Where rows were brought back no partition goes for a while. */
    private PartitionSet leftAlone(PartitionSet set) {
        return restored.of(set.target(), set.table()).isPresent() ? set.withoutRetirement() : set;
    }

    private void requireNothingRestored(UpkeepPlan plan) {
        plan.actions().stream()
                .filter(planned -> planned.action() instanceof UpkeepAction.Detach)
                .flatMap(planned -> restored.of(plan.target(), planned.table()).stream())
                .findFirst()
                .ifPresent(stay -> {
                    throw refused(
                            Reason.PLAN_DRIFTED,
                            plan,
                            "cannot be executed any more: partitions stay " + stay.because());
                });
    }

    /** All of them; where all work is on hold only those that make partitions. */
    private List<PlannedAction> actions(UpkeepPlan plan) {
        boolean held = holds.inForce().stream()
                .anyMatch(hold -> hold.covers(plan.target(), RunKind.UPKEEP) && !hold.names(RunKind.UPKEEP));
        return plan.actions().stream()
                .filter(planned -> !held || planned.action() instanceof UpkeepAction.Create)
                .toList();
    }

    private static void requireSame(UpkeepPlan plan, StoredSet planned, Map<String, String> etags) {
        String name = planned.set().name();
        Optional<String> now = Optional.ofNullable(etags.get(name));
        if (now.isEmpty()) {
            throw refused(
                    Reason.PLAN_DRIFTED, plan, "cannot be executed any more: partition set " + name + " was deleted");
        }
        if (!now.get().equals(planned.etag())) {
            throw refused(
                    Reason.PLAN_DRIFTED, plan, "cannot be executed any more: partition set " + name + " was changed");
        }
    }

    private List<StoredSet> wanted(PlanRequest request) {
        if (request.sets().isEmpty()) {
            String target = request.target()
                    .orElseThrow(
                            () -> CaretakerException.invalid("sets", "name sets, or a target for all of its sets"));
            return sets.ofTarget(targets.get(target).name());
        }
        List<StoredSet> named =
                request.sets().stream().distinct().map(sets::get).toList();
        String target = request.target().orElse(named.getFirst().set().target());
        for (int i = 0; i < named.size(); i++) {
            PartitionSet set = named.get(i).set();
            if (!set.target().equals(target)) {
                throw CaretakerException.invalid(
                        "sets[" + i + "]",
                        "set " + set.name() + " is of target " + set.target() + ", not of " + target
                                + "; a plan has one target");
            }
        }
        return named;
    }

    private PlanRow row(UUID planId) {
        return store.findOfKind(planId, PlanStore.UPKEEP)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.PLAN_NOT_FOUND,
                        "There is no plan " + planId + ".",
                        Map.of("plan_id", planId.toString())));
    }

    private static UpkeepPlan read(PlanRow row) {
        return Json.read(row.content(), UpkeepPlan.class).executedBy(row.run());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static CaretakerException refused(Reason reason, UpkeepPlan plan, String what) {
        return CaretakerException.of(
                reason,
                "Plan " + plan.id() + " " + what + ".",
                Map.of("plan_id", plan.id().toString()));
    }
}
