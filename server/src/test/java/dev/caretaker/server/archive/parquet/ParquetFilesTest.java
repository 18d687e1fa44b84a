package dev.caretaker.server.archive.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Rewriting;
import dev.caretaker.server.archive.format.TestFormats;
import dev.caretaker.server.archive.spool.TestSpool;
import dev.caretaker.server.config.ArchivesConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetFilesTest {
    private static final Path DRIVER = Path.of(System.getProperty("caretaker.test.duckdb"));
    /** The default would hide what needs more. */
    private static final long MEMORY = 64L << 20;

    private static final int TEXT = 25;
    /** Its library is large: it is loaded once. */
    private static final DuckDb DUCK_DB = duckDb(DRIVER);

    @TempDir
    private Path folder;

    private static DuckDb duckDb(Path driver) {
        return new DuckDb(new ArchivesConfig(driver, Duration.ZERO, Long.MAX_VALUE, driver, MEMORY, new TreeMap<>()));
    }

    private ParquetFiles files(DuckDb duckDb) {
        return new ParquetFiles(duckDb, TestFormats.csv(), TestSpool.at(folder.resolve("spool")));
    }

    private static ArchivedColumn column(String name, long oid, int typmod) {
        return new ArchivedColumn(name, "whatever", "whatever", oid, typmod, "", false, "");
    }

    private static List<ArchivedColumn> texts(String... names) {
        return Arrays.stream(names).map(name -> column(name, TEXT, -1)).toList();
    }

    private Path write(List<ArchivedColumn> columns, String rows) throws IOException {
        return write(columns, new ByteArrayInputStream(rows.getBytes(StandardCharsets.UTF_8)));
    }

    private Path write(List<ArchivedColumn> columns, InputStream rows) throws IOException {
        Path file = folder.resolve("made.parquet");
        Files.deleteIfExists(file);
        InputStream header = new ByteArrayInputStream(TestFormats.csv().header(columns));
        files(DUCK_DB).write(new SequenceInputStream(header, rows), columns, "zstd", file);
        return file;
    }

    private String read(Path file, List<ArchivedColumn> columns) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Rewriting.Rows rows = files(DUCK_DB).read(file, columns)) {
            boolean more = true;
            while (more) {
                more = rows.next(out::write);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private List<String> types(Path file) throws SQLException {
        try (Connection connection = DUCK_DB.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT column_type FROM (DESCRIBE SELECT * FROM read_parquet("
                        + ParquetWriter.literal(file) + "))")) {
            List<String> types = new ArrayList<>();
            while (row.next()) {
                types.add(row.getString(1));
            }
            return types;
        }
    }

    /** A value as COPY writes it, and whether Parquet has a type for it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "16   | -1     | t, f                                                    | BOOLEAN",
                "21   | -1     | -32768, 32767                                           | SMALLINT",
                "23   | -1     | -2147483648, 0, 2147483647                              | INTEGER",
                "20   | -1     | -9223372036854775808, 9223372036854775807               | BIGINT",
                "26   | -1     | 0, 4294967295                                           | UINTEGER",
                "17   | -1     | \\x, \\x00ff, \\xdeadbeef                               | BLOB",
                "2950 | -1     | 0b5e1c3a-7f4e-4e0f-9a43-0f8f7c7a1b2c                    | UUID",
                "1082 | -1     | 0001-01-01, 2026-02-28, 9999-12-31, 12345-06-07         | DATE",
                "1082 | -1     | 2026-02-28, infinity                                    | VARCHAR",
                "1082 | -1     | 0044-03-15 BC                                           | VARCHAR",
                "1114 | -1     | 2026-01-01 00:00:00, 2026-01-01 00:00:00.000001, 1999-12-31 23:59:59.5 | TIMESTAMP",
                "1114 | -1     | -infinity                                               | VARCHAR",
                "1184 | -1     | 2026-01-01 00:00:00+00, 1970-01-01 00:00:00.12+00       | TIMESTAMP WITH TIME ZONE",
                "1184 | -1     | infinity, 2026-01-01 00:00:00+00                        | VARCHAR",
                "1700 | 655366 | 12345678.99, -0.10, 0.00                                | `DECIMAL(10,2)`",
                "1700 | 655366 | NaN                                                     | VARCHAR",
                "1700 | -1     | 1.10, 1.1, 1e-30                                        | VARCHAR",
                "700  | -1     | 0.1, 1, Infinity                                        | VARCHAR",
                "701  | -1     | 1e+300, -0, NaN                                         | VARCHAR",
                "1186 | -1     | -1 mons +3 days -04:05:06                               | VARCHAR",
                "25   | -1     | NULL, null, nan                                         | VARCHAR",
            })
    void each_value_has_the_same_text_again_and_a_type_where_that_is_so(
            long oid, int typmod, String values, String type) throws Exception {
        List<ArchivedColumn> columns = List.of(column("v", oid, typmod), column("after", TEXT, -1));
        StringBuilder rows = new StringBuilder(",nothing\n");
        StringBuilder expected = new StringBuilder(",\"nothing\"\n");
        for (String value : values.split(", ")) {
            rows.append(value).append(",x\n");
            expected.append('"').append(value).append("\",\"x\"\n");
        }
        Path file = write(columns, rows.toString());
        assertThat(read(file, columns)).isEqualTo(expected.toString());
        assertThat(types(file)).containsExactly(type, "VARCHAR");
    }

    @Test
    void texts_are_kept_to_the_byte_and_the_empty_one_is_not_null() throws Exception {
        String rows = """
                "",,"a ""quoted"", one",plain
                ,"","line
                feed\r\nand more", spaces .
                "\\.","\\N","'","ä水😀\u0001\t"
                ,,,
                """;
        List<ArchivedColumn> columns = texts("A", "a", "na\"me", "sp ace");
        String back = read(write(columns, rows), columns);
        assertThat(back).isEqualTo("""
                "",,"a ""quoted"", one","plain"
                ,"","line
                feed\r\nand more"," spaces ."
                "\\.","\\N","'","ä水😀\u0001\t"
                ,,,
                """);
    }

    @Test
    void a_row_of_one_column_without_a_value_is_a_row() throws Exception {
        List<ArchivedColumn> columns = texts("only");
        assertThat(read(write(columns, "\na\n\n\"\"\n"), columns)).isEqualTo("\n\"a\"\n\n\"\"\n");
    }

    @Test
    void many_columns_and_rows_longer_than_buffers_are_kept() throws Exception {
        List<ArchivedColumn> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(column("c" + i, i % 2 == 0 ? 23 : TEXT, -1));
        }
        String row = "7,x,".repeat(100);
        assertThat(read(write(many, row.substring(0, row.length() - 1) + "\n"), many))
                .isEqualTo("\"7\",\"x\",".repeat(100).replaceAll(",$", "\n"));
        List<ArchivedColumn> columns = texts("long");
        String rows = "\"" + "0123456789\n".repeat(300_000) + "\"\nshort\n";
        assertThat(read(write(columns, rows), columns)).isEqualTo(rows.replace("short", "\"short\""));
    }

    /** More rows than memory, which hardly can be compressed. */
    @Test
    void memory_is_bounded_whatever_the_size_of_a_part() throws Exception {
        List<ArchivedColumn> columns = List.of(column("id", 23, -1), column("body", TEXT, -1));
        Random random = new Random(1);
        byte[] body = new byte[2_000];
        Iterator<InputStream> rows = IntStream.range(0, 20_000)
                .mapToObj(i -> {
                    random.nextBytes(body);
                    return (InputStream) new ByteArrayInputStream(
                            (i + "," + HexFormat.of().formatHex(body) + "\n").getBytes(StandardCharsets.UTF_8));
                })
                .iterator();
        Path file = write(columns, new SequenceInputStream(enumeration(rows)));
        assertThat(Files.size(file)).isGreaterThan(MEMORY / 2);
        long found = 0;
        try (Rewriting.Rows back = files(DUCK_DB).read(file, columns)) {
            while (back.next(Format.RowSink.NOWHERE)) {
                found++;
            }
        }
        assertThat(found).isEqualTo(20_000);
    }

    private static <T> Enumeration<T> enumeration(Iterator<T> iterator) {
        return new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return iterator.hasNext();
            }

            @Override
            public T nextElement() {
                return iterator.next();
            }
        };
    }

    @Test
    void a_file_of_other_columns_or_rows_is_refused() throws Exception {
        List<ArchivedColumn> columns = texts("a", "b");
        Path file = write(columns, "1,2\n");
        assertThatThrownBy(() -> files(DUCK_DB).read(file, texts("a", "c")))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("columns");
        Path other = folder.resolve("other.parquet");
        try (Connection connection = DUCK_DB.open();
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT '1' AS a, '3' AS b) TO " + ParquetWriter.literal(other)
                    + " (FORMAT parquet, KV_METADATA {" + ParquetWriter.SUM + ": '" + "0".repeat(64) + "'})");
        }
        assertThatThrownBy(() -> read(other, columns))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("SHA-256");
    }

    @Test
    void text_that_is_no_rows_of_the_columns_is_refused() {
        assertThatThrownBy(() -> write(texts("a", "b"), "1,2,3\n")).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> write(texts("a", "b"), "1,\"2\n")).isInstanceOf(DamagedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "empty", "two", "broken.jar"})
    void without_a_driver_it_says_what_it_looked_for(String place) throws Exception {
        Files.createDirectories(folder.resolve("empty"));
        Files.createDirectories(folder.resolve("two"));
        Files.writeString(folder.resolve("two/duckdb_jdbc-1.jar"), "");
        Files.writeString(folder.resolve("two/duckdb_jdbc-2.jar"), "");
        Files.writeString(folder.resolve("broken.jar"), "no jar");
        ParquetFiles files = files(duckDb(folder.resolve(place)));
        assertThat(files.obstacle())
                .hasValueSatisfying(
                        why -> assertThat(why).contains(folder.resolve(place).toString()));
        assertThatThrownBy(() -> files.read(folder.resolve("x.parquet"), texts("a")))
                .isInstanceOfSatisfying(
                        CaretakerException.class,
                        error -> assertThat(error.reason()).isEqualTo(Reason.TOOL_MISSING));
    }
}
