package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Triggers of users that may fire while rows are deleted: the server names in an error the function, and not the trigger. */
record FiringTriggers(List<Firing> all) {
    static final FiringTriggers NONE = new FiringTriggers(List.of());

    /**
     * A trigger.
     *
     * @param function its function's name without a schema
     */
    record Firing(String name, TableName table, String functionSchema, String function) {
        /** As a sentence has it. */
        @Override
        public String toString() {
            return "trigger \"" + name + "\" of " + table;
        }

        /** Whether the server was in its function. CONTEXT quotes names where it must, and has the schema if it must. */
        private boolean isIn(String context) {
            String unquoted = context.replace("\"", "");
            return unquoted.contains("function " + function + "(")
                    || unquoted.contains("function " + functionSchema + "." + function + "(");
        }
    }

    /** Those of a table and of tables that its foreign keys reach, with their partitions. */
    static FiringTriggers read(Session session, TableName table, Collection<TableName> reached) throws SQLException {
        Array schemas = names(
                session, table.schema(), reached.stream().map(TableName::schema).toList());
        Array names = names(
                session, table.name(), reached.stream().map(TableName::name).toList());
        return new FiringTriggers(Sql.resource("cleanup/step/firing_triggers", schemas, names)
                .list(
                        session.connection(),
                        row -> new Firing(
                                row.getString("trigger"),
                                new TableName(row.getString("schema"), row.getString("name")),
                                row.getString("function_schema"),
                                row.getString("function"))));
    }

    private static Array names(Session session, String first, List<String> others) throws SQLException {
        return session.connection()
                .createArrayOf(
                        "text", Stream.concat(Stream.of(first), others.stream()).toArray());
    }

    /** The one in whose function the server was when it raised an error. */
    Optional<Firing> in(String context) {
        return all.stream().filter(trigger -> trigger.isIn(context)).findFirst();
    }
}
