package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Gets rows into the server's memory, a piece at a time: the batch for which a session is wanted does not wait for more than the
 * piece at hand. Pieces double while they take less than half of {@link #PIECE}, and halve when one has taken more: so there are
 * few different statements, each of which has a line of its own in pg_stat_statements.
 */
final class ReadAhead {
    /** Some hundred rows that are at hand take less, and a round trip is little beside it. */
    private static final Duration PIECE = Duration.ofMillis(2);

    private static final long FIRST_ROWS = 64;

    private static final long MOST_ROWS = 1 << 16;

    private ReadAhead() {}

    /**
     * Reads what a query finds, in a transaction that is rolled back afterwards, and returns nothing of it.
     *
     * @param query of {@code t.ctid}, which no index holds: so rows are read, and not only an index of them
     * @param wanted whether to go on; asked before each piece
     */
    static void read(Session idle, SqlFragment query, BooleanSupplier wanted) throws SQLException {
        SqlFragment.of("DECLARE caretaker_ahead NO SCROLL CURSOR FOR ")
                .then("", query)
                .statement()
                .update(idle.connection());
        long rows = FIRST_ROWS;
        boolean more = true;
        while (more && wanted.getAsBoolean()) {
            long began = System.nanoTime();
            more = Sql.of("MOVE FORWARD " + rows + " FROM caretaker_ahead").update(idle.connection()) == rows;
            rows = next(rows, Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private static long next(long rows, Duration took) {
        if (took.compareTo(PIECE) > 0) {
            return Math.max(1, rows / 2);
        }
        return took.multipliedBy(2).compareTo(PIECE) < 0 ? Math.min(MOST_ROWS, rows * 2) : rows;
    }
}
