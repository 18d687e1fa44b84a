package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.step.RowRemoval.IndexPath;
import dev.caretaker.server.target.catalog.Relation;
import java.util.Locale;
import java.util.Optional;

/**
 * How rows of one relation are removed, and why.
 *
 * @param index what INDEX_RANGE goes along
 * @param reason one sentence
 */
record MechanismChoice(Mechanism mechanism, Optional<IndexPath> index, String reason) {
    /**
     * From this share of eligible rows on, reading the heap in order costs less than following an index or a list of
     * addresses (measured, DESIGN §6).
     */
    static final double LARGE_SHARE = 0.20;
    /** From this correlation on an index leads through the heap in order (pg_stats.correlation). */
    static final double ORDERED = 0.90;

    static MechanismChoice of(Policy policy, Relation relation, Storage storage, Measured measured) {
        Optional<IndexPath> path =
                IndexPaths.best(relation.indexes(), policy.timeColumn().name(), policy.filter());
        double share = measured.share();
        boolean dense = share >= LARGE_SHARE;
        boolean ordered = Math.abs(storage.timeCorrelation().orElse(0)) >= ORDERED;
        if (path.isPresent() && (!dense || ordered)) {
            String order = ordered
                    ? "the heap lies in its order (correlation "
                            + two(storage.timeCorrelation().orElseThrow()) + ")"
                    : "only " + percent(share) + " of the rows are eligible";
            String ranges = path.get().prefixes().size() == 1
                    ? ""
                    : " in " + path.get().prefixes().size() + " ranges";
            return new MechanismChoice(
                    Mechanism.INDEX_RANGE,
                    path,
                    "Index " + path.get().index().name() + " leads to the eligible rows" + ranges + ", and " + order
                            + ".");
        }
        String index = path.isPresent()
                ? "although index " + path.get().index().name() + " would serve, the heap does not lie in its order"
                : "no index serves the policy";
        return dense
                ? new MechanismChoice(
                        Mechanism.BLOCK_RANGE,
                        Optional.empty(),
                        percent(share) + " of the rows are eligible, so the heap is read in order; " + index + ".")
                : new MechanismChoice(
                        Mechanism.ROW_LIST,
                        Optional.empty(),
                        "Only " + percent(share) + " of the rows are eligible and " + index
                                + ", so they are listed once and deleted by address.");
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
