package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Lists the addresses of eligible rows, and deletes from the list in batches. Where one list of the whole table takes too
 * long, this goes over the heap in order, listing a bounded stretch of it at a time.
 */
final class RowList implements TableWalk {
    private static final BatchSizing SIZING = new BatchSizing(2_000, 10, 100_000);
    private static final int LIST = 200_000;
    /** Blocks read by one listing: 32 MB. */
    private static final long STRETCH = 4_096;
    /** Listings in one batch where nothing is found. */
    private static final int STRETCHES = 8;

    private final Eligibility eligible;
    private final EligibleRows rows;
    private final Deletion deletion;
    private long blocks;
    private AddressList list;
    private long listed;

    RowList(RowRemoval removal, EligibleRows rows, Deletion deletion) {
        this.eligible = removal.eligible();
        this.rows = rows;
        this.deletion = deletion;
    }

    /** One list of the whole table if it is to be had in time; a table too large for that goes stretch by stretch. */
    @Override
    public RemovalCursor start(long relfilenode) {
        return RemovalCursor.list(relfilenode);
    }

    @Override
    public BatchSizing sizing() {
        return SIZING;
    }

    @Override
    public void open(Session session) throws SQLException {
        blocks = Relation.blocks(session, eligible.oid());
        discard();
    }

    @Override
    public Slice take(Session session, Position at, long size) throws SQLException {
        if (at.equals(Position.START)) {
            open(session);
        }
        if (list.isEmpty()) {
            listed = at.after().map(RowAddress::parse).orElse(0L);
        }
        PlannerSettings.byAddress(session);
        for (int i = 0; i < STRETCHES && list.size() < size && RowAddress.block(listed) < blocks; i++) {
            listMore(session);
        }
        long[] addresses = list.take(size);
        Removed removed = addresses.length == 0 ? Removed.NOTHING : deletion.at(session, addresses);
        long done = list.isEmpty() ? listed : addresses[addresses.length - 1];
        boolean end = list.isEmpty() && RowAddress.block(listed) >= blocks;
        double fraction = end ? 1 : (double) RowAddress.block(done) / blocks;
        return new Slice(Position.afterRow(done), end, removed, (double) addresses.length / size, fraction);
    }

    private void listMore(Session session) throws SQLException {
        long end = RowAddress.beginning(Math.min(RowAddress.block(listed) + STRETCH, blocks));
        SqlFragment query = rows.selectEligible("t.ctid", HeapBlocks.behind(listed, end));
        long[] found = EligibleRows.addresses(session, EligibleRows.limit(query, LIST));
        listed = found.length == LIST ? found[LIST - 1] : end;
        list = list.with(found);
    }

    @Override
    public boolean takesAll() {
        return false;
    }

    @Override
    public SqlFragment between(Position from, Optional<Position> to) {
        return HeapBlocks.between(from, to);
    }

    @Override
    public Position afterRewrite(Position at) {
        discard();
        return Position.START;
    }

    @Override
    public void discard() {
        list = AddressList.NONE;
    }
}
