package dev.caretaker.server.archive.parquet;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.CsvFormat;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Rewriting;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Rows lie in the spool as CSV; a part becomes a Parquet file when it is full. */
@Singleton
final class ParquetFormat implements Format {
    private final CsvFormat csv;
    private final ParquetFiles files;

    ParquetFormat(CsvFormat csv, ParquetFiles files) {
        this.csv = csv;
        this.files = files;
    }

    @Override
    public String name() {
        return "parquet";
    }

    @Override
    public String expressions(List<ArchivedColumn> columns) {
        return csv.expressions(columns);
    }

    @Override
    public String copyOptions() {
        return csv.copyOptions();
    }

    @Override
    public boolean fieldsOfCsv() {
        return csv.fieldsOfCsv();
    }

    @Override
    public byte[] header(List<ArchivedColumn> columns) {
        return csv.header(columns);
    }

    @Override
    public String spoolSuffix(Compression compression) {
        return csv.spoolSuffix(compression);
    }

    @Override
    public Optional<Rewriting> rewriting() {
        return Optional.of(files);
    }

    @Override
    public RowReader read(InputStream in, List<ArchivedColumn> columns) throws IOException {
        return csv.read(in, columns);
    }
}
