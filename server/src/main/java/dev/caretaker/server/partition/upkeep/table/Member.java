package dev.caretaker.server.partition.upkeep.table;

import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.PartitionBound.Limit;
import java.util.Optional;

/**
 * A partition of a table.
 *
 * @param detaching whether DETACH CONCURRENTLY began and was not finished
 * @param bytes of its heap
 * @param rows by the planner's statistics; 0 if unknown
 * @param inserted rows ever inserted, by the cumulative statistics
 */
public record Member(
        long oid,
        TableName name,
        Kind kind,
        boolean detaching,
        PartitionBound bound,
        long bytes,
        long rows,
        long inserted) {

    /** What a partition is. */
    public enum Kind {
        TABLE,
        PARTITIONED_TABLE,
        FOREIGN_TABLE
    }

    public boolean isDefault() {
        return bound instanceof PartitionBound.Default;
    }

    /** Its range as that encoding reads it; empty if it has none, or one that cannot be read. */
    public Optional<KeyRange> range(KeyEncoding encoding) {
        return bound instanceof PartitionBound.Range range && range.from().size() == 1
                ? point(encoding, range.from().getFirst())
                        .flatMap(from -> point(encoding, range.to().getFirst()).map(to -> new KeyRange(from, to)))
                : Optional.empty();
    }

    /** Text of its lower bound; empty if it has no range. */
    public Optional<String> from() {
        return bound instanceof PartitionBound.Range range
                ? Optional.of(range.from().getFirst().text())
                : Optional.empty();
    }

    /** Text of its upper bound; empty if it has no range. */
    public Optional<String> to() {
        return bound instanceof PartitionBound.Range range
                ? Optional.of(range.to().getFirst().text())
                : Optional.empty();
    }

    private static Optional<KeyPoint> point(KeyEncoding encoding, Limit limit) {
        return switch (limit) {
            case PartitionBound.Min() -> Optional.of(KeyPoint.LOWEST);
            case PartitionBound.Max() -> Optional.of(KeyPoint.HIGHEST);
            case PartitionBound.Value(String text) -> encoding.read(text);
        };
    }
}
