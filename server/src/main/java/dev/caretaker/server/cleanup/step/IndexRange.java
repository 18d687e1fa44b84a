package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Goes along an index whose leading columns are compared with constants and whose next column is the time column: finds the
 * value that lies n rows ahead, deletes the half-open range before it, and goes on from there. What is already deleted is
 * never looked at again, however long its dead entries stay in the index. More rows of one value than a batch holds (a tie)
 * are deleted by their addresses.
 */
final class IndexRange implements TableWalk {
    private static final BatchSizing SIZING = new BatchSizing(2_000, 10, 500_000);
    private static final long TIE_LIST = 200_000;
    private static final String FIRST_ROW = "(0,0)";
    /** What the server is asked to avoid, one more each time, until it reads the promised index. */
    private static final List<String> AVOIDABLE = List.of("enable_seqscan", "enable_bitmapscan", "enable_sort");

    private final Eligibility eligible;
    private final RowRemoval.IndexPath path;
    private final EligibleRows rows;
    private final Deletion deletion;
    private IndexSegment segment;
    private Set<String> indexes = Set.of();
    private String timeColumn;
    private int avoided;
    private boolean probeAgreed;
    private boolean deleteAgreed;
    private long agreedSize;
    private Optional<AddressList> tie = Optional.empty();

    IndexRange(RowRemoval removal, EligibleRows rows, Deletion deletion) {
        this.eligible = removal.eligible();
        this.path = removal.index()
                .orElseThrow(() -> new IllegalArgumentException("INDEX_RANGE needs an index: " + eligible.table()));
        this.rows = rows;
        this.deletion = deletion;
    }

    @Override
    public BatchSizing sizing() {
        return SIZING;
    }

    @Override
    public void open(Session session) throws SQLException {
        findIndexes(session);
        timeColumn = Sql.of("SELECT pg_catalog.quote_ident(?)", eligible.timeColumn())
                .one(session.connection(), row -> row.getString(1));
        agreedSize = 0;
        discard();
    }

    private void findIndexes(Session session) throws SQLException {
        List<LeadingIndex> leading = leadingIndexes(session);
        LeadingIndex promised = leading.stream()
                .filter(LeadingIndex::promised)
                .findFirst()
                .orElseThrow(() -> Relation.changed(eligible.table(), "lost its index " + path.index()));
        segment = new IndexSegment(eligible, path.prefixes(), promised.nullsFirst());
        indexes = leading.stream().map(LeadingIndex::name).collect(Collectors.toSet());
    }

    @Override
    public Slice take(Session session, Position at, long size) throws SQLException {
        lookAgainIfSlower(session, size);
        askForIndex(session);
        Position from = at;
        while (from.from().isEmpty()) {
            if (from.range() == segment.count()) {
                return new Slice(from, true, Removed.NOTHING, 0, 1);
            }
            Optional<String> first = value(session, segment.first(from.range()));
            from = Position.atRange(first.isPresent() ? from.range() : from.range() + 1, first);
        }
        return from.after().isPresent() ? tie(session, from, size) : range(session, from, size);
    }

    /**
     * Batches that became half as large take twice as long as they did: perhaps somebody dropped the index, and each of them
     * reads the whole table.
     *
     * @throws CaretakerException RELATION_CHANGED if the index is gone
     */
    private void lookAgainIfSlower(Session session, long size) throws SQLException {
        if (size <= agreedSize / 2) {
            findIndexes(session);
            probeAgreed = false;
            deleteAgreed = false;
            agreedSize = size;
        }
        agreedSize = Math.max(agreedSize, size);
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

    private Slice range(Session session, Position at, long size) throws SQLException {
        String from = at.from().orElseThrow();
        int range = at.range();
        SqlFragment probe = segment.boundary(range, from, size);
        if (!probeAgreed) {
            agree(session, probe);
            probeAgreed = true;
        }
        Optional<Boundary> boundary = probe.statement()
                .first(session.connection(), row -> new Boundary(row.getString("value"), row.getBoolean("tie")));
        if (boundary.isPresent() && boundary.get().tie()) {
            return tie(session, at, size);
        }
        SqlFragment where = boundary.map(end -> segment.between(range, from, end.value()))
                .orElseGet(() -> segment.toEnd(range, from));
        if (!deleteAgreed) {
            agree(session, rows.delete(where));
            deleteAgreed = true;
        }
        Removed removed = deletion.where(session, where);
        return slice(at.range(), boundary.map(Boundary::value), removed, size);
    }

    private Slice tie(Session session, Position at, long size) throws SQLException {
        String value = at.from().orElseThrow();
        int range = at.range();
        if (tie.isEmpty()) {
            String after = at.after().orElse(FIRST_ROW);
            SqlFragment query = segment.tie(range, value, after, TIE_LIST);
            tie = Optional.of(AddressList.of(EligibleRows.addresses(session, query), TIE_LIST));
        }
        AddressList list = tie.get();
        long[] addresses = list.take(size);
        Optional<String> next = Optional.empty();
        boolean used = list.isEmpty() && list.isComplete();
        if (used) {
            next = value(session, segment.after(range, value));
        }
        if (list.isEmpty()) {
            tie = Optional.empty();
        }
        Removed removed = deletion.at(session, addresses);
        if (used) {
            return slice(range, next, removed, size);
        }
        long last = addresses[addresses.length - 1];
        return new Slice(Position.inTie(range, value, last), false, removed, 1, -1);
    }

    private Slice slice(int range, Optional<String> next, Removed removed, long size) {
        Position position = Position.atRange(next.isPresent() ? range : range + 1, next);
        double fill = Math.min(1, (double) removed.rows() / size);
        return new Slice(position, position.range() == segment.count(), removed, fill, -1);
    }

    private static Optional<String> value(Session session, SqlFragment query) throws SQLException {
        return query.statement().first(session.connection(), row -> row.getString("value"));
    }

    private void askForIndex(Session session) throws SQLException {
        PlannerSettings.avoid(session, AVOIDABLE.subList(0, avoided));
    }

    /**
     * Once per session, and again after a batch that failed or when batches become slower: will the server do what was
     * promised? Another index that leads along the time column is as good as the planned one.
     */
    private void agree(Session session, SqlFragment statement) throws SQLException {
        ServerPlan plan = ServerPlan.of(session, statement);
        while (!plan.readsIndex(indexes, timeColumn) || plan.has("Sort")) {
            if (avoided == AVOIDABLE.size()) {
                throw unexpected(plan);
            }
            avoided++;
            askForIndex(session);
            plan = ServerPlan.of(session, statement);
        }
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

    @Override
    public SqlFragment between(Position from, Optional<Position> to) {
        return segment.between(from, to);
    }

    @Override
    public Position afterRewrite(Position at) {
        tie = Optional.empty();
        return Position.atRange(at.range(), at.from());
    }

    @Override
    public void discard() {
        probeAgreed = false;
        deleteAgreed = false;
        tie = Optional.empty();
    }

    /** An index that leads along the time column. */
    private record LeadingIndex(String name, boolean promised, boolean nullsFirst) {}

    /** A value, and whether it is the one the batch starts with. */
    private record Boundary(String value, boolean tie) {}
}
