package dev.caretaker.server.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** An application that goes on writing occurrences, and in the end looks whether all that was confirmed to it is there. */
final class DemoWriter {
    /** What it writes is told by this. */
    private static final String MARK = "written by the demo";

    private static final Duration PAUSE = Duration.ofMillis(2);

    private final DataSource database;
    private final FutureTask<Written> writing = new FutureTask<>(this::write);
    private volatile boolean stopped;

    private DemoWriter(DataSource database) {
        this.database = database;
    }

    /**
     * What was written.
     *
     * @param rows inserted, each changed afterwards, and each third one deleted
     * @param wrong rows that are missing, there twice, or not as they should be
     */
    record Written(int rows, long wrong) {}

    static DemoWriter start(DataSource database) {
        DemoWriter writer = new DemoWriter(database);
        Thread.ofVirtual().name("demo-writer").start(writer.writing);
        return writer;
    }

    /** Stops it, looks for its rows, and removes them. Fails with what refused a statement of it. */
    Written stop() throws SQLException {
        stopped = true;
        try {
            return writing.get();
        } catch (ExecutionException e) {
            throw new SQLException(
                    "the demo's writer was refused: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while the demo's writer stopped", e);
        }
    }

    private Written write() throws SQLException {
        List<UUID> kept = new ArrayList<>();
        int rows = 0;
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO milvaion.\"JobOccurrences\""
                        + " (\"Id\", \"JobId\", \"JobName\", \"CorrelationId\", \"Status\", \"CreatedAt\")"
                        + " SELECT ?, j.\"Id\", '" + MARK
                        + "', ?, 0, now() FROM milvaion.\"ScheduledJobs\" j LIMIT 1");
                PreparedStatement update = connection.prepareStatement("UPDATE milvaion.\"JobOccurrences\""
                        + " SET \"Status\" = 2, \"EndTime\" = now() WHERE \"Id\" = ?");
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM milvaion.\"JobOccurrences\" WHERE \"Id\" = ?")) {
            while (!stopped) {
                UUID id = UUID.randomUUID();
                insert.setObject(1, id);
                insert.setObject(2, id);
                insert.executeUpdate();
                update.setObject(1, id);
                update.executeUpdate();
                if (rows % 3 == 0) {
                    delete.setObject(1, id);
                    delete.executeUpdate();
                } else {
                    kept.add(id);
                }
                rows++;
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            return new Written(rows, wrong(connection, kept));
        }
    }

    private static long wrong(Connection connection, List<UUID> kept) throws SQLException {
        try (PreparedStatement look =
                connection.prepareStatement("WITH gone AS (DELETE FROM milvaion.\"JobOccurrences\""
                        + " WHERE \"JobName\" = '" + MARK + "' RETURNING \"Id\", \"Status\")"
                        + " SELECT count(*) FROM unnest(?::uuid[]) AS k (id) FULL JOIN gone g ON g.\"Id\" = k.id"
                        + " WHERE k.id IS NULL OR g.\"Status\" IS DISTINCT FROM 2")) {
            look.setArray(1, connection.createArrayOf("uuid", kept.toArray()));
            try (var row = look.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
