package dev.caretaker.server.backup.health;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * How the server copies its write-ahead log away, which physical backups need.
 *
 * @param enabled whether archive_mode is on
 * @param archived files since the figures were reset
 * @param lastArchived when the last one was
 * @param failed attempts that failed since then
 * @see <a href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ARCHIVER-VIEW">pg_stat_archiver</a>
 */
public record Archiver(
        boolean enabled,
        long archived,
        Optional<Instant> lastArchived,
        String lastArchivedFile,
        long failed,
        Optional<Instant> lastFailed,
        String lastFailedFile) {

    /** Whether the latest attempt failed. */
    public boolean fails() {
        return enabled
                && lastFailed.isPresent()
                && lastArchived.filter(at -> !at.isBefore(lastFailed.get())).isEmpty();
    }

    /** Reads it. Fails with TARGET_UNREACHABLE and what else withPrimary may. */
    static Archiver of(Target target) throws CaretakerException {
        return target.withPrimary(connection -> Sql.resource("backup/archiver").one(connection, Archiver::read));
    }

    private static Archiver read(ResultSet row) throws SQLException {
        return new Archiver(
                row.getBoolean("enabled"),
                row.getLong("archived_count"),
                instant(row, "last_archived_time"),
                row.getString("last_archived_wal"),
                row.getLong("failed_count"),
                instant(row, "last_failed_time"),
                row.getString("last_failed_wal"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
