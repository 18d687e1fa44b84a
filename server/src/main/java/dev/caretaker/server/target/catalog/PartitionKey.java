package dev.caretaker.server.target.catalog;

import java.util.List;
import java.util.Optional;

/**
 * How a partitioned table is cut.
 *
 * @param columns key columns in order; an expression stands as empty
 * @param definition as in PARTITION BY
 * @param defaultPartition oid of the default partition
 */
public record PartitionKey(
        Strategy strategy, List<Optional<String>> columns, String definition, Optional<Long> defaultPartition) {

    /** How values find their partition. */
    public enum Strategy {
        RANGE,
        LIST,
        HASH;

        static Strategy of(String code) {
            return switch (code) {
                case "r" -> RANGE;
                case "l" -> LIST;
                case "h" -> HASH;
                default -> throw new IllegalArgumentException("unknown partitioning strategy " + code);
            };
        }
    }
}
