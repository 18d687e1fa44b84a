package dev.caretaker.server.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A range of blocks of a table, so that several sessions read one that is large. A row lies in one piece only, wherever a snapshot
 * shows it; the last piece has no end, so that a table that grows is read whole.
 *
 * @param number from 1 on
 * @param of how many there are of the table
 * @param firstBlock of the piece
 * @param endBlock the one behind it; empty for the last piece
 */
public record TablePiece(FoundTable table, int number, int of, long firstBlock, Optional<Long> endBlock) {
    /** As they lie on disk: a minute or less for one session. */
    private static final long BYTES = 256L << 20;

    /** The pieces of a table; one for all of it unless it is large. */
    public static List<TablePiece> of(FoundTable table) {
        long wanted = (table.bytes() + BYTES - 1) / BYTES;
        long pieces = Math.max(1, Math.min(wanted, table.blocks()));
        List<TablePiece> all = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            all.add(new TablePiece(
                    table,
                    i + 1,
                    (int) pieces,
                    table.blocks() * i / pieces,
                    i + 1 == pieces ? Optional.empty() : Optional.of(table.blocks() * (i + 1) / pieces)));
        }
        return all;
    }

    /** About, as it lies on disk. */
    public long bytes() {
        return table.bytes() / of;
    }

    /**
     * The rows of the piece, as the end of a statement; empty text for all.
     *
     * @param row name by which the statement knows them, unquoted
     */
    public String where(String row) {
        if (of == 1) {
            return "";
        }
        String from = " WHERE " + row + ".ctid >= CAST('(" + firstBlock + ",0)' AS pg_catalog.tid)";
        return from
                + endBlock.map(end -> " AND " + row + ".ctid < CAST('(" + end + ",0)' AS pg_catalog.tid)")
                        .orElse("");
    }
}
