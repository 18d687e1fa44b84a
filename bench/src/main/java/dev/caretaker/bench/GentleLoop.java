package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What a machine allows beside an application: a few hundred rows a commit, in the order of an index, and after each a pause as long
 * as it took. It looks after nothing else: no row is counted, journalled or told of, and no signal is heeded.
 */
final class GentleLoop implements Contender {
    private static final int ROWS = 300;

    @Override
    public String name() {
        return "gentle loop";
    }

    @Override
    public Work remove(BenchDatabase database, Scenario scenario) throws SQLException {
        long start = System.nanoTime();
        try (Connection connection = database.connectClone();
                PreparedStatement batch = connection.prepareStatement(sql(scenario))) {
            Optional<OffsetDateTime> from = Optional.of(OffsetDateTime.parse("1970-01-01T00:00:00Z"));
            while (from.isPresent() && System.nanoTime() - start < LOOP_NANOS) {
                long began = System.nanoTime();
                batch.setObject(1, from.get());
                try (ResultSet last = batch.executeQuery()) {
                    last.next();
                    from = Optional.ofNullable(last.getObject(1, OffsetDateTime.class));
                }
                LockSupport.parkNanos(System.nanoTime() - began);
            }
        }
        return Work.of(Duration.ofNanos(System.nanoTime() - start));
    }

    /** The end of what went is where the next batch begins: the dead entries before it are not read again. */
    private static String sql(Scenario scenario) {
        String time = '"' + scenario.timeColumn() + '"';
        return """
                WITH gone AS (
                    DELETE FROM %1$s WHERE ctid = ANY (ARRAY(
                        SELECT ctid FROM %1$s WHERE %2$s AND %3$s >= ? ORDER BY %3$s LIMIT %4$d))
                    RETURNING %3$s AS at)
                SELECT max(at) FROM gone""".formatted(scenario.quotedTable(), scenario.condition(), time, ROWS);
    }
}
