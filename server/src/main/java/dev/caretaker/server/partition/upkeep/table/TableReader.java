package dev.caretaker.server.partition.upkeep.table;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.PartitionBound;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads tables with their partitions. */
public final class TableReader {

    private TableReader() {}

    /**
     * By name; tables that are not there are left out.
     *
     * @param asOwner whether each is worked on as its owner
     */
    public static Map<TableName, TableState> read(Connection connection, Collection<TableName> names, boolean asOwner)
            throws SQLException {
        List<TableName> wanted = names.stream().distinct().toList();
        List<TableState> tables = Sql.resource(
                        "partition/upkeep_tables",
                        asOwner,
                        array(connection, wanted.stream().map(TableName::schema).toList()),
                        array(connection, wanted.stream().map(TableName::name).toList()))
                .list(connection, TableReader::table);
        Object[] oids = tables.stream().map(TableState::oid).toArray();
        Map<Long, List<Member>> members = Sql.resource(
                        "partition/upkeep_members", connection.createArrayOf("int8", oids))
                .list(connection, TableReader::member)
                .stream()
                .collect(Collectors.groupingBy(Owned::parent, Collectors.mapping(Owned::member, Collectors.toList())));
        Map<Long, List<Published>> published = published(connection, oids);
        Map<TableName, TableState> states = new LinkedHashMap<>();
        for (TableState table : tables) {
            states.put(
                    table.name(),
                    table.with(
                            members.getOrDefault(table.oid(), List.of()),
                            published.getOrDefault(table.oid(), List.of())));
        }
        return states;
    }

    private static Map<Long, List<Published>> published(Connection connection, Object[] oids) throws SQLException {
        record Entry(long oid, Published publication) {}
        String query = Capabilities.of(connection).canPublishSchemas()
                ? "partition/upkeep_publications_with_schemas"
                : "partition/upkeep_publications";
        return Sql.resource(query, connection.createArrayOf("int8", oids))
                .list(
                        connection,
                        row -> new Entry(
                                row.getLong("oid"),
                                new Published(
                                        row.getString("name"),
                                        row.getBoolean("via_root"),
                                        row.getBoolean("everything"))))
                .stream()
                .collect(
                        Collectors.groupingBy(Entry::oid, Collectors.mapping(Entry::publication, Collectors.toList())));
    }

    private record Owned(long parent, Member member) {}

    private static TableState table(ResultSet row) throws SQLException {
        return new TableState(
                row.getLong("oid"),
                new TableName(row.getString("schema_name"), row.getString("table_name")),
                Optional.ofNullable(row.getString("strategy")),
                Optional.ofNullable(row.getString("key_column")),
                Optional.ofNullable(row.getString("key_type")),
                row.getString("owner"),
                row.getBoolean("may_act"),
                Optional.ofNullable(row.getString("membership")),
                row.getBoolean("is_partition"),
                tables(row, "referenced_schemas", "referenced_names"),
                tables(row, "referencing_schemas", "referencing_names"),
                List.of(),
                Optional.ofNullable(row.getBigDecimal("sequence_value")).map(BigDecimal::toBigInteger),
                List.of());
    }

    private static Owned member(ResultSet row) throws SQLException {
        Member.Kind kind = switch (row.getString("kind")) {
            case "p" -> Member.Kind.PARTITIONED_TABLE;
            case "f" -> Member.Kind.FOREIGN_TABLE;
            default -> Member.Kind.TABLE;
        };
        return new Owned(
                row.getLong("parent"),
                new Member(
                        row.getLong("oid"),
                        new TableName(row.getString("schema_name"), row.getString("table_name")),
                        kind,
                        row.getBoolean("detaching"),
                        PartitionBound.parse(row.getString("bound")),
                        row.getLong("bytes"),
                        Math.max(0, (long) row.getDouble("tuples")),
                        row.getLong("inserted")));
    }

    private static List<TableName> tables(ResultSet row, String schemas, String names) throws SQLException {
        List<String> schema = texts(row, schemas);
        List<String> name = texts(row, names);
        return IntStream.range(0, name.size())
                .mapToObj(i -> new TableName(schema.get(i), name.get(i)))
                .distinct()
                .toList();
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    private static Array array(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }
}
