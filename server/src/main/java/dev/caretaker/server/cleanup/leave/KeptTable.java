package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table that is to keep rows, as the catalog has it.
 *
 * @param traits what it is
 * @param columns by name
 * @param source columns of the table that the rows come from, by name
 * @param uniqueKeys on which ON CONFLICT can go, each as its columns in alphabetic order
 */
public record KeptTable(
        Traits traits, Map<String, Column> columns, Map<String, Column> source, List<UniqueKey> uniqueKeys) {
    private static final int BEFORE_OR_AFTER_INSERT = 4;
    private static final int ON_UPDATE = 16;

    /**
     * What a table is.
     *
     * @param filtered whether row security applies to whoever asks
     * @param related whether it is the table that the rows come from, or of the same partitioned table
     * @param canMerge whether whoever asks may read and update it
     * @param unlogged whether it or a partition loses its rows in a crash
     * @param foreignParts whether rows may arrive at another server, which commits by itself
     */
    record Traits(
            long oid,
            String kind,
            boolean filtered,
            boolean related,
            boolean canInsert,
            boolean canMerge,
            boolean unlogged,
            boolean foreignParts,
            List<String> triggers,
            List<String> rules) {}

    /**
     * A column.
     *
     * @param type with modifiers
     * @param baseType its base type without, as a cast names it
     */
    record Column(String type, String baseType, boolean notNull, boolean generated, boolean hasDefault) {}

    record UniqueKey(Set<String> columns, boolean oneNull) {}

    /**
     * Empty if there is no table of that name.
     *
     * @param relation that the rows come from
     */
    public static Optional<KeptTable> find(Connection connection, TableName name, long relation) throws SQLException {
        Optional<Traits> traits = Sql.resource(
                        "cleanup/leave/table",
                        Long.toString(relation),
                        Integer.toString(BEFORE_OR_AFTER_INSERT | ON_UPDATE),
                        name.schema(),
                        name.name())
                .first(connection, KeptTable::traits);
        if (traits.isEmpty()) {
            return Optional.empty();
        }
        List<UniqueKey> keys = Sql.resource(
                        "cleanup/leave/unique_keys", Long.toString(traits.get().oid()))
                .list(
                        connection,
                        row -> new UniqueKey(new TreeSet<>(texts(row, "columns")), row.getBoolean("one_null")));
        return Optional.of(new KeptTable(
                traits.get(), columns(connection, traits.get().oid()), columns(connection, relation), keys));
    }

    private static Traits traits(ResultSet row) throws SQLException {
        return new Traits(
                row.getLong("oid"),
                row.getString("kind"),
                row.getBoolean("filtered"),
                row.getBoolean("related"),
                row.getBoolean("can_insert"),
                row.getBoolean("can_merge"),
                row.getBoolean("unlogged"),
                row.getBoolean("foreign_parts"),
                texts(row, "triggers"),
                texts(row, "rules"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private static Map<String, Column> columns(Connection connection, long oid) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        Sql.resource("cleanup/leave/columns", Long.toString(oid))
                .list(
                        connection,
                        row -> columns.put(
                                row.getString("name"),
                                new Column(
                                        row.getString("type"),
                                        row.getString("cast_type"),
                                        row.getBoolean("not_null"),
                                        row.getBoolean("generated"),
                                        row.getBoolean("has_default"))));
        return columns;
    }

    /** Why it cannot keep rows, as clauses; none if it can. */
    public List<String> obstacles(Keeper.InTable keeper, Capabilities capabilities) {
        List<String> obstacles = new ArrayList<>();
        if (!traits.kind().equals("r") && !traits.kind().equals("p")) {
            return List.of("it is no table");
        }
        if (traits.related()) {
            return List.of("it is the table that the rows come from, or a part of it");
        }
        note(traits.unlogged(), "it is unlogged, so that a crash would empty it", obstacles);
        note(
                traits.foreignParts(),
                "a partition of it is a foreign table, at a server that commits by itself",
                obstacles);
        note(traits.filtered(), "its row security applies to Caretaker's role", obstacles);
        note(
                !traits.triggers().isEmpty(),
                "its trigger " + String.join(", ", traits.triggers()) + " may change or keep rows that arrive",
                obstacles);
        note(
                !traits.rules().isEmpty(),
                "its rule " + String.join(", ", traits.rules()) + " may change or keep rows that arrive",
                obstacles);
        note(!traits.canInsert(), "Caretaker's role may not INSERT into it", obstacles);
        obstacles.addAll(
                switch (keeper) {
                    case Keeper.Table table -> rows(table);
                    case Keeper.RollUp rollUp -> figures(rollUp, capabilities);
                });
        return obstacles;
    }

    private static void note(boolean holds, String obstacle, List<String> obstacles) {
        if (holds) {
            obstacles.add(obstacle);
        }
    }

    private List<String> rows(Keeper.Table keeper) {
        List<String> obstacles = new ArrayList<>();
        for (String name : keeper.columns()) {
            Column from = source.get(name);
            Column to = columns.get(name);
            if (from == null) {
                obstacles.add("the table that the rows come from has no column \"" + name + "\" any more");
            } else if (to == null) {
                obstacles.add("it has no column \"" + name + "\"");
            } else {
                note(
                        !to.type().equals(from.type()),
                        "its column \"" + name + "\" is " + to.type() + " and not " + from.type(),
                        obstacles);
                note(to.generated(), "its column \"" + name + "\" is generated", obstacles);
                note(to.notNull() && !from.notNull(), "its column \"" + name + "\" takes no NULL", obstacles);
            }
        }
        source.keySet().stream()
                .filter(name -> !keeper.columns().contains(name))
                .forEach(name ->
                        obstacles.add("the table that the rows come from has a column \"" + name + "\" by now"));
        obstacles.addAll(unfilled(Set.copyOf(keeper.columns())));
        return obstacles;
    }

    private List<String> figures(Keeper.RollUp keeper, Capabilities capabilities) {
        List<String> obstacles = new ArrayList<>();
        note(!traits.canMerge(), "Caretaker's role may not SELECT from it and UPDATE it", obstacles);
        Map<String, String> wanted = KeptTableText.columns(keeper);
        wanted.forEach((name, type) -> {
            Column column = columns.get(name);
            if (column == null) {
                obstacles.add("it has no column \"" + name + "\"");
            } else {
                note(
                        !column.baseType().equals(type),
                        "its column \"" + name + "\" is " + column.baseType() + " and not " + type,
                        obstacles);
                note(column.generated(), "its column \"" + name + "\" is generated", obstacles);
            }
        });
        obstacles.addAll(unfilled(wanted.keySet()));
        Set<String> key = new TreeSet<>(KeptTableText.key(keeper));
        boolean merges = uniqueKeys.stream()
                .anyMatch(unique -> unique.oneNull() && unique.columns().equals(key));
        note(
                capabilities.canTreatNullsAsEqual() && !merges,
                "it has no unique index on (" + String.join(", ", KeptTableText.key(keeper))
                        + ") with NULLS NOT DISTINCT",
                obstacles);
        return obstacles;
    }

    /** Columns that a row needs and nobody fills. */
    private List<String> unfilled(Set<String> filled) {
        return columns.entrySet().stream()
                .filter(entry -> !filled.contains(entry.getKey()))
                .filter(entry -> entry.getValue().notNull() && !entry.getValue().hasDefault())
                .map(entry -> "its column \"" + entry.getKey() + "\" takes no NULL and has no default")
                .toList();
    }
}
