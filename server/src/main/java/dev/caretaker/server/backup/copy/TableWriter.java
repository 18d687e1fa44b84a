package dev.caretaker.server.backup.copy;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.LineHash;
import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.RowHashing;
import dev.caretaker.server.archive.RowSum;
import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.TablePiece;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Identifiers;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Copies the rows of a table, or of a piece of it, into objects. Before each row stands its hash, or nothing where that is made
 * here; so rows are read once. It is taken off here, and hashes are summed up.
 */
final class TableWriter {
    /** Before compression: some hundred megabytes as they are stored, which are carried again soon if they have to be. */
    private static final long PART_BYTES = 1L << 30;

    private static final int PIECE = 256 << 10;

    private final BackupFolder folder;
    private final Compression compression;
    private final Gate gate;
    private final TablePiece piece;
    private final List<ArchivedColumn> columns;
    private final RowHashing hashing;
    private final Optional<LineHash> lines;
    private final LongConsumer copied;
    private final List<Manifest.Part> parts = new ArrayList<>();
    private final byte[] buffer = new byte[PIECE];
    private Optional<BackupFolder.Draft> draft = Optional.empty();
    private int filled;
    private long raw;
    private long rows;
    private long partRows;
    private RowSum partSum = new RowSum();
    private BigDecimal hash = BigDecimal.ZERO;

    /** @param copied hears how many bytes were copied since it heard last */
    TableWriter(
            BackupFolder folder,
            Compression compression,
            Gate gate,
            TablePiece piece,
            List<ArchivedColumn> columns,
            RowHashing hashing,
            LongConsumer copied) {
        this.folder = folder;
        this.compression = compression;
        this.gate = gate;
        this.piece = piece;
        this.columns = columns;
        this.hashing = hashing;
        this.lines = hashing.lines();
        this.copied = copied;
    }

    /** All rows of the piece that the snapshot shows. */
    void write(Connection connection) throws SQLException, IOException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql());
        try {
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                take(row);
            }
            endPart();
        } finally {
            draft.ifPresent(folder::drop);
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private String sql() {
        Format format = folder.format();
        String values = format.expressions(columns);
        return "COPY (SELECT " + hashing.expression("t") + (values.isEmpty() ? "" : ", " + values) + " FROM ONLY "
                + Identifiers.quote(piece.table().name()) + " AS t" + piece.where("t") + ") TO STDOUT "
                + format.copyOptions();
    }

    private void take(byte[] row) throws IOException {
        int end = 0;
        boolean negative = row[0] == '-';
        long value = 0;
        for (int i = negative ? 1 : 0; row[i] >= '0' && row[i] <= '9'; i++) {
            value = value * 10 - (row[i] - '0'); // downwards: the smallest long has no positive
            end = i + 1;
        }
        int from = row[end] == ',' ? end + 1 : end;
        partSum.add(lines.isPresent() ? lines.get().of(row, from) : negative ? value : -value);
        write(row, from, row.length - from);
        partRows++;
        if (raw >= PART_BYTES) {
            endPart();
        }
    }

    private void write(byte[] row, int from, int length) {
        if (filled + length > buffer.length) {
            flush();
        }
        if (length > buffer.length) {
            folder.write(draft(), row, from, length);
            count(length);
        } else {
            System.arraycopy(row, from, buffer, filled, length);
            filled += length;
        }
    }

    private void flush() {
        if (filled > 0) {
            folder.write(draft(), buffer, 0, filled);
            count(filled);
            filled = 0;
        }
    }

    private void count(int bytes) {
        raw += bytes;
        copied.accept(bytes);
        gate.pass();
    }

    private BackupFolder.Draft draft() {
        if (draft.isEmpty()) {
            draft = Optional.of(
                    folder.begin(folder.format(), compression, folder.format().header(columns)));
        }
        return draft.get();
    }

    private void endPart() {
        flush();
        if (draft.isPresent()) {
            BackupFolder.Draft complete = draft.get();
            draft = Optional.empty();
            BigDecimal sum = partSum.value();
            parts.add(folder.put(complete, partRows, sum));
            hash = hash.add(sum);
            rows += partRows;
        }
        partRows = 0;
        partSum = new RowSum();
        raw = 0;
    }

    long rows() {
        return rows;
    }

    BigDecimal hash() {
        return hash;
    }

    List<Manifest.Part> parts() {
        return List.copyOf(parts);
    }
}
