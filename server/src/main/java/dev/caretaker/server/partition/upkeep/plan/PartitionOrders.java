package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.partition.upkeep.set.Retirement;
import dev.caretaker.server.partition.upkeep.set.StoredSet;
import dev.caretaker.server.partition.upkeep.step.NewPartition;
import dev.caretaker.server.partition.upkeep.step.PartitionCreation;
import dev.caretaker.server.partition.upkeep.step.RetiredArchive;
import dev.caretaker.server.partition.upkeep.step.RetiredDrop;
import dev.caretaker.server.partition.upkeep.step.RetiredReattachment;
import dev.caretaker.server.partition.upkeep.table.TableReader;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** What people order of single partitions: to create one, to drop held ones, to attach one again. Each is a run. */
@Singleton
public final class PartitionOrders {
    private final PartitionSets sets;
    private final RetiredStore retired;
    private final Targets targets;
    private final Runs runs;

    PartitionOrders(PartitionSets sets, RetiredStore retired, Targets targets, Runs runs) {
        this.sets = sets;
        this.retired = retired;
        this.targets = targets;
        this.runs = runs;
    }

    /**
     * An order.
     *
     * @param timeLimit longest time the run may take
     */
    public record Order(Actor actor, Optional<Duration> timeLimit) {}

    /** What a new partition is to hold: rows of an instant, or with a key. */
    public record Holding(Optional<Instant> time, Optional<BigInteger> key) {}

    /**
     * Creates the one partition that holds something.
     *
     * @throws CaretakerException PARTITION_SET_NOT_FOUND, INVALID_FIELD if a partition covers it or it does not fit the set
     */
    public RunView create(UUID runId, String setName, Holding holding, Order order) {
        PartitionSet set = sets.get(setName).set();
        Target target = targets.get(set.target());
        BigInteger position = position(set, holding);
        TableState table = target.withPrimary(
                        connection -> TableReader.read(connection, List.of(set.table()), target.actsAsOwner()))
                .get(set.table());
        Optional<String> objection = table == null
                ? Optional.of("There is no table " + set.table() + " any more.")
                : Fit.objection(set, table);
        objection.ifPresent(why -> {
            throw CaretakerException.of(Reason.UNSUPPORTED_RELATION, why, Map.of("set", set.name()));
        });
        List<KeyRange> covered = FactsReader.ranges(set, table).collect(Collectors.toList());
        KeyRange range = new Wanted(set, covered)
                .holding(position)
                .orElseThrow(() -> CaretakerException.invalid(
                        holding.time().isPresent() ? "time" : "key", "is covered by a partition already"));
        refuseHeld(set, set.nameOf(range), holding);
        Bounds bounds = new Bounds(set, table);
        PartitionCreation creation = new PartitionCreation(
                set.name(),
                table.oid(),
                table.name(),
                List.of(new NewPartition(
                        set.nameOf(range),
                        Optional.of(bounds.text(range.from())),
                        Optional.of(bounds.text(range.to())))));
        return start(
                runId,
                target,
                List.of(new UpkeepAction.Create(creation).step(creation.relation(), table.name())),
                order);
    }

    private static BigInteger position(PartitionSet set, Holding holding) {
        if (holding.time().isPresent() != set.key().isTime()) {
            throw CaretakerException.invalid(
                    holding.time().isPresent() ? "time" : "key",
                    set.key().isTime() ? "must be a time for this set" : "must be a key for this set");
        }
        return holding.time().map(set::position).or(holding::key).orElseThrow();
    }

    /** Drops held partitions now, those whose set wants it once they are archived. Fails with RETIRED_PARTITION_NOT_FOUND. */
    public RunView drop(UUID runId, String targetName, List<TableName> partitions, Order order) {
        Target target = targets.get(targetName);
        List<StepSpec> steps = new ArrayList<>();
        for (TableName name : partitions) {
            RetiredRow row = held(targetName, name);
            Optional<PartitionSet> archiving = archiving(row);
            archiving.ifPresent(set -> {
                RetiredArchive archive = RetiredArchive.of(
                        row,
                        keyColumn(target, set),
                        set.retirement().orElseThrow().archive().orElseThrow());
                steps.add(new UpkeepAction.Archive(archive).step(row.partition(), row.parent()));
            });
            RetiredDrop drop = RetiredDrop.of(row, archiving.isPresent());
            steps.add(new UpkeepAction.Drop(drop).step(row.partition(), row.parent()));
        }
        return start(runId, target, steps, order);
    }

    /** Its set, if that wants rows to be kept before partitions are dropped. */
    private Optional<PartitionSet> archiving(RetiredRow row) {
        return sets.ofTarget(row.target()).stream()
                .map(StoredSet::set)
                .filter(set -> set.name().equals(row.setName()))
                .filter(set -> set.retirement().flatMap(Retirement::archive).isPresent())
                .findFirst();
    }

    private static Optional<String> keyColumn(Target target, PartitionSet set) {
        TableState table = target.withPrimary(
                        connection -> TableReader.read(connection, List.of(set.table()), target.actsAsOwner()))
                .get(set.table());
        return Optional.ofNullable(table).flatMap(TableState::keyColumn);
    }

    /** Attaches a held partition again. Fails with RETIRED_PARTITION_NOT_FOUND. */
    public RunView reattach(UUID runId, String targetName, TableName partition, Order order) {
        Target target = targets.get(targetName);
        RetiredRow row = held(targetName, partition);
        RetiredReattachment again = new RetiredReattachment(
                row.setName(),
                row.systemId(),
                row.oid(),
                row.partition(),
                row.parent(),
                row.lowerBound(),
                row.upperBound());
        return start(
                runId, target, List.of(new UpkeepAction.Reattach(again).step(row.partition(), row.parent())), order);
    }

    /** Its name is taken, and its rows are there still. */
    private void refuseHeld(PartitionSet set, TableName partition, Holding holding) {
        boolean held = retired.open(set.target()).stream()
                .anyMatch(row -> row.partition().equals(partition) && row.state() == RetiredRow.State.HELD);
        if (held) {
            throw CaretakerException.invalid(
                    holding.time().isPresent() ? "time" : "key",
                    "was covered by " + partition + ", which is detached and held: it can be reattached");
        }
    }

    private RetiredRow held(String target, TableName partition) {
        List<RetiredRow> held = retired.open(target).stream()
                .filter(row -> row.state() == RetiredRow.State.HELD)
                .toList();
        return held.stream()
                .filter(row -> row.partition().equals(partition))
                .reduce((first, second) -> second)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.RETIRED_PARTITION_NOT_FOUND,
                        "No partition " + partition + " is held at target " + target + meant(partition, held),
                        Map.of("partition", partition.toString(), "target", target)));
    }

    /** A question after one that is held and has such a name, or that name in another schema. */
    private static String meant(TableName wanted, List<RetiredRow> held) {
        List<TableName> names = held.stream().map(RetiredRow::partition).toList();
        String similar = Similar.question(
                wanted.toString(), names.stream().map(TableName::toString).toList());
        return similar.isEmpty()
                ? names.stream()
                        .filter(name -> name.name().equals(wanted.name()))
                        .findFirst()
                        .map(name -> "; did you mean \"" + name + "\"?")
                        .orElse(".")
                : similar;
    }

    private RunView start(UUID runId, Target target, List<StepSpec> steps, Order order) {
        return runs.start(
                runId,
                new RunRequest(
                        RunKind.UPKEEP,
                        target.name(),
                        order.actor(),
                        Optional.empty(),
                        Optional.empty(),
                        steps,
                        target.tuning(),
                        order.timeLimit(),
                        Optional.empty(),
                        RowLimits.NONE));
    }
}
