package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The index that a plan promised to go along. Another index that leads along the time column is as good: which one the server
 * takes is its choice, but not whether it takes one.
 */
final class PromisedIndex {
    /** What the server is asked to avoid, one more each time, until it reads the promised index. */
    private static final List<String> AVOIDABLE = List.of("enable_seqscan", "enable_bitmapscan", "enable_sort");

    private final Eligibility eligible;
    private final RowRemoval.IndexPath path;
    private final Set<Use> agreed = EnumSet.noneOf(Use.class);
    private Set<String> indexes = Set.of();
    private String timeColumn;
    /** Asked of the session that looks ahead, too, while another works. */
    private volatile int avoided;

    private long largest;

    PromisedIndex(RowRemoval removal) {
        this.eligible = removal.eligible();
        this.path = removal.index()
                .orElseThrow(() -> new IllegalArgumentException("INDEX_RANGE needs an index: " + eligible.table()));
    }

    /** What the index is used for. */
    enum Use {
        PROBE,
        DELETE
    }

    /** An index that leads along the time column. */
    private record LeadingIndex(String name, boolean promised, boolean nullsFirst) {}

    /**
     * The SQL that goes along it.
     *
     * @throws CaretakerException RELATION_CHANGED if the index is gone
     */
    IndexSegment open(Session session) throws SQLException {
        timeColumn = Sql.of("SELECT pg_catalog.quote_ident(?)", eligible.timeColumn())
                .one(session.connection(), row -> row.getString(1));
        largest = 0;
        return new IndexSegment(eligible, path.prefixes(), find(session).nullsFirst());
    }

    /**
     * Called before each batch. Batches that became half as large take twice as long as they did: perhaps somebody dropped the
     * index, and each of them reads the whole table.
     *
     * @throws CaretakerException RELATION_CHANGED if the index is gone
     */
    void requireStillThere(Session session, long size) throws SQLException {
        if (size <= largest / 2) {
            find(session);
            agreeAgain();
            largest = size;
        }
        largest = Math.max(largest, size);
    }

    private LeadingIndex find(Session session) throws SQLException {
        List<LeadingIndex> leading = leadingIndexes(session);
        indexes = leading.stream().map(LeadingIndex::name).collect(Collectors.toSet());
        return leading.stream()
                .filter(LeadingIndex::promised)
                .findFirst()
                .orElseThrow(() -> Relation.changed(eligible.table(), "lost its index " + path.index()));
    }

    private List<LeadingIndex> leadingIndexes(Session session) throws SQLException {
        Array prefix = session.connection()
                .createArrayOf("text", path.prefixes().getFirst().keySet().toArray());
        return Sql.resource(
                        "cleanup/step/leading_indexes",
                        path.index().schema(),
                        path.index().name(),
                        eligible.timeColumn(),
                        Long.toString(eligible.oid()),
                        prefix)
                .list(
                        session.connection(),
                        row -> new LeadingIndex(
                                row.getString("name"), row.getBoolean("promised"), row.getBoolean("nulls_first")));
    }

    /** In a transaction: from here on the server avoids what it has to, to go along the index. */
    void ask(Session session) throws SQLException {
        PlannerSettings.avoid(session, AVOIDABLE.subList(0, avoided));
    }

    /**
     * Will the server do what was promised? Asked once, and again when {@link #agreeAgain} was called.
     *
     * @throws CaretakerException UNEXPECTED_QUERY_PLAN
     */
    void agree(Session session, Use use, SqlFragment statement) throws SQLException {
        if (agreed.contains(use)) {
            return;
        }
        ServerPlan plan = ServerPlan.of(session, statement);
        while (!plan.readsIndex(indexes, timeColumn) || plan.has("Sort")) {
            if (avoided == AVOIDABLE.size()) {
                throw unexpected(plan);
            }
            avoided++;
            ask(session);
            plan = ServerPlan.of(session, statement);
        }
        agreed.add(use);
    }

    /** What the server agreed to is asked again: a batch failed, or batches became slower. */
    void agreeAgain() {
        agreed.clear();
    }

    private CaretakerException unexpected(ServerPlan plan) {
        return CaretakerException.of(
                Reason.UNEXPECTED_QUERY_PLAN,
                "The server does not go along index " + path.index() + " to delete from " + eligible.table()
                        + " but chose: " + plan + ".",
                Map.of(
                        "table", eligible.table().toString(),
                        "index", path.index().toString(),
                        "plan", plan.toString()));
    }
}
