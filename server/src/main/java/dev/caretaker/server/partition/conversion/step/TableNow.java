package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTableReader;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a table that is being converted stands in the catalog. */
final class TableNow {
    private final Session session;
    private final ConversionOrder order;

    TableNow(Session session, ConversionOrder order) {
        this.session = session;
        this.order = order;
    }

    /** The planned table, under its own name and not partitioned; empty if it is not that any more. */
    Optional<PlainTable> plain() throws SQLException {
        return PlainTableReader.read(session.connection(), order.table().name())
                .filter(table -> table.oid() == order.table().oid());
    }

    /** Whether it is the partition below the boundary of the table that has its name. */
    boolean converted() throws SQLException {
        return Sql.of(
                        "SELECT count(*) FROM pg_catalog.pg_inherits i"
                                + " JOIN pg_catalog.pg_class p ON p.oid = i.inhparent"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace"
                                + " WHERE i.inhrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid"
                                + " AND n.nspname = ? AND p.relname = ?",
                        order.table().oid(),
                        order.table().name().schema(),
                        order.table().name().name())
                .one(session.connection(), row -> row.getLong(1) == 1);
    }

    /** Whether the table is what it was when the conversion was planned, but for what the conversion itself has added. */
    boolean isAsPlanned(PlainTable now) {
        Set<String> ours =
                order.indexes().stream().map(index -> index.name().name()).collect(Collectors.toSet());
        return now.without(ours, ConversionOrder.CHECK).equals(order.table());
    }

    /** Whether it is valid; empty if there is no such index of the table. */
    Optional<Boolean> index(TableName name) throws SQLException {
        return Sql.of(
                        "SELECT x.indisvalid FROM pg_catalog.pg_index x"
                                + " JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace"
                                + " WHERE x.indrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid"
                                + " AND n.nspname = ? AND i.relname = ?",
                        order.table().oid(),
                        name.schema(),
                        name.name())
                .first(session.connection(), row -> row.getBoolean(1));
    }

    /** Whether the table is there at all, whatever it is called by now. */
    boolean isThere() throws SQLException {
        return Sql.of(
                        "SELECT count(*) FROM pg_catalog.pg_class c WHERE c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid",
                        order.table().oid())
                .one(session.connection(), row -> row.getLong(1) == 1);
    }

    /** Whether the partitioned table that was prepared is there: a table of somebody else's that has its name is not it. */
    boolean isPrepared() throws SQLException {
        return Sql.resource(
                        "partition/convert_prepared",
                        order.prepared().schema(),
                        order.prepared().name(),
                        session.connection()
                                .createArrayOf(
                                        "text",
                                        order.partitions().stream()
                                                .map(TableName::name)
                                                .toArray()))
                .one(session.connection(), row -> row.getBoolean(1));
    }

    boolean isPreparedEmpty() throws SQLException {
        return Sql.of("SELECT NOT EXISTS (SELECT FROM " + Identifiers.quote(order.prepared()) + ")")
                .one(session.connection(), row -> row.getBoolean(1));
    }

    /**
     * Rows at or above the boundary, in all partitions of the table but the one that it was.
     *
     * @param most if there are more, one more than that is told
     */
    long countAbove(int most) throws SQLException {
        long rows = 0;
        for (TableName partition : others()) {
            if (rows <= most) {
                rows += Sql.of("SELECT pg_catalog.count(*) FROM (SELECT FROM " + Identifiers.quote(partition)
                                + " LIMIT " + (most + 1 - rows) + ") AS few")
                        .one(session.connection(), row -> row.getLong(1));
            }
        }
        return rows;
    }

    /** How many partitions the table has that it became, itself among them. */
    int partitions() throws SQLException {
        return others().size() + 1;
    }

    private List<TableName> others() throws SQLException {
        return Sql.of(
                        "SELECT n.nspname, c.relname FROM pg_catalog.pg_inherits own"
                                + " JOIN pg_catalog.pg_inherits i ON i.inhparent = own.inhparent AND i.inhrelid <> own.inhrelid"
                                + " JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE own.inhrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid",
                        order.table().oid())
                .list(session.connection(), row -> new TableName(row.getString(1), row.getString(2)));
    }

    boolean exists(TableName name) throws SQLException {
        return Sql.of(
                        "SELECT count(*) FROM pg_catalog.pg_class c"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = ? AND c.relname = ?",
                        name.schema(),
                        name.name())
                .one(session.connection(), row -> row.getLong(1) > 0);
    }
}
