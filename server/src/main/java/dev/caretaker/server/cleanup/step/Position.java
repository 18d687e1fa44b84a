package dev.caretaker.server.cleanup.step;

import java.util.Optional;

/**
 * How far a walk over a table got. Each kind uses the fields it needs.
 *
 * @param range INDEX_RANGE: number of the range, from 0
 * @param from INDEX_RANGE: first value that is not yet done, in the time column's text form; empty at a range's beginning
 * @param after address of the last row that is done, as Postgres writes it: within a tie, or in ROW_LIST
 * @param block BLOCK_RANGE: first heap block that is not yet done; negative while the end is still sought
 * @param end BLOCK_RANGE: first heap block behind those that may hold eligible rows; 0 if nothing is known yet
 */
public record Position(int range, Optional<String> from, Optional<String> after, long block, long end) {
    /** The beginning, for every kind of walk. */
    public static final Position START = new Position(0, Optional.empty(), Optional.empty(), 0, 0);

    static Position inTie(int range, String value, long address) {
        return new Position(range, Optional.of(value), Optional.of(RowAddress.text(address)), 0, 0);
    }

    static Position atRange(int range, Optional<String> from) {
        return new Position(range, from, Optional.empty(), 0, 0);
    }

    static Position atBlock(long block, long end) {
        return new Position(0, Optional.empty(), Optional.empty(), block, end);
    }

    /** Before the first block, with nothing eligible from that end on. */
    static Position seekingEnd(long end) {
        return atBlock(-1, end);
    }

    boolean isSeekingEnd() {
        return block < 0;
    }

    static Position afterRow(long address) {
        return new Position(0, Optional.empty(), Optional.of(RowAddress.text(address)), 0, 0);
    }
}
