package dev.caretaker.server.report.growth;

import dev.caretaker.server.report.growth.GrowthSample.Content;
import dev.caretaker.server.report.growth.GrowthSample.OtherTables;
import dev.caretaker.server.report.growth.GrowthSample.PolicyRows;
import dev.caretaker.server.report.growth.GrowthSample.TableSize;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.EscapedQuery;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads how large a database and its tables are, in one statement for all tables, and without standing in anybody's way. */
final class TableSizes {
    /** Relations of which the server is asked the size: each costs it some kilobytes for as long as the session lasts. */
    private static final int MOST_MEASURED = 2_000;

    private final List<String> schemas;
    private final int most;
    private final boolean wholeServer;

    /**
     * @param schemas that are looked at; empty: all
     * @param most tables that are told one by one
     * @param wholeServer whether the server's other databases are of interest
     */
    TableSizes(List<String> schemas, int most, boolean wholeServer) {
        this.schemas = schemas;
        this.most = most;
        this.wholeServer = wholeServer;
    }

    /** In a transaction that is open and bounded in time. */
    Content read(Connection connection, List<PolicyRows> policies) throws SQLException {
        List<TableSize> tables = new ArrayList<>();
        List<OtherTables> others = new ArrayList<>();
        for (TableRow row : rows(connection)) {
            if (row.table().isPresent()) {
                tables.add(row.size());
            } else if (row.tables() > 0) {
                others.add(new OtherTables(
                        row.tables(),
                        row.size().bytes(),
                        row.size().rows(),
                        row.size().deadRows()));
            }
        }
        tables.sort(Comparator.comparingLong(TableSize::bytes)
                .reversed()
                .thenComparing(size -> size.table().toString()));
        return Sql.resource("report/growth_database", wholeServer)
                .one(
                        connection,
                        row -> new Content(
                                row.getLong("database_bytes"),
                                optional(row, "server_bytes"),
                                row.getLong("unseen"),
                                Optional.ofNullable(ControlStore.instant(row, "stats_reset")),
                                List.copyOf(tables),
                                others.stream().findFirst(),
                                policies));
    }

    /** A lock that is taken just now makes the server wait, for as long as a lock may take: then nothing is measured. */
    private List<TableRow> rows(Connection connection) throws SQLException {
        Sql.of("SAVEPOINT measuring").update(connection);
        try {
            return rows(connection, MOST_MEASURED);
        } catch (SQLException e) {
            if (!PostgresErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            Sql.of("ROLLBACK TO SAVEPOINT measuring").update(connection);
            return rows(connection, 0);
        }
    }

    private List<TableRow> rows(Connection connection, int measured) throws SQLException {
        Array names = connection.createArrayOf("text", schemas.toArray());
        Sql query = Sql.resource("report/growth_tables", names, names, most, measured);
        Sql.of("SAVEPOINT names").update(connection);
        try {
            return query.list(connection, TableRow::read);
        } catch (SQLException e) {
            if (!EscapedQuery.isCalledFor(e)) {
                throw e;
            }
            Sql.of("ROLLBACK TO SAVEPOINT names").update(connection);
            return query.escaped(connection).list(connection, TableRow::read);
        }
    }

    private static OptionalLong optional(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** @param table empty for all others together */
    private record TableRow(Optional<TableName> table, long tables, TableSize size) {
        static TableRow read(ResultSet row) throws SQLException {
            String name = row.getString("table_name");
            Optional<TableName> table =
                    name == null ? Optional.empty() : Optional.of(new TableName(row.getString("schema_name"), name));
            return new TableRow(
                    table,
                    row.getLong("tables"),
                    new TableSize(
                            table.orElse(new TableName("", "")),
                            row.getLong("heap"),
                            row.getLong("index"),
                            row.getLong("toast"),
                            row.getLong("rows"),
                            row.getLong("dead"),
                            row.getLong("inserted"),
                            row.getLong("deleted"),
                            row.getBoolean("estimated")));
        }
    }
}
