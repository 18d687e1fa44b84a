package dev.caretaker.server.cleanup.plan.choice;

import dev.caretaker.server.cleanup.plan.facts.IndexPaths;
import dev.caretaker.server.cleanup.plan.facts.Measured;
import dev.caretaker.server.cleanup.plan.facts.Storage;
import dev.caretaker.server.cleanup.plan.kept.Mechanism;
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
public record MechanismChoice(Mechanism mechanism, Optional<IndexPath> index, String reason) {
    /**
     * From this share of eligible rows on, reading the heap in order costs less than following an index or a list of
     * addresses (measured, DESIGN §6).
     */
    static final double LARGE_SHARE = 0.20;
    /** From this correlation on an index leads through the heap in order (pg_stats.correlation). */
    static final double ORDERED = 0.90;

    /**
     * From so many eligible rows a page on, so does reading it in order (1.5 M rows of 100 bytes, 60 a page, in no order: as fast
     * as a list with 4 to 6 rows a page, twice as fast with 8).
     */
    static final double MANY_PER_PAGE = 4;
    /**
     * What a page costs that is found by an index, in pages that are read in order: random_page_cost over seq_page_cost, as
     * Postgres has them by default.
     */
    private static final double ASIDE = 4;
    /** What it costs to come back to a page of a list, in the order of the heap. */
    private static final double BACK = 2;

    /** @param fires whether triggers or foreign keys fire for each row that is deleted */
    public static MechanismChoice of(
            Policy policy, Relation relation, Storage storage, Measured measured, boolean fires) {
        Optional<IndexPath> path =
                IndexPaths.best(relation.indexes(), policy.timeColumn().name(), policy.filter());
        boolean large = measured.share() >= LARGE_SHARE;
        boolean ordered = Math.abs(storage.timeCorrelation().orElse(0)) >= ORDERED;
        if (path.isPresent() && (ordered || !large && !isAstray(storage, measured.rows()))) {
            return along(path.get(), storage, measured, ordered);
        }
        String eligible = percent(measured.share()) + " of the rows are eligible";
        String index = path.isPresent()
                ? "although index " + path.get().index().name() + " would serve, the heap does not lie in its order"
                : "no index serves the policy";
        boolean dense = large || measured.rows() > MANY_PER_PAGE * storage.heapPages();
        if (dense && fires) {
            return new MechanismChoice(
                    Mechanism.ROW_LIST,
                    Optional.empty(),
                    eligible + " and " + index
                            + "; for each row triggers or foreign keys fire, which may take any time, so"
                            + " they are listed and deleted by address: a batch can be as small as one row.");
        }
        return dense
                ? new MechanismChoice(
                        Mechanism.BLOCK_RANGE,
                        Optional.empty(),
                        eligible + (large ? "" : ", several a page") + ", so the heap is read in order; " + index + ".")
                : new MechanismChoice(
                        Mechanism.ROW_LIST,
                        Optional.empty(),
                        "Only " + eligible + " and " + index + ", so they are listed once and deleted by address.");
    }

    private static MechanismChoice along(IndexPath path, Storage storage, Measured measured, boolean ordered) {
        String why = ordered
                ? "the heap lies in its order (correlation "
                        + two(storage.timeCorrelation().orElseThrow()) + ")"
                : "only " + percent(measured.share()) + " of the rows are eligible";
        String ranges =
                path.prefixes().size() == 1 ? "" : " in " + path.prefixes().size() + " ranges";
        return new MechanismChoice(
                Mechanism.INDEX_RANGE,
                Optional.of(path),
                "Index " + path.index().name() + " leads to the eligible rows" + ranges + ", and " + why + ".");
    }

    /**
     * Whether going along an index costs more than listing all rows and coming back for them: it comes to a page for nearly every
     * row that does not lie in order. How many those are is weighted by the square of the correlation as in Postgres' own
     * cost_index(); where that is not known the index is trusted.
     */
    private static boolean isAstray(Storage storage, long rows) {
        double correlation = storage.timeCorrelation().orElse(1);
        double visits = (1 - correlation * correlation) * rows;
        return visits * ASIDE > storage.heapPages() + visits * BACK;
    }

    public static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
