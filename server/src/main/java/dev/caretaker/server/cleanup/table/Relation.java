package dev.caretaker.server.cleanup.table;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A relation as the catalog describes it: the one that a policy names, or one below it.
 *
 * @param parent oid of the relation it inherits from, within the tree that was read
 * @param partition whether it is a partition of another relation, inside or outside of that tree
 * @param key its partition key, if it is partitioned
 * @param range its own bounds, if it is a range partition
 * @param detachPending whether an interrupted DETACH CONCURRENTLY left it half detached
 * @param ruled whether it has rewrite rules
 * @param rowSecurity whether row security is enabled
 * @param rowSecurityApplies whether the role that asked is subject to it
 * @param owned whether that role has the rights of its owner
 * @param deletable whether that role may SELECT and DELETE
 * @param tuples pg_class.reltuples; negative if never vacuumed or analyzed
 * @param pages pg_class.relpages
 */
public record Relation(
        long oid,
        TableName name,
        Kind kind,
        Optional<Long> parent,
        boolean partition,
        Optional<Key> key,
        Optional<Range> range,
        boolean detachPending,
        boolean temporary,
        boolean ruled,
        boolean rowSecurity,
        boolean rowSecurityApplies,
        boolean owned,
        boolean deletable,
        double tuples,
        long pages) {

    /** What it is, by pg_class.relkind. */
    public enum Kind {
        TABLE("table"),
        PARTITIONED("partitioned table"),
        VIEW("view"),
        MATERIALIZED_VIEW("materialized view"),
        FOREIGN("foreign table"),
        OTHER("relation that holds no rows of its own");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }

        static Kind of(String relkind) {
            return switch (relkind) {
                case "r" -> TABLE;
                case "p" -> PARTITIONED;
                case "v" -> VIEW;
                case "m" -> MATERIALIZED_VIEW;
                case "f" -> FOREIGN;
                default -> OTHER;
            };
        }
    }

    /**
     * A partition key.
     *
     * @param byRange whether it is partitioned by range, each column in its type's own order
     * @param columns in order; empty text for an expression
     * @param hasDefault whether there is a default partition
     */
    public record Key(boolean byRange, List<String> columns, boolean hasDefault) {

        /** Whether partitions hold ranges of this column, whatever other columns follow. */
        public boolean leads(String column) {
            return byRange && columns.getFirst().equals(column);
        }

        /** Whether partitions hold ranges of this column alone. */
        public boolean isSolely(String column) {
            return leads(column) && columns.size() == 1;
        }
    }

    /**
     * Bounds of a range partition in its key's first column, as text of the column's type.
     *
     * @param lower empty for MINVALUE
     * @param upper empty for MAXVALUE
     */
    public record Range(Optional<String> lower, Optional<String> upper) {}

    /** Whether rows are stored in the relation itself. */
    public boolean hasRows() {
        return kind == Kind.TABLE;
    }
}
