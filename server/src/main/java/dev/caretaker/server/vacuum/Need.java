package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.Amounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a table needs, and why.
 *
 * @param vacuum whether it needs VACUUM; else ANALYZE alone
 * @param analyze whether its statistics are out of date
 * @param freeze whether it is for its freeze age
 * @param urgency what kind of need comes first
 * @param weight how much of it: more comes first among equally urgent ones
 */
record Need(boolean vacuum, boolean analyze, boolean freeze, Urgency urgency, double weight, String reason) {

    /** Most urgent first: a deadline cuts the rest. */
    enum Urgency {
        FREEZE,
        DEAD_ROWS,
        INSERTED_ROWS,
        STATISTICS,
        /** After its partitions, whose rows they sum up. */
        PARENT_STATISTICS
    }

    static final Comparator<Need> MOST_URGENT_FIRST =
            Comparator.comparing(Need::urgency).thenComparing(Need::weight, Comparator.reverseOrder());

    /** What a table or partition needs by the thresholds; empty if nothing. */
    static Optional<Need> of(TableActivity table, VacuumThresholds thresholds) {
        boolean freeze = VacuumThresholds.reached(thresholds.freezePercent(), table.freezePercent());
        boolean dead = VacuumThresholds.reached(thresholds.deadPercent(), table.deadPercent())
                && table.dead() >= thresholds.minimumRows().orElse(0)
                && table.dead() > 0;
        boolean inserted = VacuumThresholds.reached(thresholds.insertedPercent(), table.insertedPercent())
                && table.inserted() >= thresholds.minimumRows().orElse(0)
                && table.inserted() > 0;
        boolean changed =
                VacuumThresholds.reached(thresholds.changedPercent(), table.changedPercent()) && table.changed() > 0;
        List<String> reasons = new ArrayList<>();
        if (freeze) {
            reasons.add("freeze age at " + Amounts.percent(table.freezePercent()) + " of the forced vacuum");
        }
        if (dead) {
            reasons.add(Amounts.percent(table.deadPercent()) + " dead rows (" + Amounts.count(table.dead()) + ")");
        }
        if (inserted) {
            reasons.add(Amounts.percent(table.insertedPercent()) + " inserted since the last vacuum ("
                    + Amounts.count(table.inserted()) + ")");
        }
        if (changed) {
            reasons.add(Amounts.percent(table.changedPercent()) + " changed since the last analyze ("
                    + Amounts.count(table.changed()) + ")");
        }
        if (reasons.isEmpty()) {
            return Optional.empty();
        }
        String reason = String.join(", ", reasons);
        if (freeze) {
            return Optional.of(new Need(true, changed, true, Urgency.FREEZE, table.freezePercent(), reason));
        }
        if (dead) {
            return Optional.of(new Need(true, changed, false, Urgency.DEAD_ROWS, table.dead(), reason));
        }
        return inserted
                ? Optional.of(new Need(true, changed, false, Urgency.INSERTED_ROWS, table.inserted(), reason))
                : Optional.of(new Need(false, true, false, Urgency.STATISTICS, table.changed(), reason));
    }

    /**
     * What a partitioned table needs: statistics over all of its partitions, which autovacuum never makes. A partition's
     * counter starts anew when it is analyzed itself, so how much they grew or shrank since counts, too.
     *
     * @param leaves its partitions, all levels below
     */
    static Optional<Need> ofParent(TableActivity parent, List<TableActivity> leaves, VacuumThresholds thresholds) {
        long rows = leaves.stream().mapToLong(TableActivity::rows).sum();
        if (thresholds.changedPercent().isEmpty() || rows == 0) {
            return Optional.empty();
        }
        if (parent.analyzed().isEmpty() && parent.neverSeen()) {
            return Optional.of(parent(rows, "never analyzed, and autovacuum does not analyze partitioned tables"));
        }
        long counted = leaves.stream()
                .mapToLong(leaf -> Math.min(leaf.changed(), leaf.rows()))
                .sum();
        long changed = Math.max(counted, Math.min(rows, Math.abs(rows - parent.estimated())));
        double percent = TableActivity.percent(changed, rows);
        return changed > 0 && VacuumThresholds.reached(thresholds.changedPercent(), percent)
                ? Optional.of(parent(changed, Amounts.percent(percent) + " of its rows in partitions that changed"))
                : Optional.empty();
    }

    /** Of a table that is done in any case; empty if it never held a row. */
    static Optional<Need> ofAny(TableActivity table) {
        return table.rows() + table.changed() == 0 && !table.neverSeen()
                ? Optional.empty()
                : Optional.of(new Need(
                        true, true, false, Urgency.STATISTICS, table.changed(), changedSince(table.changed())));
    }

    /** Of a partitioned table that is done in any case; empty if no partition ever held a row. */
    static Optional<Need> ofAnyParent(List<TableActivity> leaves) {
        long changed = leaves.stream().mapToLong(TableActivity::changed).sum();
        return leaves.stream().allMatch(leaf -> ofAny(leaf).isEmpty())
                ? Optional.empty()
                : Optional.of(parent(changed, changedSince(changed)));
    }

    private static String changedSince(long changed) {
        return "all tables; " + Amounts.count(changed, "row", "rows") + " changed since the last analyze";
    }

    private static Need parent(long weight, String reason) {
        return new Need(false, true, false, Urgency.PARENT_STATISTICS, weight, reason);
    }
}
