package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.ConversionPlanner;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTableReader;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
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
        PlainTable without = new PlainTable(
                now.oid(),
                now.name(),
                now.owner(),
                now.mayAct(),
                now.foreignOwner(),
                now.kind(),
                now.persistence(),
                now.typed(),
                now.inherits(),
                now.ofExtension(),
                now.rowSecurity(),
                now.forcedRowSecurity(),
                now.identity(),
                now.tablespace(),
                now.comment(),
                now.columns(),
                now.indexes().stream()
                        .filter(index -> !ours.contains(index.name()))
                        .toList(),
                now.constraints().stream()
                        .filter(constraint -> !(constraint.type().equals("c")
                                && constraint.name().equals(ConversionPlanner.CHECK)))
                        .toList(),
                now.triggers(),
                now.rewrites(),
                now.policies(),
                now.functions(),
                now.publications(),
                now.grants());
        return without.equals(order.table());
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
