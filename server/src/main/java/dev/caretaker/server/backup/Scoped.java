package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A selection within the schemas that a target is limited to, so that what is said to be in a backup is. */
final class Scoped {
    private Scoped() {}

    /** What is selected of a target; all of one that is limited to schemas is these schemas. */
    static Selection within(Selection selection, List<String> scope) {
        return selection.takesAllObjects() && !scope.isEmpty()
                ? new Selection(scope, List.of(), selection.withoutRows())
                : selection;
    }

    /**
     * Whether schemas and tables that are named can be copied.
     *
     * @throws CaretakerException INVALID_FIELD for a schema that is not there, or lies outside of those of the target
     */
    static void require(Selection selection, Target target, Connection connection) throws SQLException {
        if (selection.schemas().isEmpty() && selection.tables().isEmpty()) {
            return;
        }
        Set<String> here = new HashSet<>(
                Sql.of("SELECT nspname FROM pg_catalog.pg_namespace").list(connection, row -> row.getString(1)));
        for (int i = 0; i < selection.schemas().size(); i++) {
            String field = "selection.schemas[" + i + "]";
            String schema = selection.schemas().get(i);
            requireScope(field, schema, target);
            if (!here.contains(schema)) {
                throw CaretakerException.invalid(field, "there is no schema " + schema);
            }
        }
        for (int i = 0; i < selection.tables().size(); i++) {
            TableName table = selection.tables().get(i);
            requireScope("selection.tables[" + i + "]", table.schema(), target);
        }
    }

    private static void requireScope(String field, String schema, Target target) {
        if (!target.inScope(schema)) {
            throw CaretakerException.invalid(
                    field, "schema " + schema + " is none of those that target " + target.name() + " is limited to");
        }
    }
}
