package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.leave.Leaving;
import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Asks which rows refer to given ones, which rows to those, and so on, within a kinship. */
final class Referrers {
    /** Of the question's working table: the relation and address of a row, whether it may go, and what it refers to. */
    private static final String COLUMNS = "relation, address, goes, referred_relation, referred_address";

    private final Kinship kin;
    private final Map<Long, TableName> names;
    private final List<Slot> slots;
    /** How rows of each table leave. */
    private final List<Leaving> leavings;

    /** @param leavings how rows of each of its tables leave */
    Referrers(Kinship kin, List<Leaving> leavings) {
        this.kin = kin;
        this.leavings = leavings;
        this.names = kin.tables().stream()
                .flatMap(table -> table.parts().stream())
                .collect(Collectors.toMap(Kinship.Part::oid, Kinship.Part::name));
        this.slots = IntStream.range(0, kin.tables().size())
                .boxed()
                .flatMap(table -> kin.tables().get(table).referenced().stream().map(column -> new Slot(table, column)))
                .toList();
    }

    void open(Session session) throws SQLException {
        for (Leaving leaving : leavings) {
            leaving.open(session);
        }
    }

    void requireKept(Session session) throws SQLException {
        for (Leaving leaving : leavings) {
            leaving.requireUnchanged(session);
        }
    }

    /** A column of the working table: a referenced column of one table, NULL in rows of all others. */
    private record Slot(int table, String column) {}

    /**
     * Follows references against their direction, nearest rows first. Rows that may not go are told and not followed.
     *
     * @param rows eligible ones
     * @param most references to follow; if there are more, the answer is a part
     */
    Reach of(Session session, Collection<Row> rows, int most) throws SQLException {
        PlannerSettings.forLookingUp(session, kin.keys().stream().allMatch(Kinship.Key::indexed));
        Reach reach = new Reach(rows);
        long told = EligibleRows.limit(question(rows), most)
                .statement()
                .list(session.connection(), row -> {
                    Row referring = new Row(row.getLong("relation"), RowAddress.parse(row.getString("address")));
                    Row referred = new Row(
                            row.getLong("referred_relation"), RowAddress.parse(row.getString("referred_address")));
                    reach.add(referred, referring, row.getBoolean("goes"));
                    return referring;
                })
                .size();
        reach.complete(told < most);
        return reach;
    }

    private SqlFragment question(Collection<Row> rows) {
        Map<Long, List<Row>> byRelation = rows.stream().collect(Collectors.groupingBy(Row::relation));
        SqlFragment seeds = byRelation.entrySet().stream()
                .map(entry -> seeds(entry.getKey(), entry.getValue()))
                .reduce((left, right) -> left.then(" UNION ALL ", right))
                .orElseThrow();
        SqlFragment step = kin.keys().stream()
                .map(this::referring)
                .reduce((left, right) -> left.then(" UNION ALL ", right))
                .orElseThrow();
        String columns = COLUMNS
                + IntStream.range(0, slots.size())
                        .mapToObj(slot -> ", " + value(slot))
                        .collect(Collectors.joining());
        return SqlFragment.of("WITH RECURSIVE reach (" + columns + ") AS (")
                .then("", seeds)
                .then("", SqlFragment.of(" UNION SELECT referring.* FROM reach AS r CROSS JOIN LATERAL ("))
                .then("", step)
                .then(
                        "",
                        SqlFragment.of(") AS referring WHERE r.goes) SELECT " + COLUMNS
                                + " FROM reach WHERE referred_relation IS NOT NULL"));
    }

    private SqlFragment seeds(long relation, List<Row> rows) {
        long[] addresses = rows.stream().mapToLong(Row::address).toArray();
        int table = tableOf(relation);
        return SqlFragment.of(
                        "SELECT t.tableoid, t.ctid, true, CAST(NULL AS pg_catalog.oid), CAST(NULL AS pg_catalog.tid)"
                                + values(table, "t") + " FROM ONLY " + Identifiers.quote(names.get(relation))
                                + " AS t WHERE ")
                .then("", EligibleRows.among(addresses));
    }

    /** Rows that refer by one key to rows of the working table {@code r}. */
    private SqlFragment referring(Kinship.Key kinKey) {
        ReferencingKey key = kinKey.key();
        String match = key.match("c", column -> "r." + value(slots.indexOf(new Slot(kinKey.parent(), column))));
        return SqlFragment.of("SELECT c.tableoid, c.ctid, EXISTS (SELECT 1 FROM (SELECT c.tableoid, c.*) AS t WHERE ")
                .then("", goes(kinKey.child()))
                .then(
                        "",
                        SqlFragment.of("), r.relation, r.address" + values(kinKey.child(), "c") + " FROM "
                                + Identifiers.quote(key.child()) + " AS c WHERE " + match));
    }

    /** That a policy removes the row {@code t} of a table. */
    private SqlFragment goes(int table) {
        return kin.tables().get(table).rows().stream()
                .map(rows -> SqlFragment.of("(").then("", rows.predicate()).then("", SqlFragment.of(")")))
                .reduce((left, right) -> left.then(" OR ", right))
                .orElse(SqlFragment.of("false"));
    }

    /** What a row of a table has in each slot. The NULLs are of the column's own type and collation. */
    private String values(int table, String alias) {
        List<String> values = new ArrayList<>();
        for (Slot slot : slots) {
            String column = Identifiers.quote(slot.column());
            values.add(
                    slot.table() == table
                            ? alias + "." + column
                            : "(SELECT n." + column + " FROM ONLY "
                                    + Identifiers.quote(
                                            kin.tables().get(slot.table()).name()) + " AS n WHERE false)");
        }
        return values.stream().map(value -> ", " + value).collect(Collectors.joining());
    }

    /** Deletes these rows as far as they may still go, all in one statement; how many went in each relation. */
    Map<Long, Long> delete(Session session, Collection<Row> rows) throws SQLException {
        Map<Integer, Map<Long, List<Row>>> byTable = rows.stream()
                .collect(Collectors.groupingBy(row -> tableOf(row.relation()), Collectors.groupingBy(Row::relation)));
        String relation = besides(
                leavings.stream().flatMap(leaving -> leaving.columns().stream()).toList());
        List<String> names = new ArrayList<>();
        SqlFragment all = SqlFragment.of("");
        for (Map.Entry<Integer, Map<Long, List<Row>>> table : byTable.entrySet()) {
            Leaving leaving = leavings.get(table.getKey());
            List<String> own = new ArrayList<>();
            for (Map.Entry<Long, List<Row>> some : table.getValue().entrySet()) {
                String name = "gone" + names.size();
                all = all.then(
                        names.isEmpty() ? "" : ", ", delete(some.getKey(), some.getValue(), name, relation, leaving));
                names.add(name);
                own.add(name);
            }
            if (leaving.outside()) { // the only table there is: see Kinships
                return leaving.stream(session, all, union(own, leaving.columns(), relation), relation)
                        .orElseThrow();
            }
            all = all.then("", kept(session, leaving, "gone_of" + table.getKey(), own));
        }
        Map<Long, Long> gone = new HashMap<>();
        SqlFragment.of("WITH ")
                .then("", all)
                .then(
                        " ",
                        SqlFragment.of("SELECT CAST(" + relation
                                + " AS bigint) AS relation, pg_catalog.count(*) AS rows FROM ("
                                + union(names, List.of(), relation) + ") AS gone GROUP BY " + relation))
                .statement()
                .list(session.connection(), row -> gone.put(row.getLong("relation"), row.getLong("rows")));
        return gone;
    }

    private static String union(List<String> names, List<String> columns, String relation) {
        String selected = relation
                + columns.stream()
                        .map(column -> ", " + Identifiers.quote(column))
                        .collect(Collectors.joining());
        return names.stream()
                .map(name -> "SELECT " + selected + " FROM " + name)
                .collect(Collectors.joining(" UNION ALL "));
    }

    /** A name that none of the columns has. */
    private static String besides(List<String> columns) {
        String name = "relation";
        while (columns.contains(name)) {
            name += "_";
        }
        return name;
    }

    /** What keeps the rows of one table's relations, which have all columns in common. */
    private static SqlFragment kept(Session session, Leaving leaving, String name, List<String> parts)
            throws SQLException {
        if (leaving.columns().isEmpty()) {
            return SqlFragment.of("");
        }
        String columns = leaving.columns().stream().map(Identifiers::quote).collect(Collectors.joining(", "));
        String union = parts.stream()
                .map(part -> "SELECT " + columns + " FROM " + part)
                .collect(Collectors.joining(" UNION ALL "));
        return SqlFragment.of(", " + name + " AS (" + union + ")").then("", leaving.keep(session, name));
    }

    /** @param column in which the relation is told */
    private SqlFragment delete(long relation, List<Row> rows, String name, String column, Leaving leaving) {
        long[] addresses = rows.stream().mapToLong(Row::address).toArray();
        String returned = leaving.columns().stream()
                .map(kept -> ", t." + Identifiers.quote(kept))
                .collect(Collectors.joining());
        return SqlFragment.of(name + " AS (DELETE FROM ONLY " + Identifiers.quote(names.get(relation)) + " AS t WHERE ")
                .then("", EligibleRows.among(addresses))
                .then(
                        "",
                        SqlFragment.of(
                                " AND t.tableoid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid) AND (",
                                Long.toString(relation)))
                .then("", goes(tableOf(relation)))
                .then("", SqlFragment.of(") RETURNING t.tableoid AS " + column + returned + ")"));
    }

    /** Where the rows are kept that went in each relation. */
    List<Archived> archived(Map<Long, Long> gone, long rowBytes) {
        List<Archived> archived = new ArrayList<>();
        gone.forEach((relation, rows) ->
                archived.addAll(leavings.get(tableOf(relation)).archived(rows, rowBytes)));
        return archived;
    }

    TableName name(long relation) {
        return names.get(relation);
    }

    /** Whether two relations belong to one table. */
    boolean together(long one, long other) {
        return tableOf(one) == tableOf(other);
    }

    private int tableOf(long relation) {
        return IntStream.range(0, kin.tables().size())
                .filter(table -> kin.tables().get(table).parts().stream().anyMatch(part -> part.oid() == relation))
                .findFirst()
                .orElseThrow();
    }

    private static String value(int slot) {
        return "value" + slot;
    }
}
