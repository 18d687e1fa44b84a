package dev.caretaker.server.detect;

import dev.caretaker.server.detect.Check.Subject;
import dev.caretaker.server.detect.PolicyFacts.Lost;
import dev.caretaker.server.detect.PolicyFacts.PolicyFact;
import dev.caretaker.server.detect.PolicyFacts.Reach;
import dev.caretaker.server.detect.PolicyFacts.Unread;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.EscapedQuery;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the statement of a check is run for, one after the other. */
final class Subjects {
    private static final String NO_NAME =
            "its name, or that of a column, is not ASCII in a database without an encoding, so"
                    + " no statement can be sent that names it";

    private final Scope scope;
    private final Feeds feeds;

    Subjects(Scope scope, Feeds feeds) {
        this.scope = scope;
        this.feeds = feeds;
    }

    /**
     * One of them.
     *
     * @param kind kind of object, for findings that come from an error instead of a row
     * @param schema of the object; empty for the database
     * @param name of the object; empty for the database
     * @param values parameters by name
     * @param macros pieces of SQL by name
     * @param obstacle why the statement cannot be run for it, a clause; empty if it can
     */
    record Item(
            String kind,
            String schema,
            String name,
            Map<String, Object> values,
            Map<String, CheckSql.Bound> macros,
            Optional<String> obstacle) {

        private Item(
                String kind,
                String schema,
                String name,
                Map<String, Object> values,
                Map<String, CheckSql.Bound> macros) {
            this(kind, schema, name, values, macros, Optional.empty());
        }

        private static Item hidden(String kind, TableName name, String obstacle) {
            return new Item(kind, name.schema(), name.name(), Map.of(), Map.of(), Optional.of(obstacle));
        }
    }

    /**
     * All of a kind, in the transaction that is open.
     *
     * @param escaped whether names are to come as {@link EscapedQuery} has them
     */
    List<Item> of(Subject subject, Connection connection, boolean escaped) throws SQLException {
        return switch (subject) {
            case DATABASE -> List.of(new Item("database", "", "", Map.of(), Map.of()));
            case INDEX -> indexes(connection, escaped);
            case WIDE_TABLE -> wideTables(connection, escaped);
            case POLICY -> present().map(Subjects::policy).toList();
            case TABLE_WITH_POLICIES -> tables(present().toList());
        };
    }

    /** Policies that are lost are told by a check of their own. */
    private Stream<PolicyFact> present() {
        return feeds.policies().stream().filter(fact -> !(fact.reading() instanceof Lost));
    }

    private static <T> List<T> rows(Sql query, Connection connection, boolean escaped, Sql.RowMapper<T> mapper)
            throws SQLException {
        return (escaped ? query.escaped(connection) : query).list(connection, mapper);
    }

    private List<Item> indexes(Connection connection, boolean escaped) throws SQLException {
        return rows(
                        Sql.resource("detect/btree_indexes"),
                        connection,
                        escaped,
                        row -> new Item(
                                "index",
                                row.getString("schema_name"),
                                row.getString("index_name"),
                                Map.of(
                                        "index_oid", row.getLong("index_oid"),
                                        "schema_name", row.getString("schema_name"),
                                        "index_name", row.getString("index_name"),
                                        "index_bytes", row.getLong("index_bytes")),
                                Map.of()))
                .stream()
                .filter(item -> scope.holds(item.schema(), item.name()))
                .toList();
    }

    private List<Item> wideTables(Connection connection, boolean escaped) throws SQLException {
        Array locked = CheckStatement.locked(connection);
        return rows(Sql.resource("detect/wide_tables", locked, locked), connection, escaped, row -> {
                    TableName table = new TableName(row.getString("schema_name"), row.getString("table_name"));
                    if (escaped && !row.getBoolean("ascii")) {
                        return Item.hidden("table", table, NO_NAME);
                    }
                    return new Item(
                            "table",
                            table.schema(),
                            table.name(),
                            Map.of(
                                    "schema_name", table.schema(),
                                    "table_name", table.name(),
                                    "sample_percent", row.getDouble("sample_percent")),
                            Map.of("table", table(table), "widths", widths((String[])
                                    row.getArray("columns").getArray())));
                })
                .stream()
                .filter(item -> scope.holds(item.schema(), item.name()))
                .toList();
    }

    /** Rows of (column name, stored size of its value in the row {@code t}). */
    private static CheckSql.Bound widths(String[] columns) {
        String rows = Arrays.stream(columns)
                .map(column -> "(CAST(? AS text), pg_column_size(t." + Identifiers.quote(column) + "))")
                .collect(Collectors.joining(", "));
        return new CheckSql.Bound(rows, List.of((Object[]) columns));
    }

    private static Item policy(PolicyFact fact) {
        return switch (fact.reading()) {
            case Reach reach -> policy(fact, reach);
            case Unread(String why) -> Item.hidden("policy", fact.table(), "policy " + fact.policy() + ": " + why);
            case Lost() -> throw new IllegalArgumentException(fact.policy());
        };
    }

    private static Item policy(PolicyFact fact, Reach reach) {
        return new Item(
                "policy",
                fact.table().schema(),
                fact.table().name(),
                Map.of(
                        "policy", fact.policy(),
                        "schema_name", fact.table().schema(),
                        "table_name", fact.table().name(),
                        "cutoff", fact.cutoff().atOffset(ZoneOffset.UTC)),
                Map.of(
                        "table", table(fact.table()),
                        "time", reach.time(),
                        "eligible", reach.eligible(),
                        "held", reach.held(),
                        "holders", reach.holders()));
    }

    private static List<Item> tables(List<PolicyFact> facts) {
        Map<TableName, List<PolicyFact>> byTable = facts.stream()
                .collect(Collectors.groupingBy(PolicyFact::table, LinkedHashMap::new, Collectors.toList()));
        List<Item> items = new ArrayList<>();
        byTable.forEach((table, policies) -> items.add(table(table, policies)));
        return items;
    }

    /** What one of its policies reaches is not known: then nothing is known of the table. */
    private static Item table(TableName table, List<PolicyFact> policies) {
        List<PolicyFact> unread = policies.stream()
                .filter(fact -> fact.reading() instanceof Unread)
                .toList();
        if (!unread.isEmpty()) {
            return policy(unread.getFirst());
        }
        return new Item(
                "table",
                table.schema(),
                table.name(),
                Map.of(
                        "schema_name", table.schema(),
                        "table_name", table.name(),
                        "policies", Feeds.json(Feeds.summaries(policies))),
                Map.of("table", table(table), "reached", anyOf(policies)));
    }

    /** Rows that at least one of the policies reaches. */
    private static CheckSql.Bound anyOf(List<PolicyFact> policies) {
        List<CheckSql.Bound> reached = policies.stream()
                .map(fact -> ((Reach) fact.reading()).reached())
                .toList();
        String text =
                reached.stream().map(rows -> "(" + rows.text() + ")").collect(Collectors.joining(" OR ", "(", ")"));
        List<Object> values =
                reached.stream().flatMap(rows -> rows.values().stream()).toList();
        return new CheckSql.Bound(text, values);
    }

    private static CheckSql.Bound table(TableName table) {
        return new CheckSql.Bound(Identifiers.quote(table), List.of());
    }
}
