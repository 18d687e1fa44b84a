package dev.caretaker.server.archive.format;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.target.Identifiers;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** CSV as COPY writes it: a header, NULL as nothing, the empty text as two quotes. */
@Singleton
public final class CsvFormat implements Format {
    CsvFormat() {}

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String expressions(List<ArchivedColumn> columns) {
        return columns.stream().map(column -> Identifiers.quote(column.name())).collect(Collectors.joining(", "));
    }

    @Override
    public String copyOptions() {
        return "(FORMAT csv)";
    }

    @Override
    public boolean fieldsOfCsv() {
        return true;
    }

    @Override
    public byte[] header(List<ArchivedColumn> columns) {
        return (columns.stream().map(column -> Identifiers.quote(column.name())).collect(Collectors.joining(","))
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public RowReader read(InputStream in, List<ArchivedColumn> columns) throws IOException {
        byte[] expected = header(columns);
        byte[] found = in.readNBytes(expected.length);
        if (!Arrays.equals(expected, found)) {
            throw new DamagedException("its header does not name the columns of the manifest");
        }
        return new CsvRows(in, columns.size());
    }
}
