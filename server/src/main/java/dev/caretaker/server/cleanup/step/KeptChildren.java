package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.leave.Leaving;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.store.Totals.Cascaded;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes and keeps rows that a cascade is about to delete, because no statement returns those. First all of them are locked, from
 * the rows of the step outwards: while a row is locked so, nobody lets another one refer to it. Then they go, the farthest first, so
 * that the cascade itself finds none.
 */
final class KeptChildren {
    private final RowRemoval removal;
    private final List<Leaving> leavings;

    /** @param leavings how rows of each child leave */
    KeptChildren(RowRemoval removal, List<Leaving> leavings) {
        this.removal = removal;
        this.leavings = leavings;
    }

    /**
     * Deletes what refers to rows of the step.
     *
     * @param parents their addresses; they are locked
     * @return rows of children, as cascaded ones
     */
    Removed keep(Session session, long[] parents) throws SQLException {
        List<KeptChild> children = removal.children();
        List<Set<Row>> found = new ArrayList<>();
        for (KeptChild child : children) {
            found.add(lock(session, child, found.size(), found, parents));
        }
        Removed removed = Removed.NOTHING;
        for (int i = children.size() - 1; i >= 0; i--) {
            removed = removed.plus(delete(session, children.get(i), leavings.get(i), found.get(i)));
        }
        return removed;
    }

    private Set<Row> lock(Session session, KeptChild child, int index, List<Set<Row>> found, long[] parents)
            throws SQLException {
        Set<Row> rows = new LinkedHashSet<>();
        for (KeptChild.Way way : child.ways()) {
            if (way.parent() == KeptChild.STEP) {
                rows.addAll(referring(session, way, removal.eligible().table(), parents));
            } else if (way.parent() != index) {
                rows.addAll(referring(session, way, found.get(way.parent())));
            }
        }
        Set<Row> fresh = rows;
        while (!fresh.isEmpty()) {
            Set<Row> next = new LinkedHashSet<>();
            for (KeptChild.Way way : child.ways()) {
                if (way.parent() == index) {
                    next.addAll(referring(session, way, fresh));
                }
            }
            next.removeAll(rows);
            fresh = new HashSet<>(next);
            rows.addAll(next);
        }
        return rows;
    }

    private static Set<Row> referring(Session session, KeptChild.Way way, Set<Row> parents) throws SQLException {
        Set<Row> rows = new LinkedHashSet<>();
        for (Map.Entry<Long, long[]> relation : byRelation(parents).entrySet()) {
            rows.addAll(referring(session, way, name(session, relation.getKey()), relation.getValue()));
        }
        return rows;
    }

    /** Rows that refer to those at some addresses, locked. */
    private static List<Row> referring(Session session, KeptChild.Way way, TableName parent, long[] addresses)
            throws SQLException {
        if (addresses.length == 0) {
            return List.of();
        }
        PlannerSettings.byAddress(session);
        String match = way.key().match("c", column -> "t." + Identifiers.quote(column));
        return SqlFragment.of("SELECT CAST(c.tableoid AS bigint) AS relation, c.ctid AS address FROM ONLY "
                        + Identifiers.quote(parent) + " AS t JOIN "
                        + Identifiers.quote(way.key().child()) + " AS c ON " + match + " WHERE ")
                .then("", EligibleRows.among(addresses))
                .then(" ", SqlFragment.of("FOR UPDATE OF c"))
                .statement()
                .list(
                        session.connection(),
                        row -> new Row(row.getLong("relation"), RowAddress.parse(row.getString("address"))));
    }

    private static Map<Long, long[]> byRelation(Set<Row> rows) {
        return rows.stream().collect(Collectors.groupingBy(Row::relation)).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream()
                                .mapToLong(Row::address)
                                .sorted()
                                .toArray()));
    }

    /** Its locked rows keep the name from being another one's. */
    private static TableName name(Session session, long relation) throws SQLException {
        return Sql.resource("cleanup/step/relation", Long.toString(relation))
                .one(session.connection(), row -> new TableName(row.getString("schema"), row.getString("name")));
    }

    private static Removed delete(Session session, KeptChild child, Leaving leaving, Set<Row> rows)
            throws SQLException {
        List<Cascaded> cascaded = new ArrayList<>();
        List<Archived> archived = new ArrayList<>();
        for (Map.Entry<Long, long[]> relation : byRelation(rows).entrySet()) {
            TableName name = name(session, relation.getKey());
            long[] addresses = relation.getValue();
            PlannerSettings.byAddress(session);
            SqlFragment delete = SqlFragment.of("DELETE FROM ONLY " + Identifiers.quote(name) + " AS t WHERE ")
                    .then("", EligibleRows.among(addresses))
                    .then(
                            " AND ",
                            SqlFragment.of(
                                    "t.tableoid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)",
                                    Long.toString(relation.getKey())));
            long deleted = leaving.delete(session, delete);
            if (deleted != addresses.length) {
                throw CaretakerException.of(
                        Reason.DELETE_SUPPRESSED,
                        (addresses.length - deleted) + " rows of " + name + " stay although they are deleted with rows"
                                + " that they refer to: a trigger keeps them, or has changed them meanwhile.",
                        Map.of("table", name.toString()));
            }
            cascaded.add(new Cascaded(name, deleted));
            archived.addAll(leaving.archived(deleted, child.rowBytes()));
        }
        return new Removed(0, cascaded, archived);
    }
}
