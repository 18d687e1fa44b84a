package dev.caretaker.server.target.catalog;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads what the catalog says of a table and all that belongs to it, in a number of queries that does not depend on the
 * number of partitions. Every method wants a connection in autocommit, reads in one snapshot, and leaves nothing behind.
 * No lock is waited for.
 */
public final class Catalog {
    /** Its joins are written in an order that serves: to weigh all others would take the planner longer than the query runs. */
    private static final String FEWER_JOIN_ORDERS =
            "SET LOCAL join_collapse_limit = 4; SET LOCAL from_collapse_limit = 4";

    private static final String SCHEMA_LESS = "SET LOCAL search_path = pg_catalog, pg_temp";

    private final Connection connection;

    private Catalog(Connection connection) {
        this.connection = connection;
    }

    /** The table of exactly that name; empty if there is none. */
    public static Optional<TableFacts> table(Connection connection, TableName name) throws SQLException {
        return snapshot(connection, catalog -> {
            Optional<Long> oid = catalog.resolve(name);
            return oid.isPresent() ? catalog.facts(oid.get()) : Optional.empty();
        });
    }

    /** What keeps VACUUM from removing dead rows, the oldest first. */
    public static XminHorizon xminHorizon(Connection connection) throws SQLException {
        return snapshot(connection, catalog -> XminHorizon.read(catalog.connection));
    }

    private Optional<Long> resolve(TableName name) throws SQLException {
        return Sql.of(
                        "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = ? AND c.relname = ?",
                        name.schema(),
                        name.name())
                .first(connection, row -> row.getLong(1));
    }

    private Optional<TableFacts> facts(long oid) throws SQLException {
        List<Long> tree = Sql.resource("target/catalog_tree", oid).list(connection, row -> row.getLong(1));
        Map<Long, Relation> relations = read(tree, Set.of(oid));
        Relation table = relations.remove(oid);
        if (table == null) {
            return Optional.empty();
        }
        return Optional.of(new TableFacts(
                table,
                List.copyOf(relations.values()),
                Sql.resource("target/catalog_inheritance", array(tree))
                        .list(connection, row -> new TableName(row.getString(1), row.getString(2))),
                incoming(oid),
                foreignKeys(List.of(oid), false, 1)));
    }

    private Map<Long, Relation> read(List<Long> oids, Set<Long> inFull) throws SQLException {
        CatalogRows rows = new CatalogRows(connection, array(oids));
        boolean withSchemas = Capabilities.of(connection).canPublishSchemas();
        var columns = rows.columns(inFull);
        var indexes = rows.indexes();
        var triggers = rows.triggers();
        var rules = rows.rules();
        var publications = rows.publications(withSchemas);
        var sizes = sizes(rows);
        Map<Long, Relation> relations = new LinkedHashMap<>();
        for (Relation relation :
                rows.relations(new CatalogRows.Parts(columns, indexes, triggers, rules, publications, sizes))) {
            relations.put(relation.oid(), relation);
        }
        return relations;
    }

    /** Measuring takes locks: it gives up at once where one is not free, and the catalog's own figures do. */
    private Map<Long, Relation.Size> sizes(CatalogRows rows) throws SQLException {
        Map<Long, Relation.Size> sizes = rows.estimatedSizes();
        Savepoint before = connection.setSavepoint();
        try {
            Sql.of("SELECT pg_catalog.set_config('lock_timeout', '100ms', true)")
                    .one(connection, row -> row.getString(1));
            sizes.putAll(rows.measuredSizes());
        } catch (SQLException e) {
            if (!PostgresErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
        }
        return sizes;
    }

    /** Those that reference the table, then those that reference what each round of cascades takes. */
    private List<ForeignKey> incoming(long oid) throws SQLException {
        Map<Long, ForeignKey> found = new LinkedHashMap<>();
        Set<Long> seen = new LinkedHashSet<>(List.of(oid));
        Set<Long> losing = Set.of(oid);
        for (int depth = 1; !losing.isEmpty(); depth++) {
            List<ForeignKey> keys = foreignKeys(List.copyOf(losing), true, depth);
            keys.forEach(key -> found.putIfAbsent(key.oid(), key));
            losing = keys.stream()
                    .filter(key -> key.onDelete() == ForeignKey.OnDelete.CASCADE && key.enforced())
                    .map(ForeignKey::childOid)
                    .filter(seen::add)
                    .collect(Collectors.toSet());
        }
        return List.copyOf(found.values());
    }

    private List<ForeignKey> foreignKeys(List<Long> oids, boolean incoming, int depth) throws SQLException {
        Sql.of(FEWER_JOIN_ORDERS).update(connection);
        return Sql.resource("target/catalog_foreign_keys", array(oids), incoming)
                .list(connection, row -> CatalogRows.foreignKey(row, depth));
    }

    private static String array(Collection<Long> oids) {
        return oids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }

    private static <T> T snapshot(Connection connection, Reading<T> reading) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalStateException("the catalog is read in a transaction of its own");
        }
        connection.setAutoCommit(false);
        try {
            Sql.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").update(connection);
            Sql.of(SCHEMA_LESS).update(connection);
            return reading.from(new Catalog(connection));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private interface Reading<T> {
        T from(Catalog catalog) throws SQLException;
    }
}
