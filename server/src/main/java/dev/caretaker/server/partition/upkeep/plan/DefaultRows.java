package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import java.util.List;
import java.util.Optional;

/**
 * What lies in a default partition.
 *
 * @param counted false if counting took too long: then only {@code estimate} is known
 * @param estimate rows by statistics
 * @param nullKeys rows without a key
 * @param stretches parts of gaps that hold rows
 */
record DefaultRows(boolean counted, long estimate, long nullKeys, List<Stretch> stretches) {

    /**
     * Rows in a part of a gap.
     *
     * @param gap between two partitions
     * @param plausible false for keys so far away that nobody means them
     * @param lowest least key
     * @param highest greatest key
     */
    record Stretch(KeyRange gap, boolean plausible, long rows, KeyPoint lowest, KeyPoint highest) {}

    long total() {
        return nullKeys + stretches.stream().mapToLong(Stretch::rows).sum();
    }

    /** As exact as it is known. */
    long estimateOrTotal() {
        return counted ? total() : estimate;
    }

    /** Whether rows may lie in a range; true if nobody knows. */
    boolean mayLieIn(KeyRange range) {
        return !counted || stretches.stream().anyMatch(stretch -> touches(stretch, range));
    }

    private static boolean touches(Stretch stretch, KeyRange range) {
        return stretch.lowest().compareTo(range.to()) < 0 && range.from().compareTo(stretch.highest()) <= 0;
    }

    /** The stretch that an adoption is for: that with most of the plausible rows. */
    Optional<Stretch> densest() {
        return stretches.stream().filter(Stretch::plausible).max((a, b) -> Long.compare(a.rows(), b.rows()));
    }
}
