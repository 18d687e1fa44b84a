package dev.caretaker.server.api;

import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.ArchiveSource;
import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.archive.Archives;
import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.archive.Piece;
import dev.caretaker.server.archive.RowHash;
import dev.caretaker.server.archive.Sealed;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.spool.Spool;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.postgresql.PGConnection;

/** Lets rows leave as a step of a run does, without one: batches of a table in the order of their rows' places. */
final class ArchivingStep {
    private final WholeServer server;
    private final Database target;
    private final TableName table;
    private final Optional<String> time;

    ArchivingStep(WholeServer server, Database target, TableName table, Optional<String> time) {
        this.server = server;
        this.target = target;
        this.table = table;
        this.time = time;
    }

    static ArchiveTerms terms(String destination, String format, String compression) {
        return new ArchiveTerms(destination, format, compression, 1 << 20, VerifyLevel.READ_BACK);
    }

    ArchiveRequest request(ArchiveTerms terms) throws SQLException {
        return new ArchiveRequest(
                UUID.randomUUID(),
                "main",
                source(),
                "old-rows",
                Optional.empty(),
                UUID.randomUUID(),
                new Actor("tester", false),
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                "all rows",
                time,
                terms);
    }

    private ArchiveSource source() throws SQLException {
        try (Connection connection = target.connect()) {
            long oid = number(
                    connection,
                    "SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = '"
                            + table.schema().replace("'", "''") + "' AND relname = '"
                            + table.name().replace("'", "''") + "'");
            return ArchiveSources.read(connection, oid).orElseThrow();
        }
    }

    /** All rows of the table leave, so many a batch. */
    Sealed archive(ArchiveRequest request, int batch) throws SQLException, IOException {
        return archive(request, batch, _ -> {});
    }

    /** @param committed told the number of each batch that is committed, from 1 */
    Sealed archive(ArchiveRequest request, int batch, IntConsumer committed) throws SQLException, IOException {
        Archives archives = server.bean(Archives.class);
        Spool spool = archives.open(request);
        PartMark mark = spool.start();
        Format format = archives.format(request.terms());
        try (spool;
                Connection connection = target.connect()) {
            connection.setAutoCommit(false);
            long rows;
            int number = 0;
            do {
                spool.continueAt(mark);
                TextSettings.apply(connection);
                Piece piece = leave(connection, request, format, spool, batch);
                mark = spool.mark(piece);
                spool.makeDurable(mark);
                connection.commit();
                committed.accept(++number);
                rows = piece.rows();
            } while (rows > 0);
        }
        return archives.seal(mark);
    }

    private Piece leave(Connection connection, ArchiveRequest request, Format format, Spool spool, int batch)
            throws SQLException, IOException {
        String name = Identifiers.quote(table);
        String some = " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + name + " LIMIT " + batch + "))";
        String when = time.map(column -> "min(" + Identifiers.quote(column) + ")::timestamptz, max("
                        + Identifiers.quote(column) + ")::timestamptz")
                .orElse("NULL::timestamptz, NULL::timestamptz");
        Piece told;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COALESCE("
                        + RowHash.sum(request.source().columns(), "t") + ", 0), " + when + ", count(*) FROM " + name
                        + " t" + some)) {
            row.next();
            told = new Piece(row.getLong(4), row.getBigDecimal(1), instant(row, 2), instant(row, 3));
        }
        long copied = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                        "COPY (DELETE FROM ONLY " + name + some + " RETURNING "
                                + format.expressions(request.source().columns()) + ") TO STDOUT "
                                + format.copyOptions(),
                        spool.out());
        if (copied != told.rows()) {
            throw new IllegalStateException(copied + " rows left, not " + told.rows());
        }
        return told;
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The hash of what a table holds now. */
    static BigDecimal hash(Database target, ArchiveSource source, String table) throws SQLException {
        try (Connection connection = target.connect()) {
            connection.setAutoCommit(false);
            TextSettings.apply(connection);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT COALESCE(" + RowHash.sum(source.columns(), "t") + ", 0) FROM " + table + " t")) {
                row.next();
                return row.getBigDecimal(1);
            }
        }
    }
}
