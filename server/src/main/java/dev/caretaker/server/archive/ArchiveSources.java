package dev.caretaker.server.archive;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a manifest has to say of a table. */
public final class ArchiveSources {
    private static final String SCHEMA_LESS = "SET LOCAL search_path = pg_catalog, pg_temp";

    private ArchiveSources() {}

    /**
     * The table of that oid, with all its columns; empty if there is none.
     *
     * @param connection in autocommit
     */
    public static Optional<ArchiveSource> read(Connection connection, long oid) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalStateException("the catalog is read in a transaction of its own");
        }
        connection.setAutoCommit(false);
        try {
            Sql.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").update(connection);
            Sql.of(SCHEMA_LESS).update(connection); // or names of types and tables come without their schemas
            return table(connection, oid);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /**
     * Columns of the table of that oid, in their order; generated ones are among them.
     *
     * @param connection in a transaction whose search_path is pg_catalog
     */
    public static List<ArchivedColumn> columns(Connection connection, long oid) throws SQLException {
        return Sql.resource("archive/columns", oid, oid)
                .list(connection, row -> column(row).column());
    }

    private static Optional<ArchiveSource> table(Connection connection, long oid) throws SQLException {
        List<Made> made = Sql.resource("archive/columns", oid, oid).list(connection, ArchiveSources::column);
        List<String> definition = new ArrayList<>(
                Sql.resource("archive/definition", oid, oid).list(connection, row -> row.getString("definition")));
        return Sql.resource("archive/source", oid).first(connection, row -> {
            TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
            definition.add(0, create(table, made, row.getString("partition_key")));
            String schema = row.getString("parent_schema");
            Optional<TableName> parent =
                    Optional.ofNullable(row.getString("parent_name")).map(name -> new TableName(schema, name));
            String bound = parent.isPresent() ? row.getString("bound") : "";
            parent.ifPresent(whole -> definition.add("ALTER TABLE " + Identifiers.quote(whole) + " ATTACH PARTITION "
                    + Identifiers.quote(table) + " " + bound));
            return new ArchiveSource(
                    table,
                    oid,
                    row.getLong("system_identifier"),
                    row.getString("database"),
                    row.getString("server_version"),
                    row.getString("encoding"),
                    parent,
                    bound,
                    made.stream().map(Made::column).toList(),
                    List.copyOf(definition));
        });
    }

    private static String create(TableName table, List<Made> columns, @Nullable String partitionKey) {
        List<String> lines = columns.stream().map(Made::definition).toList();
        return "CREATE TABLE " + Identifiers.quote(table) + " (" + String.join(", ", lines) + ")"
                + (partitionKey == null ? "" : " PARTITION BY " + partitionKey);
    }

    private static Made column(ResultSet row) throws SQLException {
        ArchivedColumn column = new ArchivedColumn(
                row.getString("attname"),
                row.getString("type"),
                row.getString("base_type"),
                row.getLong("base_type_oid"),
                row.getInt("atttypmod"),
                row.getString("collation"),
                row.getBoolean("attnotnull"),
                row.getString("generated"));
        return new Made(
                column, row.getBoolean("virtual"), row.getString("default_expression"), row.getString("identity"));
    }

    /** A column with what only its definition tells. */
    private record Made(ArchivedColumn column, boolean isVirtual, String defaultExpression, String identity) {
        String definition() {
            StringBuilder text = new StringBuilder(Identifiers.quote(column.name()));
            text.append(' ').append(column.type());
            add(text, " COLLATE ", column.collation(), "");
            add(text, " GENERATED ALWAYS AS (", column.generated(), isVirtual ? ") VIRTUAL" : ") STORED");
            add(text, " DEFAULT ", defaultExpression, "");
            add(text, " GENERATED ", identity, " AS IDENTITY");
            return text.append(column.notNull() ? " NOT NULL" : "").toString();
        }

        private static void add(StringBuilder text, String before, String what, String after) {
            if (!what.isEmpty()) {
                text.append(before).append(what).append(after);
            }
        }
    }
}
