package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import java.util.List;
import java.util.Optional;

/**
 * What lies in a default partition.
 *
 * @param unknown why its rows could not be looked at, as a clause; empty if they could: then only {@code estimate} is known
 * @param exact whether all figures are; else those of more than {@link Adopting#MOST_OUTLIERS} rows are estimates
 * @param estimate rows by statistics
 * @param nullKeys rows without a key
 * @param stretches parts of gaps that hold rows
 */
record DefaultRows(Optional<String> unknown, boolean exact, long estimate, long nullKeys, List<Stretch> stretches) {

    /**
     * Rows in a part of a gap.
     *
     * @param gap between two partitions
     * @param plausible false for keys so far away that nobody means them
     * @param lowest least key
     * @param highest greatest key
     */
    record Stretch(KeyRange gap, boolean plausible, long rows, KeyPoint lowest, KeyPoint highest) {}

    static DefaultRows unknown(String why, long estimate) {
        return new DefaultRows(Optional.of(why), false, estimate, 0, List.of());
    }

    boolean isKnown() {
        return unknown.isEmpty();
    }

    long total() {
        return nullKeys + stretches.stream().mapToLong(Stretch::rows).sum();
    }

    /** As exact as it is known. */
    long estimateOrTotal() {
        return isKnown() ? total() : estimate;
    }

    /**
     * Whether rows were seen about a range. Where nobody could look that is found out when its partition is made, and by it
     * alone: a step is refused one range and makes the others.
     */
    boolean lieIn(KeyRange range) {
        return stretches.stream().anyMatch(stretch -> touches(stretch, range));
    }

    private static boolean touches(Stretch stretch, KeyRange range) {
        return stretch.lowest().compareTo(range.to()) < 0 && range.from().compareTo(stretch.highest()) <= 0;
    }

    /** The stretch that an adoption is for: that with most of the plausible rows. */
    Optional<Stretch> densest() {
        return stretches.stream().filter(Stretch::plausible).max((a, b) -> Long.compare(a.rows(), b.rows()));
    }
}
