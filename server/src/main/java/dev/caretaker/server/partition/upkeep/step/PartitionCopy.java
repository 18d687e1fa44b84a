package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.ArchiveSource;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.archive.PieceCopy;
import dev.caretaker.server.archive.PieceSum;
import dev.caretaker.server.archive.RowHashing;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.spool.Spool;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Copies blocks of a detached partition into a spool, as COPY writes them, with what {@link PieceSum} reads in front of each row. */
final class PartitionCopy {
    /** In heap blocks, of 8 KiB as a rule: from 1 MiB, so that a piece is worth its fsync, to 128 MiB. */
    static final BatchSizing SIZING = new BatchSizing(1_024, 128, 16_384);

    /** timestamptz, timestamp, date. */
    private static final Set<Long> TIMES = Set.of(1184L, 1114L, 1082L);

    private final ArchiveRequest request;
    private final Spool spool;
    private final Format format;
    private final RowHashing hashing;
    private long rows;
    private long written;

    PartitionCopy(ArchiveRequest request, Spool spool, Format format, RowHashing hashing) {
        this.request = request;
        this.spool = spool;
        this.format = format;
        this.hashing = hashing;
    }

    /** Fails with UNSUPPORTED_RELATION for what has no heap, or whose rows row security would hide. */
    static void requireReadable(Session session, RetiredArchive order) throws SQLException {
        Optional<String> why = Sql.resource("partition/upkeep_copyable", order.oid())
                .first(session.connection(), row -> Optional.ofNullable(row.getString("objection")))
                .flatMap(found -> found);
        if (why.isPresent()) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION,
                    "Partition " + order.partition() + " cannot be archived: " + why.get() + ".",
                    Map.of("table", order.partition().toString()));
        }
    }

    /** As it was before it was detached, so that it can be restored as that partition. */
    static ArchiveSource asPartition(ArchiveSource source, RetiredArchive order) {
        String attach = PartitionSql.attach(
                order.parent(), order.partition(), Optional.of(order.from()), Optional.of(order.to()));
        return source.asPartition(
                order.parent(),
                attach.substring(attach.indexOf("FOR VALUES")),
                source.definition().stream()
                        .filter(statement -> !statement.contains(PartitionSql.HELD))
                        .collect(Collectors.toList()),
                attach);
    }

    /** The key, if rows can be told apart by its time. */
    static Optional<String> timeColumn(ArchiveSource source, RetiredArchive order) {
        return order.key()
                .flatMap(name -> source.columns().stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst())
                .filter(column -> TIMES.contains(column.typeOid()))
                .map(ArchivedColumn::name);
    }

    /** How many blocks it has now. */
    static long blocks(Session session, long oid) throws SQLException {
        return Sql.resource("partition/upkeep_blocks", oid).one(session.connection(), row -> row.getLong("blocks"));
    }

    /**
     * Copies blocks, in the open transaction.
     *
     * @param until block before which to stop; empty: to the end
     * @param from where the archive goes on
     * @return where it ends then
     */
    PartMark copy(Session session, long block, Optional<Long> until, PartMark from) throws SQLException, IOException {
        Connection connection = session.connection();
        Sql.of("SET LOCAL row_security = off").update(connection); // an error rather than hidden rows
        TextSettings.apply(connection);
        spool.continueAt(from);
        PieceSum sum = new PieceSum(hashing);
        PieceCopy.run(connection, query(block, until), format, sum, spool.out());
        PartMark mark = spool.mark(sum.piece());
        rows = sum.rows();
        written = mark.bytes() - (mark.file().equals(from.file()) ? from.bytes() : 0);
        return mark;
    }

    private String query(long block, Optional<Long> until) {
        ArchiveSource source = request.source();
        String time = request.timeColumn()
                .map(column -> "CAST(t." + Identifiers.quote(column) + " AS pg_catalog.timestamptz)")
                .map(PieceCopy::moment)
                .orElse(PieceCopy.noTime());
        return "SELECT " + PieceCopy.numbers(hashing.expression("t"), time, "t.tableoid") + ", "
                + format.expressions(source.columns()) + " FROM ONLY " + Identifiers.quote(source.table())
                + " AS t WHERE t.ctid OPERATOR(pg_catalog.>=) " + place(block)
                + until.map(end -> " AND t.ctid OPERATOR(pg_catalog.<) " + place(end))
                        .orElse("");
    }

    private static String place(long block) {
        return "CAST('(" + block + ",0)' AS pg_catalog.tid)";
    }

    /** Rows of the latest piece. */
    long rows() {
        return rows;
    }

    /** Bytes of the latest piece, as they are stored. */
    long written() {
        return written;
    }
}
