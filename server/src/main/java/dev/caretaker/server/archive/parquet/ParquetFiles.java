package dev.caretaker.server.archive.parquet;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.format.CsvFormat;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Rewriting;
import dev.caretaker.server.archive.spool.SpoolFolder;
import jakarta.inject.Singleton;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Makes Parquet files and reads them. Each says in its own metadata what the SHA-256 of its rows is as text; a file of which they
 * do not read back so is never stored.
 */
@Singleton
final class ParquetFiles implements Rewriting {
    private final DuckDb duckDb;
    private final CsvFormat csv;
    private final SpoolFolder spool;

    ParquetFiles(DuckDb duckDb, CsvFormat csv, SpoolFolder spool) {
        this.duckDb = duckDb;
        this.csv = csv;
        this.spool = spool;
    }

    @Override
    public String suffix() {
        return ".parquet";
    }

    @Override
    public Optional<String> obstacle() {
        return duckDb.obstacle();
    }

    @Override
    public void write(InputStream text, List<ArchivedColumn> columns, String compression, Path file)
            throws IOException {
        Path copy = spool.copy();
        try (Connection connection = duckDb.open()) {
            TextSum sum = new TextSum();
            Quoting rows = quote(text, columns, copy, sum);
            new ParquetWriter(connection, copy, rows, duckDb.memory())
                    .write(ParquetColumn.of(columns), compression, sum.hex(), file);
            requireSame(file, columns, rows.rows());
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        } finally {
            spool.forgetCopy(copy);
        }
    }

    private Quoting quote(InputStream text, List<ArchivedColumn> columns, Path copy, TextSum sum) throws IOException {
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(copy, StandardOpenOption.CREATE_NEW), 64 << 10)) {
            Quoting rows = new Quoting(out, sum);
            Format.RowReader reader = csv.read(text, columns);
            boolean more = true;
            while (more) {
                more = reader.next(rows);
            }
            rows.flush();
            return rows;
        }
    }

    /** Reads all of it. */
    private void requireSame(Path file, List<ArchivedColumn> columns, long written) throws IOException {
        try (Rows rows = read(file, columns)) {
            long found = 0;
            while (rows.next(Format.RowSink.NOWHERE)) {
                found++;
            }
            if (found != written) {
                throw new DamagedException("DuckDB wrote " + found + " rows, not " + written);
            }
        }
    }

    @Override
    public Rows read(Path file, List<ArchivedColumn> columns) throws IOException {
        return ParquetRows.open(duckDb.open(), file, columns);
    }
}
