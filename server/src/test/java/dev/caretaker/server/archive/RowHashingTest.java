package dev.caretaker.server.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.TestFormats;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowHashingTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final Format CSV = TestFormats.csv();
    private static final String[] PIECES = {
        "",
        "a",
        ",",
        "\"",
        "\"\"",
        "\n",
        "\r\n",
        "\\.",
        "\\N",
        " ",
        "\u00e4",
        "\u20ac",
        "\ud83d\ude00",
        "NULL",
        "f",
        "t",
        "0123456789ab"
    };

    @ParameterizedTest
    @MethodSource(BOTH)
    void bytes_have_the_hash_that_the_server_gives_them(TestPostgres server) throws SQLException {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        try (Connection connection = server.database().connect();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT hashtextextended(? COLLATE \"C\", ?)")) {
            for (int length = 0; length < 80; length++) {
                long start = length % 3 == 0 ? 0 : random.nextLong();
                String text = text(random, length);
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                statement.setString(1, text);
                statement.setLong(2, start);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    assertThat(HashBytes.of(bytes, bytes.length, start))
                            .as("'%s' from %s (seed %s)", text, start, seed)
                            .isEqualTo(row.getLong(1));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void lines_of_any_values_have_the_sum_that_the_server_makes_of_the_rows(TestPostgres server) throws Exception {
        Database database = server.database();
        database.execute(
                "CREATE DOMAIN public.word AS text",
                "CREATE TABLE public.r (a text, \"B\"\"b\" public.word, c bool, d numeric, e float8, f timestamptz,"
                        + " g interval, h bytea, i jsonb, j json, k text[], l int8range, m char(4), n money, o xml, p point)");
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        try (Connection connection = database.connect()) {
            fill(connection, random);
            connection.setAutoCommit(false);
            TextSettings.apply(connection);
            Sums sums = sums(connection, "public.r");
            assertThat(sums.here()).isTrue();
            assertThat(sums.copied()).as("seed " + seed).isEqualTo(sums.servers());
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_value_too_large_for_the_buffer_counts_whole(TestPostgres server) throws Exception {
        Database database = server.database();
        database.execute(
                "CREATE TABLE public.r (a text, b int)",
                "INSERT INTO public.r VALUES (repeat('x\"y', 100000), 1), (repeat('z', 65535), 2), ('', NULL)");
        assertAgree(database, true);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void composites_that_are_null_and_not_empty_are_left_to_the_server(TestPostgres server) throws Exception {
        Database database = server.database();
        database.execute(
                "CREATE TYPE public.pair AS (x int, y int)",
                "CREATE DOMAIN public.pairs AS public.pair",
                "CREATE TABLE public.r (a int, b public.pairs)",
                "INSERT INTO public.r VALUES (1, ROW(NULL, NULL)), (2, NULL), (3, ROW(1, NULL))");
        assertAgree(database, false);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_database_in_another_encoding_is_left_to_the_server(TestPostgres server) throws Exception {
        Database database = server.asciiDatabase();
        database.execute("CREATE TABLE public.r (a text)", "INSERT INTO public.r VALUES ('a,b'), (NULL), ('')");
        assertAgree(database, false);
    }

    private static void assertAgree(Database database, boolean here) throws Exception {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            Sums sums = sums(connection, "public.r");
            assertThat(sums.here()).isEqualTo(here);
            assertThat(sums.copied()).isEqualTo(sums.servers());
        }
    }

    private record Sums(boolean here, BigDecimal copied, BigDecimal servers) {}

    private static Sums sums(Connection connection, String table) throws SQLException, IOException {
        long oid;
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CAST(CAST('" + table + "' AS regclass) AS oid)")) {
            row.next();
            oid = row.getLong(1);
        }
        List<ArchivedColumn> columns = ArchiveSources.columns(connection, oid);
        RowHashing hashing = RowHashing.of(connection, columns, CSV);
        PieceSum sum = new PieceSum(hashing);
        PieceCopy.run(
                connection,
                "SELECT " + PieceCopy.numbers(hashing.expression("t"), PieceCopy.noTime(), "t.tableoid") + ", "
                        + CSV.expressions(columns) + " FROM " + table + " AS t",
                CSV,
                sum,
                OutputStream.nullOutputStream());
        try (var statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT " + RowHash.sum(columns, "t") + " FROM " + table + " AS t")) {
            row.next();
            return new Sums(hashing.lines().isPresent(), sum.piece().hash(), row.getBigDecimal(1));
        }
    }

    private static void fill(Connection connection, Random random) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO public.r VALUES (?, ?, ?,"
                        + " CAST(? AS numeric), CAST(? AS float8), CAST(? AS timestamptz), CAST(? AS interval), ?, CAST(? AS jsonb),"
                        + " CAST(? AS json), ?, CAST(? AS int8range), ?, CAST(? AS numeric)::money, CAST(? AS xml), CAST(? AS point))")) {
            for (int i = 0; i < 300; i++) {
                String text = text(random, random.nextInt(30));
                Object[] values = {
                    text,
                    text(random, 3),
                    random.nextBoolean(),
                    random.nextLong() + ".50",
                    Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(300))),
                    "20" + (10 + random.nextInt(80)) + "-03-04 05:06:07." + random.nextInt(999_999) + "+0"
                            + random.nextInt(9),
                    random.nextInt(1_000) + " days " + random.nextInt(90_000) + " seconds",
                    text.getBytes(StandardCharsets.UTF_8),
                    "{\"a\": [" + random.nextInt() + ", \"x,\\\"y\"]}",
                    "{\"b\" :  null}",
                    connection.createArrayOf("text", new String[] {text, null, "a,b\"c"}),
                    "[" + random.nextInt(5) + "," + (5 + random.nextInt(5)) + ")",
                    "ab",
                    Integer.toString(random.nextInt(100_000)),
                    "<a b=\"c\">d</a>",
                    "(1," + random.nextInt(9) + ")"
                };
                for (int column = 0; column < values.length; column++) {
                    statement.setObject(column + 1, random.nextInt(6) == 0 ? null : values[column]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
