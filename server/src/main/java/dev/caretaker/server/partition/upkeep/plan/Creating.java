package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.plan.UpkeepWarning.Code;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSet.DefaultRule;
import dev.caretaker.server.partition.upkeep.set.Retirement;
import dev.caretaker.server.partition.upkeep.step.NewPartition;
import dev.caretaker.server.partition.upkeep.step.PartitionCreation;
import dev.caretaker.server.partition.upkeep.table.Published;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plans the partitions that a set lacks, and what becomes of its default partition. */
final class Creating {
    private final SetFacts facts;
    private final PartitionSet set;
    private final TableState table;
    private final List<UpkeepWarning> warnings;
    private final Bounds bounds;
    private final Adopting adopting;
    private final List<KeyRange> wanted;
    private final List<KeyRange> possible;

    Creating(SetFacts facts, List<UpkeepWarning> warnings) {
        this.facts = facts;
        this.set = facts.set();
        this.table = facts.table().orElseThrow();
        this.warnings = warnings;
        this.bounds = new Bounds(set, table);
        this.adopting = new Adopting(facts, bounds, warnings);
        boolean readable = table.members().stream()
                .allMatch(
                        member -> member.isDefault() || member.range(set.key()).isPresent());
        this.wanted = readable ? wanted() : List.of();
        if (!readable) {
            warn(
                    Code.PARTITION_UNSUPPORTED,
                    "Bounds of partitions of " + table.name() + " cannot be read as " + set.key()
                            + ": no partition is created.");
        }
        this.possible = possible();
    }

    /** That of now, if it is missing. */
    List<PlannedAction> now() {
        return possible.stream().filter(this::holdsNow).map(this::create).toList();
    }

    /** All others that are missing, nearest first. */
    List<PlannedAction> ahead() {
        return possible.stream()
                .filter(range -> !holdsNow(range))
                .map(this::create)
                .toList();
    }

    /** The default partition. */
    List<PlannedAction> defaults() {
        if (set.creationPaused()) {
            return List.of();
        }
        Stream<PlannedAction> ensured = set.defaultRule() == DefaultRule.LEAVE
                        || table.defaultPartition().isPresent()
                ? Stream.empty()
                : Stream.of(createDefault());
        return Stream.concat(adopting.action().stream(), ensured).toList();
    }

    /** Names of the relations that would be made. */
    List<TableName> names() {
        return Stream.concat(
                        wanted.stream().map(set::nameOf),
                        Stream.concat(adopting.name().stream(), Stream.of(defaultName())))
                .toList();
    }

    private List<KeyRange> wanted() {
        List<KeyRange> covered = Stream.concat(FactsReader.ranges(set, table), adopting.range().stream())
                .collect(Collectors.toList());
        Optional<BigInteger> oldest = set.retirement()
                .map(Retirement::keep)
                .filter(Retirement.ByTime.class::isInstance)
                .map(keep -> set.position(((Retirement.ByTime) keep).cutoff(facts.now())));
        return new Wanted(set, covered).ranges(facts.position(), oldest, facts.now());
    }

    private String current(BigInteger position) {
        return set.show(set.key().isTime() ? set.position(facts.now().truncatedTo(ChronoUnit.SECONDS)) : position);
    }

    private List<KeyRange> possible() {
        facts.position()
                .filter(at -> !isCovered(at))
                .ifPresent(at -> warn(
                        Code.NOT_COVERED_NOW,
                        "No partition of " + table.name() + " covers " + current(at) + ": rows "
                                + (table.defaultPartition().isPresent()
                                        ? "go to the default partition."
                                        : "are refused.")));
        if (set.creationPaused()) {
            if (!wanted.isEmpty()) {
                warn(Code.PAUSED, "Creation is paused: " + wanted.size() + " partitions are missing.");
            }
            return List.of();
        }
        facts.defaultRows()
                .flatMap(DefaultRows::unknown)
                .filter(why -> !wanted.isEmpty())
                .ifPresent(why -> warn(
                        Code.COUNT_TIMEOUT,
                        "The rows of the default partition of " + table.name() + " " + why
                                + ": each new partition is created only if none of them lies in its range."));
        List<KeyRange> result = new ArrayList<>();
        for (KeyRange range : wanted) {
            if (isFree(range)) {
                result.add(range);
            }
        }
        List<Published> publications = table.publishedByPartition();
        if (!result.isEmpty() && !publications.isEmpty()) {
            warn(
                    Code.PARTITION_PUBLISHED,
                    "Subscribers of " + Published.names(publications) + " see each new partition as a table of its own:"
                            + " they need one of its name before its first row comes, or replication stops, and then ALTER"
                            + " SUBSCRIPTION … REFRESH PUBLICATION, or its rows are left out.");
        }
        return result;
    }

    /** Of partitions that rows go into: one that is being detached takes none any more. */
    private boolean isCovered(BigInteger at) {
        return table.members().stream()
                .filter(member -> !member.detaching())
                .flatMap(member -> member.range(set.key()).stream())
                .anyMatch(range -> range.contains(at));
    }

    private boolean isFree(KeyRange range) {
        TableName name = set.nameOf(range);
        if (facts.taken().contains(name)) {
            warn(
                    Code.NAME_TAKEN,
                    "Partition " + name + " (" + bounds.show(range)
                            + ") is not created: another relation has its name.");
            return false;
        }
        Optional<DefaultRows> rows = facts.defaultRows();
        if (rows.isPresent() && rows.get().lieIn(range)) {
            warnings.add(new UpkeepWarning(
                    Code.DEFAULT_HOLDS_ROWS,
                    set.name(),
                    Optional.of(table.defaultPartition().orElseThrow().name()),
                    "Partition " + name + " (" + bounds.show(range) + ") is not created: "
                            + "the default partition holds rows of its range."
                            + (set.defaultRule() == DefaultRule.ADOPT
                                    ? ""
                                    : " With default_partition ADOPT the default partition becomes theirs."),
                    Map.of(
                            "partition",
                            name.toString(),
                            "default_rows",
                            Long.toString(rows.get().estimateOrTotal())),
                    ""));
            return false;
        }
        return true;
    }

    private boolean holdsNow(KeyRange range) {
        return facts.position().filter(range::contains).isPresent();
    }

    private PlannedAction create(KeyRange range) {
        PartitionCreation order = new PartitionCreation(
                set.name(),
                table.oid(),
                table.name(),
                List.of(new NewPartition(
                        set.nameOf(range),
                        Optional.of(bounds.text(range.from())),
                        Optional.of(bounds.text(range.to())))));
        boolean cell = set.lines().isLine(range.from().position())
                && range.to().equals(KeyPoint.at(set.lines().next(range.from().position())));
        String why = (holdsNow(range) ? "Covers now: " : "Covers ") + bounds.show(range) + "."
                + (cell ? "" : " It is shorter than the grid's cells, to join it.");
        return action(order, why);
    }

    private PlannedAction createDefault() {
        PartitionCreation order = new PartitionCreation(
                set.name(),
                table.oid(),
                table.name(),
                List.of(new NewPartition(defaultName(), Optional.empty(), Optional.empty())));
        return action(order, "The table has no default partition.");
    }

    private TableName defaultName() {
        return new TableName(table.name().schema(), DefaultNames.of(table.name().name()));
    }

    private PlannedAction action(PartitionCreation order, String why) {
        return new PlannedAction(
                0,
                set.name(),
                order.relation(),
                table.name(),
                why,
                0,
                0,
                Locks.attach(table, false),
                UpkeepSql.create(order),
                new UpkeepAction.Create(order));
    }

    private void warn(Code code, String message) {
        warnings.add(new UpkeepWarning(code, set.name(), table.name(), message));
    }
}
