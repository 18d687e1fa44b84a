package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

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
    /** Sizes up to which a boundary that was found ahead is as good as one for the wanted size. */
    private static final double NEAR_ENOUGH = 1.25;

    private final EligibleRows rows;
    private final Deletion deletion;
    private final PromisedIndex index;
    private IndexSegment segment;
    private Optional<AddressList> tie = Optional.empty();
    /** Where the next batch begins; empty if that is not known. */
    private volatile Optional<Position> nextStart = Optional.empty();

    private Optional<SqlFragment> latestProbe = Optional.empty();
    private volatile Optional<Glimpse> glimpse = Optional.empty();

    IndexRange(RowRemoval removal, EligibleRows rows, Deletion deletion) {
        this.rows = rows;
        this.deletion = deletion;
        this.index = new PromisedIndex(removal);
    }

    @Override
    public BatchSizing sizing() {
        return SIZING;
    }

    @Override
    public void open(Session session) throws SQLException {
        segment = index.open(session);
        discard();
    }

    @Override
    public Slice take(Session session, Position at, long size) throws SQLException {
        nextStart = Optional.empty();
        index.requireStillThere(session, size);
        index.ask(session);
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

    private Slice range(Session session, Position at, long size) throws SQLException {
        String from = at.from().orElseThrow();
        int range = at.range();
        SqlFragment probe = segment.boundary(range, from, size);
        latestProbe = Optional.of(probe);
        index.agree(session, PromisedIndex.Use.PROBE, probe);
        Optional<Glimpse> seen = glimpse.filter(known -> known.serves(at, size));
        Optional<Boundary> boundary = seen.isPresent() ? seen.get().boundary() : boundary(session, probe);
        if (boundary.isPresent() && boundary.get().tie()) {
            return tie(session, at, size);
        }
        nextStart = boundary.map(end -> Position.atRange(range, Optional.of(end.value())));
        SqlFragment where = boundary.map(end -> segment.between(range, from, end.value()))
                .orElseGet(() -> segment.toEnd(range, from));
        index.agree(session, PromisedIndex.Use.DELETE, rows.delete(where));
        Removed removed = deletion.where(session, where);
        return slice(at.range(), boundary.map(Boundary::value), removed, size);
    }

    private static Optional<Boundary> boundary(Session session, SqlFragment probe) throws SQLException {
        return probe.statement()
                .first(session.connection(), row -> new Boundary(row.getString("value"), row.getBoolean("tie")));
    }

    /** Finds the next boundary and reads the rows before it into the server's memory. */
    @Override
    public void lookAhead(Session idle, long size, BooleanSupplier wanted) throws SQLException {
        Optional<Position> start = nextStart;
        if (start.isEmpty()) {
            return;
        }
        index.ask(idle);
        int range = start.get().range();
        String from = start.get().from().orElseThrow();
        Optional<Boundary> boundary = boundary(idle, segment.boundary(range, from, size));
        glimpse = Optional.of(new Glimpse(start.get(), size, boundary));
        SqlFragment where = boundary.map(end -> segment.between(range, from, end.value()))
                .orElseGet(() -> segment.toEnd(range, from));
        ReadAhead.read(idle, rows.selectEligible("t.ctid", where), wanted);
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

    @Override
    public boolean takesAll() {
        return true;
    }

    @Override
    public Stream<SqlFragment> latest() {
        return latestProbe.stream();
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
        index.agreeAgain();
        tie = Optional.empty();
        nextStart = Optional.empty();
        glimpse = Optional.empty();
    }

    /** What a look ahead found: the boundary of a batch of that size that begins there. */
    private record Glimpse(Position from, long size, Optional<Boundary> boundary) {
        boolean serves(Position at, long wanted) {
            return from.equals(at) && size <= wanted * NEAR_ENOUGH && wanted <= size * NEAR_ENOUGH;
        }
    }

    /** A value, and whether it is the one the batch starts with. */
    private record Boundary(String value, boolean tie) {}
}
