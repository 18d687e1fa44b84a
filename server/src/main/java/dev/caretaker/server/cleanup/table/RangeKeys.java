package dev.caretaker.server.cleanup.table;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.PartitionKey;
import dev.caretaker.server.target.catalog.Relation;
import java.util.Optional;

/** What partition bounds say about one column. An operator class that is not the type's own shows in the definition. */
public final class RangeKeys {

    private RangeKeys() {}

    /** Whether partitions hold ranges of this column in its type's order, whatever other columns follow. */
    public static boolean leads(PartitionKey key, String column) {
        return is(key, column, ")") || is(key, column, ",");
    }

    /** Whether partitions hold ranges of this column alone. */
    public static boolean isSolely(PartitionKey key, String column) {
        return is(key, column, ")");
    }

    /** Bounds of a range partition in its key's first column. */
    public static Optional<PartitionBound.Range> range(Relation partition) {
        return partition
                .membership()
                .map(Relation.Membership::bound)
                .filter(PartitionBound.Range.class::isInstance)
                .map(PartitionBound.Range.class::cast);
    }

    /** Text of a limit; empty for MINVALUE and MAXVALUE. */
    public static Optional<String> text(PartitionBound.Limit limit) {
        return limit instanceof PartitionBound.Value value ? Optional.of(value.text()) : Optional.empty();
    }

    private static boolean is(PartitionKey key, String column, String next) {
        return key.strategy() == PartitionKey.Strategy.RANGE
                && (key.definition().startsWith("RANGE (" + column + next)
                        || key.definition().startsWith("RANGE (" + Identifiers.quote(column) + next))
                && key.columns().getFirst().equals(Optional.of(column));
    }
}
