package dev.caretaker.server.backup;

import dev.caretaker.server.backup.MadeObject.Phase;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads the objects of a database, each with the statement that makes it again. In a session whose search_path is pg_catalog, so
 * that all names come with their schemas; within the snapshot of its transaction as far as PostgreSQL's own functions go.
 */
public final class DatabaseObjects {
    private final Connection connection;
    private final Predicate<TableName> wanted;
    private final boolean all;
    private final List<MadeObject> found = new ArrayList<>();
    private final Set<TableName> relations = new HashSet<>();

    private DatabaseObjects(Connection connection, Predicate<TableName> wanted, boolean all) {
        this.connection = connection;
        this.wanted = wanted;
        this.all = all;
    }

    /** All ordinary and partitioned tables outside of system schemas, those above before those below. */
    public static List<FoundTable> tables(Connection connection) throws SQLException {
        return Sql.resource("backup/tables")
                .list(
                        connection,
                        row -> new FoundTable(
                                row.getLong("oid"),
                                new TableName(row.getString("nspname"), row.getString("relname")),
                                row.getString("relkind").equals("p"),
                                row.getString("relpersistence").equals("u"),
                                name(row, "parent_schema", "parent_name"),
                                row.getLong("bytes"),
                                row.getLong("blocks"),
                                row.getBoolean("readable"),
                                row.getBoolean("filtered")));
    }

    /**
     * Objects in an order in which they can be tried.
     *
     * @param tables those that are wanted
     * @param wanted which views, and sequences of no table, are wanted
     * @param all whether every object of the database is
     */
    public static List<MadeObject> read(
            Connection connection, List<FoundTable> tables, Predicate<TableName> wanted, boolean all)
            throws SQLException {
        DatabaseObjects objects = new DatabaseObjects(connection, wanted, all);
        objects.read(tables);
        return List.copyOf(objects.found);
    }

    private void read(List<FoundTable> tables) throws SQLException {
        tables.forEach(table -> relations.add(table.name()));
        list("schemas", Phase.BEFORE_ROWS);
        list("types", Phase.BEFORE_ROWS);
        list("functions", Phase.BEFORE_ROWS);
        list("access_methods", Phase.BEFORE_ROWS);
        sequences();
        for (FoundTable table : tables) {
            list("table", Phase.BEFORE_ROWS, table.oid());
            list("settings", Phase.BEFORE_ROWS, table.oid(), table.oid());
            list("checks", Phase.BEFORE_ROWS, table.oid());
        }
        for (FoundTable table : tables) {
            list("below", Phase.BEFORE_ROWS, table.oid());
        }
        List<View> views = views();
        list("domain_checks", Phase.AFTER_ROWS);
        for (FoundTable table : tables) {
            keys(table.oid());
        }
        for (View view : views) {
            list("settings", Phase.AFTER_ROWS, view.oid(), view.oid());
            keys(view.oid());
            behaviour(view.oid());
        }
        for (FoundTable table : tables) {
            behaviour(table.oid());
        }
        for (FoundTable table : tables) {
            list("foreign_keys", Phase.LAST, table.oid());
        }
        views.stream().filter(View::populated).forEach(view -> found.add(refresh(view)));
        list("comments", Phase.LAST);
        list("rights", Phase.RIGHTS);
    }

    private record View(long oid, TableName name, boolean populated) {}

    private void keys(long oid) throws SQLException {
        list("keys", Phase.AFTER_ROWS, oid, oid, oid, oid, oid);
    }

    private void behaviour(long oid) throws SQLException {
        list("behaviour", Phase.AFTER_ROWS, oid, oid, oid, oid, oid, oid, oid, oid);
    }

    private static MadeObject refresh(View view) {
        return new MadeObject(
                "refresh",
                view.name(),
                Optional.of(view.name()),
                Phase.LAST,
                List.of("REFRESH MATERIALIZED VIEW " + Identifiers.quote(view.name())),
                "");
    }

    private void list(String resource, Phase phase, Object... parameters) throws SQLException {
        found.addAll(Sql.resource("backup/" + resource, parameters).list(connection, row -> made(row, phase)).stream()
                .filter(this::isWanted)
                .toList());
    }

    private boolean isWanted(MadeObject object) {
        return object.table().map(relations::contains).orElse(true);
    }

    private void sequences() throws SQLException {
        record Sequence(MadeObject made, Optional<MadeObject> owned) {}
        List<Sequence> sequences = Sql.resource("backup/sequences").list(connection, row -> {
            MadeObject made = made(row, Phase.BEFORE_ROWS);
            return new Sequence(
                    made,
                    Optional.ofNullable(row.getString("owned"))
                            .map(statement -> new MadeObject(
                                    "sequence owner",
                                    made.name(),
                                    made.table(),
                                    Phase.BEFORE_ROWS,
                                    List.of(statement),
                                    "")));
        });
        for (Sequence sequence : sequences) {
            boolean take = sequence.made()
                    .table()
                    .map(relations::contains)
                    .orElse(all || wanted.test(sequence.made().name()));
            if (take) {
                relations.add(sequence.made().name());
                found.add(sequence.made());
                sequence.owned().ifPresent(found::add);
            }
        }
    }

    private List<View> views() throws SQLException {
        List<View> views = new ArrayList<>();
        Sql.resource("backup/views").list(connection, row -> {
            boolean materialized = row.getString("relkind").equals("m");
            MadeObject made = made(row, materialized ? Phase.AFTER_ROWS : Phase.BEFORE_ROWS);
            if (all || wanted.test(made.name())) {
                relations.add(made.name());
                found.add(made);
                views.add(new View(row.getLong("oid"), made.name(), row.getBoolean("populated")));
            }
            return made;
        });
        return views;
    }

    private static MadeObject made(ResultSet row, Phase phase) throws SQLException {
        return new MadeObject(
                row.getString("kind"),
                new TableName(row.getString("schema"), row.getString("name")),
                name(row, "table_schema", "table_name"),
                phase,
                List.of(row.getString("statement")),
                row.getString("role"));
    }

    private static Optional<TableName> name(ResultSet row, String schema, String name) throws SQLException {
        String found = row.getString(schema);
        String called = row.getString(name);
        return found == null || called == null ? Optional.empty() : Optional.of(new TableName(found, called));
    }

    /** How many objects there are of kinds that {@link #read} has no statements for. */
    public static Map<String, Long> counts(Connection connection) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        Sql.resource("backup/counts").list(connection, row -> counts.put(row.getString("kind"), row.getLong("count")));
        return counts;
    }

    /** A hash of all large objects as the snapshot shows them; empty if the role may not read them all. */
    public static Optional<BigDecimal> largeObjects(Connection connection) throws SQLException {
        boolean readable = Sql.of("SELECT pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT')")
                .one(connection, row -> row.getBoolean(1));
        return readable
                ? Optional.of(Sql.resource("backup/large_objects").one(connection, row -> row.getBigDecimal("hash")))
                : Optional.empty();
    }

    /** Roles that own something in the database, or were granted something of it; none of extensions. */
    public static List<String> roles(Connection connection) throws SQLException {
        return Sql.resource("backup/roles").list(connection, row -> row.getString("rolname"));
    }

    /** Sequences of which the role may not read where they stand. */
    static List<TableName> unreadableSequences(Connection connection, Predicate<TableName> taken) throws SQLException {
        record Found(TableName name, Optional<TableName> table, boolean readable) {}
        return Sql.resource("backup/sequence_states")
                .list(
                        connection,
                        row -> new Found(
                                new TableName(row.getString("schema"), row.getString("name")),
                                name(row, "table_schema", "table_name"),
                                row.getBoolean("readable")))
                .stream()
                .filter(found -> !found.readable() && taken.test(found.table().orElse(found.name())))
                .map(Found::name)
                .toList();
    }

    /** Sequences as they stand now, which no snapshot holds still. */
    public static List<CopiedSequence> sequences(Connection connection, Predicate<TableName> taken)
            throws SQLException {
        List<CopiedSequence> known = Sql.resource("backup/sequence_states")
                .list(
                        connection,
                        row -> new CopiedSequence(
                                new TableName(row.getString("schema"), row.getString("name")),
                                0,
                                false,
                                row.getLong("seqincrement"),
                                name(row, "table_schema", "table_name"),
                                row.getString("column_name"),
                                Optional.empty()));
        List<CopiedSequence> states = new ArrayList<>();
        for (CopiedSequence sequence : known) {
            if (taken.test(sequence.table().orElse(sequence.name()))) {
                states.add(Sql.of("SELECT last_value, is_called FROM " + Identifiers.quote(sequence.name()))
                        .one(connection, row -> sequence.at(row.getLong(1), row.getBoolean(2))));
            }
        }
        return states;
    }
}
