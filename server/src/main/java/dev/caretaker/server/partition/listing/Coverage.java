package dev.caretaker.server.partition.listing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a set of ranges covers together.
 *
 * @param gaps ranges between the lowest and the highest key that nothing covers
 * @param overlaps ranges that are covered more than once: a partition whose detach is pending keeps its bound while another
 *     takes its place
 */
public record Coverage<K extends Comparable<? super K>>(List<Hole<K>> gaps, List<Hole<K>> overlaps) {

    /** A stretch of keys. */
    public record Hole<K>(K from, K to) {}

    public static <K extends Comparable<? super K>> Coverage<K> of(List<? extends Span<K>> ranges) {
        List<Span<K>> ordered = ordered(ranges);
        List<Hole<K>> gaps = new ArrayList<>();
        List<Hole<K>> overlaps = new ArrayList<>();
        K covered = null;
        for (Span<K> range : ordered) {
            if (covered != null && range.from().compareTo(covered) > 0) {
                gaps.add(new Hole<>(covered, range.from()));
            }
            if (covered != null && range.from().compareTo(covered) < 0) {
                overlaps.add(new Hole<>(range.from(), min(covered, range.to())));
            }
            covered = covered == null || range.to().compareTo(covered) > 0 ? range.to() : covered;
        }
        return new Coverage<>(gaps, overlaps);
    }

    /** End of the unbroken stretch that contains a key; empty if nothing contains it. */
    public static <K extends Comparable<? super K>> Optional<K> coveredUntil(List<? extends Span<K>> ranges, K key) {
        K end = null;
        for (Span<K> range : ordered(ranges)) {
            K reached = end == null ? key : end;
            if (range.from().compareTo(reached) <= 0 && range.to().compareTo(reached) > 0) {
                end = range.to();
            }
        }
        return Optional.ofNullable(end);
    }

    private static <K extends Comparable<? super K>> List<Span<K>> ordered(List<? extends Span<K>> ranges) {
        List<Span<K>> ordered = new ArrayList<>(ranges);
        ordered.sort(Comparator.comparing(Span<K>::from));
        return ordered;
    }

    private static <K extends Comparable<? super K>> K min(K a, K b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
