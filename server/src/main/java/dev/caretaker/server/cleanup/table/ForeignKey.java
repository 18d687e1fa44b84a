package dev.caretaker.server.cleanup.table;

import dev.caretaker.server.store.TableName;
import java.util.Map;

/**
 * A foreign key that references a table, or a table to which its cascades reach.
 *
 * @param depth 1 if it references the table itself, more along cascades
 * @param child oid of the referencing table
 * @param parent oid of the referenced table
 * @param columns referenced column → referencing column, in the key's order
 * @param indexed whether an index serves the search for referencing rows
 */
public record ForeignKey(
        String name,
        int depth,
        long child,
        TableName childName,
        boolean childPartitioned,
        long parent,
        TableName parentName,
        OnDelete onDelete,
        Map<String, String> columns,
        boolean indexed) {

    /** What happens to referencing rows. */
    public enum OnDelete {
        NO_ACTION("NO ACTION"),
        RESTRICT("RESTRICT"),
        CASCADE("CASCADE"),
        SET_NULL("SET NULL"),
        SET_DEFAULT("SET DEFAULT");

        private final String sql;

        OnDelete(String sql) {
            this.sql = sql;
        }

        public String sql() {
            return sql;
        }

        /** Whether it holds the referenced row back. */
        public boolean pins() {
            return this == NO_ACTION || this == RESTRICT;
        }

        static OnDelete of(String confdeltype) {
            return switch (confdeltype) {
                case "r" -> RESTRICT;
                case "c" -> CASCADE;
                case "n" -> SET_NULL;
                case "d" -> SET_DEFAULT;
                default -> NO_ACTION;
            };
        }
    }
}
