package dev.caretaker.server.report.observe;

import dev.caretaker.server.report.BoundedRead;
import dev.caretaker.server.report.observe.Observation.Counter;
import dev.caretaker.server.report.observe.Observation.Look;
import dev.caretaker.server.report.observe.Observation.Statements;
import dev.caretaker.server.report.observe.Observation.TableLook;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks at some tables and at what the server counted of statements on them: reads only, within seconds, and waits for no lock. */
final class TableLooks {
    static final Duration LONGEST = Duration.ofSeconds(3);
    private static final int MOST_MEASURED = 1_000;
    private static final int MOST_STATEMENTS = 300;

    private final List<TableName> tables;
    private final Duration longest;

    /** @param longest time of one statement */
    TableLooks(List<TableName> tables, Duration longest) {
        this.tables = tables;
        this.longest = longest;
    }

    /**
     * What is to be seen now.
     *
     * @param sizes whether the tables are looked at, too
     */
    Look look(Target target, Instant now, boolean sizes) {
        return target.withPrimary(connection -> look(connection, now, sizes));
    }

    /** The same on a connection in autocommit. */
    Look look(Connection connection, Instant now, boolean sizes) throws SQLException {
        return new Look(now, "", sizes ? sizes(connection) : List.of(), statements(connection));
    }

    private List<TableLook> sizes(Connection connection) throws SQLException {
        try {
            return within(connection, () -> sizes(connection, MOST_MEASURED));
        } catch (SQLException e) {
            if (!PostgresErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            return within(connection, () -> sizes(connection, 0));
        }
    }

    private List<TableLook> sizes(Connection connection, int measured) throws SQLException {
        Array schemas = texts(connection, tables.stream().map(TableName::schema).toList());
        Array names = texts(connection, tables.stream().map(TableName::name).toList());
        return Sql.resource("report/observed_tables", schemas, names, measured)
                .list(
                        connection,
                        row -> new TableLook(
                                tables.get(row.getInt("place") - 1),
                                row.getLong("bytes"),
                                row.getBoolean("estimated"),
                                row.getLong("rows"),
                                row.getLong("dead")));
    }

    /** What is missing for it is told, never guessed. */
    private Statements statements(Connection connection) throws SQLException {
        try {
            return within(connection, () -> {
                Optional<Extension> extension =
                        Sql.resource("report/statement_statistics").first(connection, Extension::read);
                if (extension.isEmpty()) {
                    return Statements.none("the database has no extension pg_stat_statements");
                }
                return statements(connection, extension.get());
            });
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            return Statements.none("pg_stat_statements could not be read: " + PostgresErrors.clause(e));
        }
    }

    private Statements statements(Connection connection, Extension extension) throws SQLException {
        String query = Sql.resource("report/observed_statements")
                .text()
                .replace("@pg_stat_statements@", extension.quoted("pg_stat_statements"));
        Array names = texts(connection, tables.stream().map(TableName::name).toList());
        Map<String, Map<String, Counter>> byTable = new HashMap<>();
        long[] unseen = {0};
        Sql.of(query, names).list(connection, row -> {
            int place = row.getInt("place");
            Counter counter = new Counter(row.getLong("calls"), row.getDouble("milliseconds"));
            if (place == 0) {
                unseen[0] = counter.calls();
                return place;
            }
            Map<String, Counter> known =
                    byTable.computeIfAbsent(tables.get(place - 1).toString(), table -> new LinkedHashMap<>());
            if (known.size() < MOST_STATEMENTS) {
                known.put(row.getString("statement"), counter);
            }
            return place;
        });
        Optional<Info> info = info(connection, extension);
        return new Statements(
                "",
                info.map(Info::since),
                info.map(known -> OptionalLong.of(known.evicted())).orElse(OptionalLong.empty()),
                Optional.of(extension.serverStarted()),
                extension.seesAll() ? 0 : unseen[0],
                byTable);
    }

    /** Older versions of the extension do not tell since when they count. */
    private static Optional<Info> info(Connection connection, Extension extension) throws SQLException {
        String view = extension.quoted("pg_stat_statements_info");
        boolean there =
                Sql.of("SELECT pg_catalog.to_regclass(?) IS NOT NULL", view).one(connection, row -> row.getBoolean(1));
        return there
                ? Sql.of("SELECT stats_reset, dealloc FROM " + view)
                        .first(
                                connection,
                                row -> new Info(ControlStore.instant(row, "stats_reset"), row.getLong("dealloc")))
                : Optional.empty();
    }

    private static Array texts(Connection connection, List<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }

    private <T> T within(Connection connection, BoundedRead.Statements<T> work) throws SQLException {
        return BoundedRead.within(connection, longest, work);
    }

    private record Info(Instant since, long evicted) {}

    private record Extension(String schema, boolean seesAll, Instant serverStarted) {
        static Extension read(ResultSet row) throws SQLException {
            return new Extension(
                    row.getString("schema_name"), row.getBoolean("sees_all"), ControlStore.instant(row, "started"));
        }

        String quoted(String view) {
            return Identifiers.quote(schema) + "." + Identifiers.quote(view);
        }
    }
}
