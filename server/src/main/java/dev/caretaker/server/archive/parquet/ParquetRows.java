package dev.caretaker.server.archive.parquet;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Rewriting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads a Parquet file as lines of CSV, with every value in quotes. */
final class ParquetRows implements Rewriting.Rows {
    private final Connection connection;
    private final Statement statement;
    private final ResultSet lines;
    private final String expected;
    private final TextSum sum = new TextSum();
    private boolean ended;

    private ParquetRows(Connection connection, Statement statement, ResultSet lines, String expected) {
        this.connection = connection;
        this.statement = statement;
        this.lines = lines;
        this.expected = expected;
    }

    /** @param connection of its own, which is closed with it */
    static ParquetRows open(Connection connection, Path file, List<ArchivedColumn> columns) throws IOException {
        boolean opened = false;
        try {
            List<ParquetColumn> found = columns(connection, file);
            List<String> names =
                    ParquetColumn.of(columns).stream().map(ParquetColumn::name).toList();
            if (!found.stream().map(ParquetColumn::name).toList().equals(names)) {
                throw new DamagedException("its columns are not those of the manifest");
            }
            String expected = sum(connection, file);
            Statement statement = connection.createStatement();
            ParquetRows rows =
                    new ParquetRows(connection, statement, statement.executeQuery(query(file, found)), expected);
            opened = true;
            return rows;
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        } finally {
            if (!opened) {
                close(connection);
            }
        }
    }

    private static String from(Path file) {
        return "read_parquet(" + ParquetWriter.literal(file) + ", hive_partitioning = false)";
    }

    /** As the file has them: a type may be another one in each part. */
    private static List<ParquetColumn> columns(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " + from(file) + ")")) {
            List<ParquetColumn> columns = new ArrayList<>();
            while (row.next()) {
                columns.add(new ParquetColumn(row.getString(1), row.getString(2)));
            }
            return columns;
        }
    }

    private static String sum(Connection connection, Path file) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT decode(value) FROM parquet_kv_metadata("
                        + ParquetWriter.literal(file) + ") WHERE decode(key) = '" + ParquetWriter.SUM + "'")) {
            if (!row.next()) {
                throw new DamagedException("it does not say what the hash of its rows is");
            }
            return row.getString(1);
        }
    }

    private static String query(Path file, List<ParquetColumn> columns) {
        String fields = IntStream.range(0, columns.size())
                .mapToObj(i ->
                        "COALESCE('\"' || replace(" + columns.get(i).text("v" + i) + ", '\"', '\"\"') || '\"', '')")
                .collect(Collectors.joining(", "));
        String names = IntStream.range(0, columns.size()).mapToObj(i -> "v" + i).collect(Collectors.joining(", "));
        return "SELECT concat_ws(',', " + fields + ") FROM " + from(file) + " AS t(" + names + ")";
    }

    @Override
    public boolean next(Format.RowSink sink) throws IOException {
        String line;
        try {
            if (ended) {
                return false;
            }
            if (!lines.next()) {
                ended = true;
                String found = sum.hex();
                if (!found.equals(expected)) {
                    throw new DamagedException("the SHA-256 of its rows as text is " + found + ", not " + expected);
                }
                return false;
            }
            line = lines.getString(1);
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        sum.add(bytes, 0, bytes.length);
        sink.write(bytes, 0, bytes.length);
        return true;
    }

    @Override
    public void close() {
        try (statement;
                lines) {
            // closes both
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        } finally {
            close(connection);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw DuckDb.failed(e);
        }
    }
}
