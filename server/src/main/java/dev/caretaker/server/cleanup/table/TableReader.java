package dev.caretaker.server.cleanup.table;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads tables from the catalog, each kind of fact in one query however many partitions there are. */
public final class TableReader {
    private final Connection connection;

    public TableReader(Connection connection) {
        this.connection = connection;
    }

    /** Empty if there is no such relation. */
    public Optional<TableTree> tree(TableName table) throws SQLException {
        List<Relation> relations = Sql.resource("cleanup/relation_tree", table.schema(), table.name())
                .list(connection, TableReader::relation);
        if (relations.isEmpty()) {
            return Optional.empty();
        }
        List<Column> columns = Sql.resource(
                        "cleanup/columns", Long.toString(relations.getFirst().oid()))
                .list(
                        connection,
                        row -> new Column(
                                row.getString("name"),
                                row.getBoolean("not_null"),
                                row.getString("typname"),
                                row.getBoolean("built_in"),
                                row.getString("cast_type"),
                                strings(row, "labels")));
        return Optional.of(new TableTree(relations, columns));
    }

    /** By oid. */
    public Map<Long, Storage> storage(Collection<Long> oids, String timeColumn) throws SQLException {
        String array = array(oids);
        Map<Long, List<Index>> indexes = grouped(
                "cleanup/indexes",
                array,
                row -> new Index(
                        name(row, "nspname", "relname"),
                        row.getBoolean("usable"),
                        row.getBoolean("partial"),
                        strings(row, "key")));
        Map<Long, List<String>> triggers = grouped("cleanup/delete_triggers", array, row -> row.getString("tgname"));
        Map<Long, List<String>> publications = grouped("cleanup/publications", array, row -> row.getString("pubname"));
        Map<Long, List<TableName>> references =
                grouped("cleanup/outgoing_keys", array, row -> name(row, "nspname", "relname"));
        Map<Long, Storage> result = new LinkedHashMap<>();
        Sql.resource("cleanup/storage", timeColumn, array).list(connection, row -> {
            long oid = row.getLong("oid");
            result.put(
                    oid,
                    new Storage(
                            row.getLong("heap_bytes"),
                            row.getLong("toast_bytes"),
                            row.getLong("index_bytes"),
                            row.getDouble("tuples"),
                            row.getBoolean("identified"),
                            row.getString("replica_identity").equals("f"),
                            optionalLong(row, "row_bytes"),
                            optionalDouble(row, "null_fraction"),
                            optionalDouble(row, "correlation"),
                            Optional.ofNullable(row.getObject("analyzed", OffsetDateTime.class))
                                    .map(OffsetDateTime::toInstant),
                            row.getLong("modified"),
                            indexes.getOrDefault(oid, List.of()),
                            triggers.getOrDefault(oid, List.of()),
                            publications.getOrDefault(oid, List.of()),
                            references.getOrDefault(oid, List.of())));
            return oid;
        });
        return result;
    }

    /** Keys that reference any of these relations, and those that their cascades reach. */
    public List<ForeignKey> foreignKeys(Collection<Long> oids) throws SQLException {
        return Sql.resource("cleanup/foreign_keys", array(oids)).list(connection, row -> {
            List<String> parentColumns = strings(row, "parent_columns");
            List<String> childColumns = strings(row, "child_columns");
            Map<String, String> columns = new LinkedHashMap<>();
            for (int i = 0; i < parentColumns.size(); i++) {
                columns.put(parentColumns.get(i), childColumns.get(i));
            }
            return new ForeignKey(
                    row.getString("conname"),
                    row.getInt("depth"),
                    row.getLong("child"),
                    name(row, "child_schema", "child_name"),
                    row.getBoolean("child_partitioned"),
                    row.getLong("parent"),
                    name(row, "parent_schema", "parent_name"),
                    ForeignKey.OnDelete.of(row.getString("action")),
                    columns,
                    row.getBoolean("indexed"));
        });
    }

    /** As a Postgres array, to be cast to bigint[]. */
    public static String array(Collection<Long> oids) {
        return oids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }

    private <T> Map<Long, List<T>> grouped(String statement, String oids, Sql.RowMapper<T> mapper) throws SQLException {
        return Sql.resource(statement, oids)
                .list(connection, row -> Map.entry(row.getLong("relation"), mapper.map(row)))
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static Relation relation(ResultSet row) throws SQLException {
        long parent = row.getLong("parent");
        Optional<Long> parentOid = row.wasNull() ? Optional.empty() : Optional.of(parent);
        String strategy = row.getString("strategy");
        Optional<Relation.Key> key = strategy == null
                ? Optional.empty()
                : Optional.of(new Relation.Key(
                        strategy.equals("r") && row.getBoolean("default_order"),
                        strings(row, "key"),
                        row.getBoolean("has_default")));
        return new Relation(
                row.getLong("oid"),
                name(row, "nspname", "relname"),
                Relation.Kind.of(row.getString("relkind")),
                parentOid,
                row.getBoolean("partition"),
                key,
                RangeParser.parse(row.getString("bound")),
                row.getBoolean("detach_pending"),
                row.getBoolean("temporary"),
                row.getBoolean("ruled"),
                row.getBoolean("row_security"),
                row.getBoolean("row_security_applies"),
                row.getBoolean("owned"),
                row.getBoolean("deletable"),
                row.getDouble("tuples"),
                row.getLong("pages"));
    }

    private static TableName name(ResultSet row, String schema, String name) throws SQLException {
        return new TableName(row.getString(schema), row.getString(name));
    }

    /** NULL elements become empty text, a NULL array becomes an empty list. */
    private static List<String> strings(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        if (array == null) {
            return List.of();
        }
        return Arrays.stream((String[]) array.getArray())
                .map(value -> value == null ? "" : value)
                .toList();
    }

    private static OptionalLong optionalLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static OptionalDouble optionalDouble(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
