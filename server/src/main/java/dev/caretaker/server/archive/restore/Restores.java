package dev.caretaker.server.archive.restore;

import dev.caretaker.server.archive.ArchiveFiles;
import dev.caretaker.server.archive.ArchiveSource;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.restore.RestoreOrder.Into;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.RestoredRowsStore;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Starts runs that bring archived rows back. */
@Singleton
public final class Restores {
    /** timestamptz, timestamp and date: what a range of time can be asked of. */
    private static final Set<Long> TIMES = Set.of(1184L, 1114L, 1082L);

    private static final Set<RunState> GOING_ON = Arrays.stream(RunState.values())
            .filter(state -> !state.isTerminal())
            .collect(Collectors.toUnmodifiableSet());

    private final ArchiveStore store;
    private final ArchiveFiles files;
    private final RestoredRowsStore kept;
    private final Targets targets;
    private final Runs runs;
    private final Clock clock;

    Restores(ArchiveStore store, ArchiveFiles files, RestoredRowsStore kept, Targets targets, Runs runs, Clock clock) {
        this.store = store;
        this.files = files;
        this.kept = kept;
        this.targets = targets;
        this.runs = runs;
        this.clock = clock;
    }

    /**
     * Checks that it can be done, writes down what stays, and starts the run.
     *
     * @throws CaretakerException ARCHIVE_NOT_FOUND, ARCHIVE_NOT_READY, ARCHIVE_DAMAGED, DESTINATION_UNREACHABLE, TARGET_NOT_FOUND,
     *     TARGET_UNREACHABLE, INVALID_FIELD, RELATION_CHANGED, HELD
     */
    public RunView start(UUID runId, RestoreOrder order) {
        ArchiveRow archive = store.find(order.archive())
                .orElseThrow(() -> CaretakerException.of(
                        Reason.ARCHIVE_NOT_FOUND, "There is no archive " + order.archive() + "."));
        Manifest manifest = files.require(archive);
        requireRange(manifest, order);
        Target target = targets.get(archive.target());
        Planned planned =
                target.withPrimary(connection -> plan(new RestorePlaces(connection, target), manifest, order));
        boolean stays = !order.keep().isZero() && !planned.kept().isEmpty();
        if (stays) {
            Optional<Instant> oldest = oldest(manifest, order);
            kept.keep(
                    runId,
                    archive.target(),
                    planned.kept(),
                    archive.id(),
                    oldest,
                    clock.instant().plus(order.keep()));
        }
        // Afterwards: whatever is accepted from here on finds in its steps what stays.
        try {
            requireIdle(archive, planned);
            return start(runId, order, target, planned);
        } catch (CaretakerException e) {
            if (stays && isRefused(runId, e)) {
                kept.forget(runId);
            }
            throw e;
        }
    }

    /** Whether there certainly is no such run: else what it may bring back has to stay. */
    private boolean isRefused(UUID runId, CaretakerException e) {
        return e.reason() != Reason.CONTROL_STORE_UNREACHABLE
                && runs.find(runId).isEmpty();
    }

    private RunView start(UUID runId, RestoreOrder order, Target target, Planned planned) {
        return runs.start(
                runId,
                new RunRequest(
                        RunKind.RESTORE,
                        target.name(),
                        order.actor(),
                        Optional.empty(),
                        Optional.empty(),
                        planned.steps(),
                        target.tuning(),
                        order.timeLimit(),
                        Optional.empty(),
                        RowLimits.NONE));
    }

    /**
     * What a run will do.
     *
     * @param kept tables whose policies leave the rows alone
     */
    private record Planned(List<StepSpec> steps, List<TableName> kept) {}

    private static Optional<Instant> oldest(Manifest manifest, RestoreOrder order) {
        return manifest.first()
                .map(first -> order.from().filter(from -> from.isAfter(first)).orElse(first));
    }

    private static void requireRange(Manifest manifest, RestoreOrder order) {
        if (order.from().isEmpty() && order.until().isEmpty()) {
            return;
        }
        boolean timed = manifest.timeColumn()
                .flatMap(name -> manifest.source().columns().stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst())
                .filter(column -> TIMES.contains(column.typeOid()))
                .isPresent();
        if (!timed) {
            throw CaretakerException.invalid(
                    order.from().isPresent() ? "from_time" : "until_time",
                    "the archive has no column of a time or date by which its rows left");
        }
    }

    private Planned plan(RestorePlaces places, Manifest manifest, RestoreOrder order) throws SQLException {
        Into into = order.into();
        return switch (into) {
            case RestoreOrder.NewTable made -> {
                places.requireFree(made.name());
                yield new Planned(
                        List.of(load(manifest, order, made.name(), 0, Optional.empty(), all(manifest))), List.of());
            }
            case RestoreOrder.Partition partition -> partition(places, manifest, order, partition);
            case RestoreOrder.Original _ -> original(places, manifest, order);
        };
    }

    private Planned partition(
            RestorePlaces places, Manifest manifest, RestoreOrder order, RestoreOrder.Partition partition)
            throws SQLException {
        ArchiveSource source = manifest.source();
        TableName parent = partition
                .parent()
                .or(source::parent)
                .orElseThrow(() -> CaretakerException.invalid(
                        "partition.parent", "is required: the rows left a table that was no partition"));
        if (source.bound().isEmpty()) {
            throw CaretakerException.invalid(
                    "partition", "the rows left a table that was no partition and had no bound");
        }
        places.requireFree(partition.name());
        RestorePlaces.Place place = places.require(parent);
        if (!place.partitioned()) {
            throw CaretakerException.of(Reason.RELATION_CHANGED, "Table " + parent + " is not partitioned.");
        }
        List<TableName> above = new ArrayList<>(place.above());
        above.add(partition.name());
        return new Planned(
                List.of(
                        load(manifest, order, partition.name(), 0, Optional.of(parent), place.common(source.columns())),
                        new StepSpec(
                                AttachKind.NAME,
                                partition.name(),
                                parent,
                                "",
                                0,
                                new AttachWork(partition.name(), parent, place.oid(), source.bound()))),
                above);
    }

    private Planned original(RestorePlaces places, Manifest manifest, RestoreOrder order) throws SQLException {
        ArchiveSource source = manifest.source();
        Optional<RestorePlaces.Place> own = places.find(source.table());
        RestorePlaces.Place place =
                own.isPresent() ? own.get() : places.require(source.parent().orElse(source.table()));
        List<String> common = place.common(source.columns());
        if (!place.tells(common)) {
            throw CaretakerException.of(
                    Reason.RELATION_CHANGED,
                    "Table " + place.name()
                            + " has neither a primary key nor a unique index without NULLs on columns that are archived, so"
                            + " that nothing tells which rows are there already; restore into a new table.");
        }
        return new Planned(
                List.of(load(manifest, order, place.name(), place.oid(), Optional.empty(), common)), place.above());
    }

    private static StepSpec load(
            Manifest manifest,
            RestoreOrder order,
            TableName into,
            long oid,
            Optional<TableName> like,
            List<String> columns) {
        long fenced = oid == 0 ? manifest.source().oid() : oid;
        return new StepSpec(
                RestoreKind.NAME,
                into,
                "",
                manifest.rows(),
                new RestoreWork(
                        order.archive(),
                        into,
                        oid,
                        like,
                        columns,
                        order.from(),
                        order.until(),
                        order.filter()
                                .map(filter -> filter.apply(manifest.source().columns())),
                        fenced));
    }

    private static List<String> all(Manifest manifest) {
        return manifest.source().columns().stream().map(ArchivedColumn::name).toList();
    }

    /** A cleanup that was accepted before would take the rows again: it knows nothing of what stays. */
    private void requireIdle(ArchiveRow archive, Planned planned) {
        if (planned.kept().isEmpty()) {
            return;
        }
        runs
                .list(new Runs.RunFilter(
                        Optional.of(archive.target()),
                        GOING_ON,
                        Optional.of(RunKind.CLEANUP),
                        Optional.empty(),
                        100,
                        Optional.empty()))
                .runs()
                .stream()
                .map(run -> runs.get(run.id()))
                .filter(run -> touches(run, planned.kept()))
                .findFirst()
                .ifPresent(run -> {
                    throw CaretakerException.of(
                            Reason.RELATION_CHANGED,
                            "Run " + run.id() + " is cleaning the table now and would take the rows again; wait for its"
                                    + " end, or cancel it.",
                            Map.of("run_id", run.id().toString()));
                });
    }

    /** Also by steps on partitions of such a table: nobody knows yet into which of them the rows will come. */
    private static boolean touches(RunView run, List<TableName> tables) {
        return run.steps().stream().anyMatch(step -> tables.contains(step.relation()))
                || run.tables().stream().anyMatch(totals -> tables.contains(totals.table()));
    }
}
