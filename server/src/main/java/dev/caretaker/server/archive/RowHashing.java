package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.target.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Where the {@linkplain RowHash hash} of rows that are copied out is made. Writing the text of values is what costs most of a
 * COPY, and a server that makes the hash writes it twice: so it is made here, from the line that comes, where that is known to
 * give the same. That is so for CSV from a server in UTF-8 (COPY sends texts in that), which hashes a sample as this does, and
 * for columns whose IS NULL says what the line says: of a composite value whose fields are all NULL it is true, and the line has
 * a field for it that is not empty.
 */
public final class RowHashing {
    private static final String SAMPLE = "f1970-01-01 00:00:00+00, and what else a chunk takes: \u00e4\u20ac";
    private static final long SEED = 0x5ca1ab1e0ddba11L;

    private final List<ArchivedColumn> columns;
    private final boolean here;

    private RowHashing(List<ArchivedColumn> columns, boolean here) {
        this.columns = columns;
        this.here = here;
    }

    /** Asks the server. */
    public static RowHashing of(Connection connection, List<ArchivedColumn> columns, Format format)
            throws SQLException {
        boolean here = format.fieldsOfCsv() && !columns.isEmpty() && agrees(connection, columns);
        return new RowHashing(columns, here);
    }

    private static boolean agrees(Connection connection, List<ArchivedColumn> columns) throws SQLException {
        byte[] sample = SAMPLE.getBytes(StandardCharsets.UTF_8);
        return Sql.resource(
                        "archive/hash_agrees",
                        SAMPLE,
                        SEED,
                        HashBytes.of(sample, sample.length, SEED),
                        columns.stream().map(ArchivedColumn::typeOid).toArray(Long[]::new))
                .one(connection, row -> row.getBoolean("agrees"));
    }

    /**
     * What a statement returns of a row: its hash, or nothing.
     *
     * @param row name by which the statement knows it, unquoted
     */
    public String expression(String row) {
        return here ? "CAST(NULL AS pg_catalog.int8)" : RowHash.row(columns, row);
    }

    /** Makes it from lines; empty where the server does. */
    public Optional<LineHash> lines() {
        return here ? Optional.of(new LineHash(columns.size())) : Optional.empty();
    }
}
