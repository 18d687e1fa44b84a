package dev.caretaker.server.cleanup.step;

import java.util.Optional;

/** Conditions on where rows lie in the heap. */
final class HeapBlocks {
    private HeapBlocks() {}

    /** Blocks from {@code from} to before {@code to}. */
    static SqlFragment between(long from, long to) {
        return SqlFragment.of(
                "t.ctid OPERATOR(pg_catalog.>=) CAST(? AS pg_catalog.tid) AND t.ctid OPERATOR(pg_catalog.<) CAST(? AS pg_catalog.tid)",
                address(from),
                address(to));
    }

    /** Rows behind one address, up to and including another. */
    static SqlFragment behind(long after, long upTo) {
        return SqlFragment.of(
                "t.ctid OPERATOR(pg_catalog.>) CAST(? AS pg_catalog.tid) AND t.ctid OPERATOR(pg_catalog.<=) CAST(? AS pg_catalog.tid)",
                RowAddress.text(after),
                RowAddress.text(upTo));
    }

    /** Rows behind the row of one position, up to and including that of another, or to the table's end. */
    static SqlFragment between(Position from, Optional<Position> to) {
        SqlFragment behind = SqlFragment.of(
                "t.ctid OPERATOR(pg_catalog.>) CAST(? AS pg_catalog.tid)",
                from.after().orElse(address(0)));
        return to.map(position -> behind.then(
                        " AND ",
                        SqlFragment.of(
                                "t.ctid OPERATOR(pg_catalog.<=) CAST(? AS pg_catalog.tid)",
                                position.after().orElse(address(0)))))
                .orElse(behind);
    }

    private static String address(long block) {
        return "(" + block + ",0)";
    }
}
