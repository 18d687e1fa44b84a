package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.archive.ArchiveBook;
import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.RowHash;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.archive.Verification;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Whether an archive holds all rows of a held partition, so that the partition may go: all of it is at its destination now, and
 * count and hash of the partition are those of the archive.
 */
@Singleton
final class ArchiveProof {
    private static final String PATH = "search_path";

    private final ArchiveBook book;
    private final Verification verification;
    private final RetiredStore retired;

    ArchiveProof(ArchiveBook book, Verification verification, RetiredStore retired) {
        this.book = book;
        this.verification = verification;
        this.retired = retired;
    }

    private record Sum(long rows, BigDecimal hash) {}

    /**
     * The archive is whole, and every part of it is where it was put, as far as its destination tells.
     *
     * @throws CaretakerException ARCHIVE_NOT_READY, ARCHIVE_DAMAGED, DESTINATION_UNREACHABLE, DESTINATION_NOT_FOUND
     */
    void require(RetiredRow held) {
        ArchiveRow archive = archive(held);
        if (archive.state() == ArchiveRow.State.EMPTY) {
            return;
        }
        boolean whole = verification
                .verify(archive.id(), VerifyLevel.STORED, (partsDone, parts, rows, bytes) -> true)
                .filter(Verification.Verdict::whole)
                .isPresent();
        ArchiveRow looked = book.get(archive.id());
        if (!whole || !looked.fault().isEmpty()) {
            forget(held); // the next upkeep makes another one
            throw CaretakerException.of(
                    Reason.ARCHIVE_DAMAGED,
                    "Partition " + held.partition() + " stays held, because its archive " + looked.id()
                            + " has a fault: " + looked.fault(),
                    details(held));
        }
    }

    /** The same, asked without a lock, before anything is changed: it takes as long as the partition takes to be read. */
    void requireEqualNow(Session session, RetiredRow held) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            requireEqual(session, held);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /**
     * The partition is what the archive holds.
     *
     * @param session in the transaction of the drop, which holds the partition's lock
     * @throws CaretakerException ARCHIVE_NOT_READY, RELATION_CHANGED if rows or columns are others by now
     */
    void requireEqual(Session session, RetiredRow held) throws SQLException {
        ArchiveRow archive = archive(held);
        List<ArchivedColumn> columns = ArchiveBook.request(archive).source().columns();
        Connection connection = session.connection();
        if (!columns(connection, held.oid()).equals(columns)) {
            throw differs(held, "its columns were altered since");
        }
        Sum now = sum(connection, held, columns);
        if (now.rows() != archive.rows() || now.hash().compareTo(archive.hash()) != 0) {
            throw differs(
                    held,
                    now.rows() == archive.rows()
                            ? "some of its " + now.rows() + " rows are others now"
                            : "it has " + now.rows() + " rows now, and " + archive.rows() + " were archived");
        }
    }

    private ArchiveRow archive(RetiredRow held) {
        UUID id = held.archive()
                .orElseThrow(() -> notReady(held, "no archive holds all of its rows: see the step before this one"));
        ArchiveRow archive = book.get(id);
        boolean proven = archive.state() == ArchiveRow.State.STORED || archive.state() == ArchiveRow.State.EMPTY;
        if (!proven || archive.rowsInDoubt() > 0) {
            throw notReady(
                    held,
                    archive.state() == ArchiveRow.State.DELETED
                            ? "its archive " + id + " was deleted"
                            : "its archive " + id + " is not at " + archive.destination() + " yet"
                                    + (archive.problem().isEmpty() ? "" : " (" + archive.problem() + ")"));
        }
        return archive;
    }

    /** Row security that would hide rows is an error instead, so that all are counted. */
    private static Sum sum(Connection connection, RetiredRow held, List<ArchivedColumn> columns) throws SQLException {
        Sql.of("SET LOCAL row_security = off").update(connection);
        TextSettings.apply(connection);
        return Sql.of("SELECT pg_catalog.count(*), COALESCE(" + RowHash.sum(columns, "t") + ", 0) FROM ONLY "
                        + Identifiers.quote(held.partition()) + " AS t")
                .one(connection, row -> new Sum(row.getLong(1), row.getBigDecimal(2)));
    }

    /** Read in the path in which they were read when they were archived, for names of types are written by it. */
    private static List<ArchivedColumn> columns(Connection connection, long oid) throws SQLException {
        String path = Sql.of("SELECT pg_catalog.current_setting(?)", PATH).one(connection, row -> row.getString(1));
        set(connection, "pg_catalog, pg_temp");
        List<ArchivedColumn> columns = ArchiveSources.columns(connection, oid);
        set(connection, path);
        return columns;
    }

    private static void set(Connection connection, String path) throws SQLException {
        Sql.of("SELECT pg_catalog.set_config(?, ?, true)", PATH, path).one(connection, row -> row.getString(1));
    }

    private void forget(RetiredRow held) {
        retired.archived(held.target(), held.systemId(), held.oid(), null);
    }

    /** The next upkeep archives it again, as it is then. */
    private CaretakerException differs(RetiredRow held, String why) {
        forget(held);
        return CaretakerException.of(
                Reason.RELATION_CHANGED,
                "Partition " + held.partition() + " stays held, because it is not what its archive "
                        + held.archive().orElseThrow() + " holds: " + why + ". The next upkeep archives it again.",
                details(held));
    }

    private static CaretakerException notReady(RetiredRow held, String why) {
        return CaretakerException.of(
                Reason.ARCHIVE_NOT_READY,
                "Partition " + held.partition() + " stays held, because " + why + ".",
                details(held));
    }

    private static Map<String, String> details(RetiredRow held) {
        return Map.of(
                "table",
                held.partition().toString(),
                "archive_id",
                held.archive().map(UUID::toString).orElse(""));
    }
}
