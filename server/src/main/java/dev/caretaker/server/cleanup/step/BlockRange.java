package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Goes over the heap from its first block to the one that is last when the pass begins, deleting what is eligible in some
 * blocks at a time. Rows that an UPDATE moves behind its back or into new blocks are left to the sweeps.
 */
final class BlockRange implements TableWalk {
    private static final BatchSizing SIZING = new BatchSizing(200, 1, 131_072);
    /**
     * Stretches of blocks in one batch while nothing is found. Where rows are sparse the size does not grow, because the next
     * stretch may be dense; but a commit for each would cost more than reading it.
     */
    private static final int STRETCHES = 8;
    /** Time after which a batch that found nothing takes no further stretch. */
    private static final long SEARCH_NANOS = 60_000_000;
    /** Of a server as it is usually built; near enough to tell a thin stretch from a dense one. */
    private static final double BLOCK_BYTES = 8_192;
    /** Header and line pointer of a row, beside its values. */
    private static final long ROW_OVERHEAD_BYTES = 28;

    private final RowRemoval removal;
    private final EligibleRows rows;
    private final Deletion deletion;
    private long blocks;
    private boolean checked;

    BlockRange(RowRemoval removal, EligibleRows rows, Deletion deletion) {
        this.removal = removal;
        this.rows = rows;
        this.deletion = deletion;
    }

    @Override
    public BatchSizing sizing() {
        return SIZING;
    }

    @Override
    public void open(Session session) throws SQLException {
        blocks = Relation.blocks(session, removal.eligible().oid());
        checked = false;
    }

    @Override
    public Slice take(Session session, Position at, long size) throws SQLException {
        if (at.equals(Position.START)) {
            blocks = Relation.blocks(session, removal.eligible().oid());
        }
        if (at.block() >= blocks) {
            return new Slice(at, true, Removed.NOTHING, 0, 1);
        }
        PlannerSettings.byAddress(session);
        long end = at.block();
        long from;
        Removed removed;
        long began = System.nanoTime();
        int stretches = 0;
        do {
            from = end;
            end = Math.min(from + size, blocks);
            SqlFragment where = HeapBlocks.between(from, end);
            promise(session, where);
            removed = deletion.where(session, where);
            stretches++;
        } while (removed.rows() == 0
                && end < blocks
                && stretches < STRETCHES
                && System.nanoTime() - began < SEARCH_NANOS);
        double dense = (end - from) * BLOCK_BYTES / (removal.averageRowBytes() + ROW_OVERHEAD_BYTES);
        double fill = Math.min(1, Math.sqrt(removed.rows() / dense));
        return new Slice(Position.atBlock(end), end == blocks, removed, fill, (double) end / blocks);
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
    public SqlFragment between(Position from, Optional<Position> to) {
        return HeapBlocks.between(from.block(), to.map(Position::block).orElse(blocks));
    }

    @Override
    public Position afterRewrite(Position at) {
        return Position.START;
    }

    @Override
    public void discard() {
        checked = false;
    }
}
