package dev.caretaker.server.archive.parquet;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes one file of rows in CSV. A column gets a type of its own only if every value of it in this part has the same text again.
 *
 * @see <a href="https://duckdb.org/docs/stable/data/csv/overview">read_csv</a>
 * @see <a href="https://duckdb.org/docs/stable/sql/statements/copy">COPY … TO … (FORMAT parquet)</a>
 */
final class ParquetWriter {
    /** Key of the file's metadata. */
    static final String SUM = "caretaker_text_sha256";

    private static final long LEAST_LINE = 2L << 20;
    private static final long LEAST_BUFFER = 8L << 20;
    /** DuckDB's vector, and its usual row group. */
    private static final long LEAST_GROUP = 2_048;

    private static final long MOST_GROUP = 122_880;
    /** A row group is in memory twice and more before it is written. */
    private static final int GROUPS_IN_MEMORY = 8;

    private final Connection connection;
    private final Path source;
    private final Quoting rows;
    private final long memory;

    /**
     * @param source what {@code rows} has written
     * @param memory bytes that DuckDB may take
     */
    ParquetWriter(Connection connection, Path source, Quoting rows, long memory) {
        this.connection = connection;
        this.source = source;
        this.rows = rows;
        this.memory = memory;
    }

    /** @param sum of the rows as text */
    void write(List<ParquetColumn> wanted, String compression, String sum, Path file) throws SQLException {
        List<ParquetColumn> columns = exact(wanted);
        String values = IntStream.range(0, columns.size())
                .mapToObj(i ->
                        columns.get(i).value(field(i)) + " AS " + columns.get(i).quoted())
                .collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT " + values + " FROM " + read(columns.size()) + ") TO " + literal(file)
                    + " (FORMAT parquet, COMPRESSION " + codec(compression) + ", ROW_GROUP_SIZE " + rowGroup()
                    + ", KV_METADATA {" + SUM + ": '" + sum + "'})");
        }
    }

    /** The same with text for those of which some value has another text than before. */
    private List<ParquetColumn> exact(List<ParquetColumn> wanted) throws SQLException {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            ParquetColumn column = wanted.get(i);
            differences.add(
                    column.isText()
                            ? "0"
                            : "count_if((" + column.text("(" + column.value(field(i)) + ")") + ") IS DISTINCT FROM "
                                    + field(i) + ")");
        }
        if (wanted.stream().allMatch(ParquetColumn::isText)) {
            return wanted;
        }
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT " + String.join(", ", differences) + " FROM " + read(wanted.size()))) {
            found.next();
            List<ParquetColumn> columns = new ArrayList<>();
            for (int i = 0; i < wanted.size(); i++) {
                ParquetColumn column = wanted.get(i);
                columns.add(found.getLong(i + 1) == 0 ? column : column.asText());
            }
            return columns;
        }
    }

    private String read(int fields) {
        String names = IntStream.range(0, fields)
                .mapToObj(i -> "'" + field(i) + "': 'VARCHAR', ")
                .collect(Collectors.joining());
        long line = Math.max(LEAST_LINE, rows.longest() + 1);
        return "read_csv(" + literal(source) + ", auto_detect = false, header = false, delim = ',', quote = '\"',"
                + " escape = '\"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false, parallel = false,"
                + " max_line_size = " + line + ", buffer_size = " + Math.max(LEAST_BUFFER, 2 * line)
                + ", columns = {" + names + "'last': 'VARCHAR'})";
    }

    private static String field(int number) {
        return "f" + number;
    }

    private long rowGroup() {
        long average = Math.max(1, rows.bytes() / Math.max(1, rows.rows()));
        long fitting = memory / GROUPS_IN_MEMORY / average;
        return Math.clamp(fitting / LEAST_GROUP * LEAST_GROUP, LEAST_GROUP, MOST_GROUP);
    }

    private static String codec(String compression) {
        return compression.equals("none") ? "uncompressed" : compression;
    }

    /** A path, as SQL writes a text. */
    static String literal(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
