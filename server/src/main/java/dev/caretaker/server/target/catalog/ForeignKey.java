package dev.caretaker.server.target.catalog;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A foreign key: {@code child} references {@code parent}. Copies that Postgres keeps for partitions are left out where the
 * constraint they were made from is told.
 *
 * @param depth 1 if it touches the table asked for; n + 1 if its parent loses rows by a cascade of depth n
 * @param columns pairs of columns, in the order of the constraint
 * @param comparable whether its columns can be compared with nothing but code that the catalog, or whoever made the operator
 *     class, vouches for; false where a value would be cast by a function that a user made
 * @param enforced false for NOT ENFORCED (PostgreSQL 18)
 * @param childIndexed whether the child (each of its leaves if partitioned) has a usable index that begins with the columns
 * @param indexColumns what such an index begins with, as CREATE INDEX has it in its brackets: an expression where Postgres casts
 *     the column by a function; without what no index can serve, because that function is not IMMUTABLE; empty if none can
 */
public record ForeignKey(
        long oid,
        String name,
        int depth,
        long childOid,
        TableName child,
        long parentOid,
        TableName parent,
        List<KeyColumn> columns,
        boolean comparable,
        OnDelete onDelete,
        boolean enforced,
        boolean childIndexed,
        Optional<String> indexColumns) {

    public List<String> parentColumns() {
        return columns.stream().map(KeyColumn::parent).toList();
    }

    /** In the order of {@link #parentColumns}. */
    public List<String> childColumns() {
        return columns.stream().map(KeyColumn::child).toList();
    }

    /** Whether deleting a parent removes or changes rows of the child. */
    public boolean changesChild() {
        return switch (onDelete) {
            case CASCADE, SET_NULL, SET_DEFAULT -> enforced;
            case NO_ACTION, RESTRICT -> false;
        };
    }

    /**
     * Whether rows that a row of the child refers to can be left out of a delete: they hold back, and which they are may be
     * asked without running what a user made.
     */
    public boolean canBeSkipped() {
        return depth == 1 && !changesChild() && comparable;
    }

    /** What happens to the child's row when its parent's row is deleted. */
    public enum OnDelete {
        NO_ACTION,
        RESTRICT,
        CASCADE,
        SET_NULL,
        SET_DEFAULT;

        /** As SQL writes it. */
        public String sql() {
            return name().replace('_', ' ');
        }

        static OnDelete of(String code) {
            return switch (code) {
                case "a" -> NO_ACTION;
                case "r" -> RESTRICT;
                case "c" -> CASCADE;
                case "n" -> SET_NULL;
                case "d" -> SET_DEFAULT;
                default -> throw new IllegalArgumentException("unknown delete action " + code);
            };
        }
    }
}
