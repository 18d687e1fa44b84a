package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Goes over the heap from its first block to the last one that holds an eligible row when the pass begins, deleting what is
 * eligible in some blocks at a time. Rows that an UPDATE moves behind its back or into other blocks are left to the sweeps.
 */
final class BlockRange implements TableWalk {
    private static final BatchSizing SIZING = new BatchSizing(200, 1, 131_072);
    /**
     * Stretches of blocks in one batch while nothing is found, and twice as many after each batch that found nothing, as where an
     * earlier run has emptied a table's beginning. Where rows are sparse the size does not grow, because the next stretch may be
     * dense; but a commit for each would cost more than reading it.
     */
    private static final int STRETCHES = 8;

    private static final int MOST_DOUBLINGS = 3;
    /** Time after which a batch that found nothing takes no further stretch. */
    private static final long SEARCH_NANOS = 60_000_000;
    /** Of a server as it is usually built; near enough to tell a thin stretch from a dense one. */
    private static final double BLOCK_BYTES = 8_192;
    /** Header and line pointer of a row, beside its values. */
    private static final long ROW_OVERHEAD_BYTES = 28;

    private final RowRemoval removal;
    private final EligibleRows rows;
    private final Deletion deletion;
    private final EndSearch search;
    private boolean checked;
    /** Batches in a row that found nothing. */
    private int barren;
    /** Where the next batch begins; {@link Position#START} where there is nothing to be gained by looking ahead. */
    private volatile Position nextStart = Position.START;

    BlockRange(RowRemoval removal, EligibleRows rows, Deletion deletion) {
        this.removal = removal;
        this.rows = rows;
        this.deletion = deletion;
        this.search = new EndSearch(rows);
    }

    @Override
    public BatchSizing sizing() {
        return SIZING;
    }

    @Override
    public void open(Session session) throws SQLException {
        discard();
    }

    @Override
    public Slice take(Session session, Position at, long size) throws SQLException {
        PlannerSettings.byAddress(session);
        if (at.end() == 0) {
            discard();
            return seekEnd(session, Relation.blocks(session, removal.eligible().oid()));
        }
        return at.isSeekingEnd() ? seekEnd(session, at.end()) : delete(session, at, size);
    }

    private Slice seekEnd(Session session, long end) throws SQLException {
        nextStart = Position.seekingEnd(end);
        Position reached = search.back(session, end);
        return new Slice(reached, reached.end() == 0, Removed.NOTHING, -1, -1);
    }

    private Slice delete(Session session, Position at, long size) throws SQLException {
        long blocks = at.end();
        long end = at.block();
        long from;
        Removed removed;
        long began = System.nanoTime();
        int stretches = 0;
        int most = STRETCHES << Math.min(barren, MOST_DOUBLINGS);
        nextStart = barren > 0 ? Position.START : Position.atBlock(Math.min(end + size, blocks), blocks);
        do {
            from = end;
            end = Math.min(from + size, blocks);
            SqlFragment where = HeapBlocks.between(from, end);
            promise(session, where);
            removed = deletion.where(session, where);
            stretches++;
        } while (removed.rows() == 0
                && !deletion.isUnfinished()
                && end < blocks
                && stretches < most
                && System.nanoTime() - began < SEARCH_NANOS);
        barren = removed.rows() == 0 ? barren + 1 : 0;
        double dense = (end - from) * BLOCK_BYTES / (removal.averageRowBytes() + ROW_OVERHEAD_BYTES);
        double fill = Math.min(1, Math.sqrt(removed.rows() / dense));
        return new Slice(Position.atBlock(end, blocks), end == blocks, removed, fill, (double) end / blocks);
    }

    /** Reads the next blocks into the server's memory: up to PostgreSQL 18 a scan by addresses does not read ahead. */
    @Override
    public void lookAhead(Session idle, long size, BooleanSupplier wanted) throws SQLException {
        Position at = nextStart;
        if (at.equals(Position.START) || at.block() == at.end()) {
            return;
        }
        PlannerSettings.byAddress(idle);
        if (at.isSeekingEnd()) {
            search.ahead(idle, at.end(), wanted);
        } else {
            SqlFragment where = HeapBlocks.between(at.block(), Math.min(at.block() + size, at.end()));
            ReadAhead.read(idle, rows.select("t.ctid", where), wanted);
        }
    }

    private void promise(Session session, SqlFragment where) throws SQLException {
        if (checked) {
            return;
        }
        ServerPlan plan = ServerPlan.of(session, rows.delete(where));
        if (!plan.has("Tid Range Scan")) {
            throw CaretakerException.of(
                    Reason.UNEXPECTED_QUERY_PLAN,
                    "The server does not delete from " + removal.eligible().table() + " by heap blocks but chose: "
                            + plan + ".",
                    Map.of("table", removal.eligible().table().toString(), "plan", plan.toString()));
        }
        checked = true;
    }

    @Override
    public boolean takesAll() {
        return true;
    }

    @Override
    public SqlFragment between(Position from, Optional<Position> to) {
        return HeapBlocks.between(
                Math.max(0, from.block()),
                to.map(Position::block).map(block -> Math.max(0, block)).orElse(from.end()));
    }

    @Override
    public Position afterRewrite(Position at) {
        return Position.START;
    }

    @Override
    public void discard() {
        checked = false;
        barren = 0;
        nextStart = Position.START;
        search.forget();
    }
}
