package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Loads a part into a temporary table at the target, counts and hashes what is there, and rolls back. A temporary table is nobody
 * else's to see, writes no log, and does not outlive the transaction. Each part has a transaction of its own, so that no snapshot
 * holds up VACUUM for longer than one takes.
 */
final class TrialLoad {
    private static final String TABLE = "pg_temp.caretaker_trial";

    private final Target target;
    private final List<ArchivedColumn> columns;

    TrialLoad(Target target, List<ArchivedColumn> columns) {
        this.target = target;
        this.columns = columns;
    }

    /**
     * Loads it.
     *
     * @param counted called after each row
     * @throws DamagedException if the server does not take the rows, or count or hash are others
     */
    void load(PartReading reading, Manifest.Part part, Runnable counted) throws IOException {
        try (Session session = target.openSession("caretaker/verify")) {
            load(session.connection(), reading, part, counted);
        } catch (SQLException e) {
            if (!PostgresErrors.isAboutData(e)) {
                throw PostgresErrors.translate(target.name(), e);
            }
            throw new DamagedException("the target does not take its rows back: " + PostgresErrors.whole(e), e);
        }
    }

    private void load(Connection connection, PartReading reading, Manifest.Part part, Runnable counted)
            throws SQLException, IOException {
        connection.setAutoCommit(false);
        try {
            TextSettings.apply(connection);
            Sql.of("CREATE TEMPORARY TABLE " + TABLE + " (" + definition() + ") ON COMMIT DROP")
                    .execute(connection);
            long loaded = RowPipe.copy(connection, "COPY " + TABLE + " FROM STDIN (FORMAT csv)", buffer -> {
                while (reading.next(buffer::write)) {
                    counted.run();
                }
            });
            if (loaded != part.rows()) {
                throw new DamagedException("the target took " + loaded + " rows of it, not " + part.rows());
            }
            compare(connection, part);
        } finally {
            connection.rollback();
        }
    }

    private void compare(Connection connection, Manifest.Part part) throws SQLException, IOException {
        BigDecimal hash = Sql.of("SELECT COALESCE(" + RowHash.sum(columns, "t") + ", 0) FROM " + TABLE + " AS t")
                .one(connection, row -> row.getBigDecimal(1));
        if (hash.compareTo(part.hash()) != 0) {
            throw new DamagedException("the hash of its rows is " + hash + ", not " + part.hash());
        }
    }

    private String definition() {
        return columns.stream()
                .map(column -> Identifiers.quote(column.name()) + " " + column.type()
                        + (column.collation().isEmpty() ? "" : " COLLATE " + column.collation()))
                .collect(Collectors.joining(", "));
    }
}
