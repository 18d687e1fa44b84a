package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/**
 * Finds the block behind the last eligible row, from a table's end backwards: mostly the end is the table's newest part, and
 * a scan by block addresses, unlike one of the whole table, neither reads ahead by itself nor runs on several processors. Two
 * sessions share the work: one goes back {@value #LOOKS} looks at a time, the other takes the next as many meanwhile.
 */
final class EndSearch {
    /** Blocks in one look: 8 MB. */
    private static final long BLOCKS = 1_024;

    private static final int LOOKS = 8;
    private static final Stretch NONE = new Stretch(0, 0);

    private final EligibleRows rows;
    private volatile Stretch knownEmpty = NONE;

    EndSearch(EligibleRows rows) {
        this.rows = rows;
    }

    /** Blocks in which nothing is eligible. */
    private record Stretch(long from, long to) {}

    /** What was seen in one pass says nothing in the next: rows move. */
    void forget() {
        knownEmpty = NONE;
    }

    /**
     * Goes back from a block behind which nothing is eligible.
     *
     * @return the first block of the table, once the end is known; else how far the search got
     */
    Position back(Session session, long behind) throws SQLException {
        long end = behind;
        for (int look = 0; look < LOOKS && end > 0; look++) {
            if (found(session, end)) {
                return Position.atBlock(0, end);
            }
            end = before(end);
        }
        Stretch known = knownEmpty;
        return Position.seekingEnd(known.to() == end && end > 0 ? known.from() : end);
    }

    /**
     * Takes the looks after those that {@link #back} takes from the same block.
     *
     * @param wanted whether to take another one
     */
    void ahead(Session idle, long behind, BooleanSupplier wanted) throws SQLException {
        long start = Math.max(0, behind - LOOKS * BLOCKS);
        long end = start;
        for (int look = 0; look < LOOKS && end > 0 && wanted.getAsBoolean() && !found(idle, end); look++) {
            end = before(end);
            knownEmpty = new Stretch(end, start);
        }
    }

    private boolean found(Session session, long end) throws SQLException {
        SqlFragment within = HeapBlocks.between(before(end), end);
        return EligibleRows.limit(rows.selectEligible("1", within), 1)
                .statement()
                .first(session.connection(), row -> row.getInt(1))
                .isPresent();
    }

    private static long before(long end) {
        return Math.max(0, end - BLOCKS);
    }
}
