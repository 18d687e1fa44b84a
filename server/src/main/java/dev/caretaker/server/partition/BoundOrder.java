package dev.caretaker.server.partition;

import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.PartitionBound.Limit;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Orders partitions of one parent by their bounds: ranges and lists by their first value, hashes by remainder, the default
 * one last. Numbers are compared as numbers; all else as text, which for times in ISO form is their order.
 */
final class BoundOrder implements Comparator<PartitionRow> {
    static final BoundOrder INSTANCE = new BoundOrder();

    private BoundOrder() {}

    @Override
    public int compare(PartitionRow a, PartitionRow b) {
        int byBound = compare(a.bound().orElseThrow(), b.bound().orElseThrow());
        return byBound != 0 ? byBound : a.name().name().compareTo(b.name().name());
    }

    private static int compare(PartitionBound a, PartitionBound b) {
        if (a instanceof PartitionBound.Range left && b instanceof PartitionBound.Range right) {
            return compare(left.from(), right.from());
        }
        if (a instanceof PartitionBound.Values left && b instanceof PartitionBound.Values right) {
            return compareText(first(left), first(right));
        }
        if (a instanceof PartitionBound.Hash left && b instanceof PartitionBound.Hash right) {
            return Integer.compare(left.remainder(), right.remainder());
        }
        return Boolean.compare(a instanceof PartitionBound.Default, b instanceof PartitionBound.Default);
    }

    private static int compare(List<Limit> a, List<Limit> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int result = compare(a.get(i), b.get(i));
            if (result != 0) {
                return result;
            }
        }
        return 0;
    }

    private static int compare(Limit a, Limit b) {
        if (a instanceof PartitionBound.Value(String left) && b instanceof PartitionBound.Value(String right)) {
            return compareText(left, right);
        }
        return Integer.compare(rank(a), rank(b));
    }

    private static int rank(Limit limit) {
        return switch (limit) {
            case PartitionBound.Min() -> 0;
            case PartitionBound.Value _ -> 1;
            case PartitionBound.Max() -> 2;
        };
    }

    private static int compareText(String a, String b) {
        Optional<BigDecimal> left = number(a);
        Optional<BigDecimal> right = number(b);
        return left.isPresent() && right.isPresent() ? left.get().compareTo(right.get()) : a.compareTo(b);
    }

    private static Optional<BigDecimal> number(String text) {
        return text.matches("-?\\d+(\\.\\d+)?") ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    private static String first(PartitionBound.Values values) {
        return values.values().getFirst().orElse("");
    }
}
