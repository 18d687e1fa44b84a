package dev.caretaker.server.target.catalog;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Operators;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.Relation.Membership;
import dev.caretaker.server.target.catalog.Relation.Size;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The catalog's rows as records, for one set of relations. */
final class CatalogRows {
    private final Connection connection;
    private final String oids;

    CatalogRows(Connection connection, String oids) {
        this.connection = connection;
        this.oids = oids;
    }

    /** What belongs to relations, by oid. */
    record Parts(
            Columns columns,
            Map<Long, List<Index>> indexes,
            Map<Long, List<Trigger>> triggers,
            Map<Long, List<RewriteRule>> rules,
            Map<Long, List<Publication>> publications,
            Map<Long, Size> sizes) {}

    List<Relation> relations(Parts parts) throws SQLException {
        return Sql.resource("target/catalog_relations", oids).list(connection, row -> relation(row, parts));
    }

    private static Relation relation(ResultSet row, Parts parts) throws SQLException {
        long oid = row.getLong("oid");
        return new Relation(
                oid,
                new TableName(row.getString("nspname"), row.getString("relname")),
                RelationKind.of(row.getString("relkind")),
                Relation.Persistence.of(row.getString("relpersistence")),
                row.getString("owner"),
                key(row),
                membership(row),
                parts.columns().of(oid),
                parts.columns().figures(oid),
                parts.indexes().getOrDefault(oid, List.of()),
                parts.triggers().getOrDefault(oid, List.of()),
                parts.rules().getOrDefault(oid, List.of()),
                new Relation.RowSecurity(row.getBoolean("relrowsecurity"), row.getBoolean("row_security_active")),
                parts.publications().getOrDefault(oid, List.of()),
                row.getBoolean("replica_identity"),
                new Relation.Rights(
                        row.getBoolean("schema_usage"),
                        row.getBoolean("can_select"),
                        row.getBoolean("can_delete"),
                        row.getBoolean("owns"),
                        row.getBoolean("maintain")),
                new Relation.Statistics(
                        row.getDouble("reltuples"), row.getLong("mod_since_analyze"), row.getBoolean("dated")),
                parts.sizes().getOrDefault(oid, new Size(false, 0, 0, 0)));
    }

    private static Optional<Membership> membership(ResultSet row) throws SQLException {
        String bound = row.getString("bound");
        if (bound == null) {
            return Optional.empty();
        }
        return Optional.of(new Membership(
                row.getLong("parent_oid"), PartitionBound.parse(bound), row.getBoolean("inhdetachpending")));
    }

    private static Optional<PartitionKey> key(ResultSet row) throws SQLException {
        String code = row.getString("partstrat");
        if (code == null) {
            return Optional.empty();
        }
        long defaultPartition = row.getLong("key_default");
        return Optional.of(new PartitionKey(
                PartitionKey.Strategy.of(code),
                Arrays.stream(texts(row, "key_columns"))
                        .map(Optional::ofNullable)
                        .toList(),
                row.getString("key_definition"),
                defaultPartition == 0 ? Optional.empty() : Optional.of(defaultPartition)));
    }

    /** @param inFull relations whose columns keep their statistics */
    Columns columns(Set<Long> inFull) throws SQLException {
        Columns columns = new Columns(inFull);
        Sql.resource("target/catalog_columns", oids).each(connection, row -> {
            columns.add(row.getLong("attrelid"), column(row));
        });
        columns.end();
        return columns;
    }

    private static Column column(ResultSet row) throws SQLException {
        return new Column(
                row.getString("attname"),
                row.getInt("attnum"),
                row.getString("type"),
                row.getLong("base_type_oid"),
                row.getString("base_type"),
                row.getString("cast_type"),
                row.getString("typcategory").charAt(0),
                row.getBoolean("attnotnull"),
                row.getBoolean("generated"),
                new Column.ColumnStatistics(
                        row.getBoolean("known"),
                        row.getDouble("null_frac"),
                        row.getInt("avg_width"),
                        row.getDouble("correlation")));
    }

    Map<Long, List<Index>> indexes() throws SQLException {
        Map<Long, List<Index>> indexes = new HashMap<>();
        Map<Long, List<Index.KeyColumn>> keys = new HashMap<>();
        Sql.resource("target/catalog_indexes", oids).each(connection, row -> {
            long oid = row.getLong("oid");
            if (!keys.containsKey(oid)) {
                keys.put(oid, new ArrayList<>());
                indexes.computeIfAbsent(row.getLong("indrelid"), relation -> new ArrayList<>())
                        .add(index(row, keys.get(oid)));
            }
            keys.get(oid)
                    .add(new Index.KeyColumn(
                            Optional.ofNullable(row.getString("attname")),
                            row.getBoolean("default_operators"),
                            row.getBoolean("own_collation")));
        });
        return indexes;
    }

    private static Index index(ResultSet row, List<Index.KeyColumn> key) throws SQLException {
        return new Index(
                new TableName(row.getString("nspname"), row.getString("relname")),
                row.getString("amname"),
                row.getBoolean("indisvalid"),
                row.getBoolean("indisready"),
                row.getBoolean("indislive"),
                row.getBoolean("partial"),
                key);
    }

    Map<Long, List<Trigger>> triggers() throws SQLException {
        return grouped(
                "catalog_triggers",
                "tgrelid",
                row -> new Trigger(
                        row.getString("tgname"),
                        Trigger.Timing.valueOf(row.getString("timing")),
                        row.getBoolean("each_row"),
                        row.getBoolean("deletes"),
                        row.getBoolean("truncates"),
                        Trigger.Enabled.of(row.getString("tgenabled")),
                        row.getString("function")));
    }

    Map<Long, List<RewriteRule>> rules() throws SQLException {
        return grouped(
                "catalog_rules",
                "ev_class",
                row -> new RewriteRule(row.getString("rulename"), row.getString("event"), row.getBoolean("replaces")));
    }

    Map<Long, List<Publication>> publications(boolean withSchemas) throws SQLException {
        return grouped(
                withSchemas ? "catalog_publications_with_schemas" : "catalog_publications",
                "oid",
                row -> new Publication(
                        row.getString("pubname"),
                        row.getBoolean("pubdelete"),
                        row.getBoolean("pubupdate"),
                        List.of(texts(row, "filtering")),
                        List.of(texts(row, "unlisted")),
                        List.of(texts(row, "generated"))));
    }

    /** Those that could be measured without waiting. */
    Map<Long, Size> measuredSizes() throws SQLException {
        Map<Long, Size> sizes = sizes("catalog_sizes", true);
        sizes.values().removeIf(size -> !size.measured());
        return sizes;
    }

    Map<Long, Size> estimatedSizes() throws SQLException {
        return sizes("catalog_sizes_estimated", false);
    }

    private Map<Long, Size> sizes(String resource, boolean measured) throws SQLException {
        Map<Long, Size> sizes = new HashMap<>();
        Sql.resource("target/" + resource, oids).list(connection, row -> {
            long heap = row.getLong("heap");
            boolean known = measured && !row.wasNull();
            return sizes.put(row.getLong("oid"), new Size(known, heap, row.getLong("table"), row.getLong("indexes")));
        });
        return sizes;
    }

    static ForeignKey foreignKey(ResultSet row, int depth) throws SQLException {
        return new ForeignKey(
                row.getLong("oid"),
                row.getString("conname"),
                depth,
                row.getLong("conrelid"),
                new TableName(row.getString("child_schema"), row.getString("child_name")),
                row.getLong("confrelid"),
                new TableName(row.getString("parent_schema"), row.getString("parent_name")),
                keyColumns(row),
                row.getBoolean("comparable"),
                ForeignKey.OnDelete.of(row.getString("confdeltype")),
                row.getBoolean("enforced"),
                row.getBoolean("indexed"),
                Optional.ofNullable(row.getString("index_columns")));
    }

    private static List<KeyColumn> keyColumns(ResultSet row) throws SQLException {
        String[] parents = texts(row, "parent_columns");
        String[] children = texts(row, "child_columns");
        String[] schemas = texts(row, "operator_schemas");
        String[] operators = texts(row, "operators");
        String[] parentTypes = texts(row, "parent_types");
        String[] childTypes = texts(row, "child_types");
        String[] collations = texts(row, "collations");
        List<KeyColumn> columns = new ArrayList<>();
        for (int i = 0; i < parents.length; i++) {
            columns.add(new KeyColumn(
                    parents[i],
                    children[i],
                    Operators.of(schemas[i], operators[i]),
                    Optional.ofNullable(parentTypes[i]),
                    Optional.ofNullable(childTypes[i]),
                    Optional.ofNullable(collations[i])));
        }
        return List.copyOf(columns);
    }

    private <T> Map<Long, List<T>> grouped(String resource, String relation, Sql.RowMapper<T> mapper)
            throws SQLException {
        Map<Long, List<T>> groups = new LinkedHashMap<>();
        Sql.resource("target/" + resource, oids)
                .list(
                        connection,
                        row -> groups.computeIfAbsent(row.getLong(relation), oid -> new ArrayList<>())
                                .add(mapper.map(row)));
        return groups;
    }

    private static String[] texts(ResultSet row, String column) throws SQLException {
        return (String[]) row.getArray(column).getArray();
    }
}
