package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.plan.DefaultRows.Stretch;
import dev.caretaker.server.partition.upkeep.plan.UpkeepWarning.Code;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSet.DefaultRule;
import dev.caretaker.server.partition.upkeep.step.DefaultAdoption;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Whether the default partition is adopted, and with which bounds: those of the gap that holds most of its rows. Where the gap has
 * no end, that is the first line after the rows and after now; keys that nobody means (epoch 0, year 9999) set no bound.
 */
final class Adopting {
    /** More are not moved within one short transaction. */
    static final long MOST_OUTLIERS = 10_000;

    private final SetFacts facts;
    private final PartitionSet set;
    private final TableState table;
    private final Bounds bounds;
    private final List<UpkeepWarning> warnings;
    private final Optional<KeyRange> range;

    Adopting(SetFacts facts, Bounds bounds, List<UpkeepWarning> warnings) {
        this.facts = facts;
        this.set = facts.set();
        this.table = facts.table().orElseThrow();
        this.bounds = bounds;
        this.warnings = warnings;
        this.range = wanted() ? facts.defaultRows().flatMap(this::choose) : Optional.empty();
    }

    private boolean wanted() {
        return set.defaultRule() == DefaultRule.ADOPT
                && !set.creationPaused()
                && table.defaultPartition()
                        .filter(member -> member.kind() == Member.Kind.TABLE)
                        .isPresent();
    }

    /** What the default partition would cover; empty if it is not adopted. */
    Optional<KeyRange> range() {
        return range;
    }

    /** Its new name. */
    Optional<TableName> name() {
        return range.map(set::nameOfCells);
    }

    Optional<PlannedAction> action() {
        return range.filter(this::isFree).map(this::adopt);
    }

    private Optional<KeyRange> choose(DefaultRows rows) {
        if (!rows.isKnown()) {
            warn(
                    Code.COUNT_TIMEOUT,
                    "The rows of the default partition " + rows.unknown().orElseThrow() + ": it is not adopted.");
            return Optional.empty();
        }
        Optional<Stretch> densest = rows.densest();
        if (densest.isEmpty()) {
            return Optional.empty();
        }
        Stretch stretch = densest.get();
        long outliers = rows.total() - stretch.rows();
        if (outliers > MOST_OUTLIERS) {
            warn(
                    Code.ROWS_MOVED,
                    "The default partition is not adopted: "
                            + (rows.exact() ? Amounts.count(outliers) : "more than " + Amounts.count(MOST_OUTLIERS))
                            + " of its rows lie outside of the gap that holds most, and at most "
                            + Amounts.count(MOST_OUTLIERS) + " are moved.");
            return Optional.empty();
        }
        KeyRange chosen = new KeyRange(from(stretch), to(stretch));
        if (outliers > 0) {
            warn(
                    Code.ROWS_MOVED,
                    (rows.exact() ? "" : "About ")
                            + Amounts.count(
                                    outliers, "row of the default partition lies", "rows of the default partition lie")
                            + " outside of " + bounds.show(chosen)
                            + (outliers == 1 ? ": it is" : ": they are")
                            + " moved into the new default partition, in the same transaction.");
        }
        return Optional.of(chosen);
    }

    private KeyPoint from(Stretch stretch) {
        KeyPoint end = stretch.gap().from();
        return end.isFinite()
                ? end
                : KeyPoint.at(set.lines().floor(stretch.lowest().position()));
    }

    private KeyPoint to(Stretch stretch) {
        KeyPoint end = stretch.gap().to();
        if (end.isFinite()) {
            return end;
        }
        BigInteger afterRows = set.lines().next(stretch.highest().position());
        BigInteger afterNow = facts.position()
                .filter(now -> set.key().isTime())
                .map(set.lines()::next)
                .orElse(afterRows);
        return KeyPoint.at(afterRows.max(afterNow));
    }

    private boolean isFree(KeyRange adopted) {
        TableName name = set.nameOfCells(adopted);
        if (facts.taken().contains(name)) {
            warn(Code.NAME_TAKEN, "The default partition is not adopted: another relation is called " + name + ".");
            return false;
        }
        return true;
    }

    private PlannedAction adopt(KeyRange adopted) {
        Member member = table.defaultPartition().orElseThrow();
        DefaultAdoption order = new DefaultAdoption(
                set.name(),
                table.oid(),
                table.name(),
                member.oid(),
                member.name(),
                set.nameOfCells(adopted),
                table.keyColumn().orElseThrow(),
                table.keyType().orElseThrow(),
                bounds.text(adopted.from()),
                bounds.text(adopted.to()),
                MOST_OUTLIERS);
        DefaultRows found = facts.defaultRows().orElseThrow();
        long rows = found.total();
        warn(
                Code.ROWS_REFUSED_MEANWHILE,
                "While the default partition of " + table.name() + " is read, rows outside of " + bounds.show(adopted)
                        + " that would go to it are refused.");
        if (!table.referencing().isEmpty()) {
            warn(
                    Code.REFERENCED_TABLE_LOCKED,
                    "Other tables reference " + table.name()
                            + ": the default partition cannot be adopted while its rows are referenced.");
        }
        return new PlannedAction(
                0,
                set.name(),
                member.name(),
                table.name(),
                (found.exact() ? "" : "About ") + Amounts.count(rows, "row", "rows")
                        + " fell into the default partition because a partition was missing: it becomes the one"
                        + " that covers " + bounds.show(adopted) + ", and no row of that range moves.",
                rows,
                member.bytes(),
                Locks.adopt(table, member.name()),
                UpkeepSql.adopt(order),
                new UpkeepAction.Adopt(order));
    }

    private void warn(Code code, String message) {
        warnings.add(new UpkeepWarning(code, set.name(), table.name(), message));
    }
}
