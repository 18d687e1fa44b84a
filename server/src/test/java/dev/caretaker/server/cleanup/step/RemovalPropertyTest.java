package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random tables and policies: what is left is exactly what one plain DELETE, written by hand, leaves on a copy. */
class RemovalPropertyTest {
    private static final int TABLES = 12;

    /** How a time column may look. {@code values}: some of it, with ties and with what is never eligible. */
    private enum Shape {
        TIMESTAMPTZ(
                TimeColumn.Kind.TIMESTAMPTZ,
                "timestamp with time zone",
                "2024-07-01 00:00:00+00",
                List.of(
                        "NULL",
                        "'infinity'",
                        "'-infinity'",
                        "'2024-07-01 00:00+00'",
                        "'2024-06-30 23:59:59.999999+00'",
                        "'0044-03-15 BC'",
                        "'1970-01-01 00:00+00'",
                        "'2024-01-01'",
                        "'2024-01-01'",
                        "'2026-01-01'"),
                "at < '2024-07-01 00:00:00+00' AND at <> '-infinity'"),
        TIMESTAMP(
                TimeColumn.Kind.TIMESTAMP,
                "timestamp without time zone",
                "2024-07-01 00:00:00",
                List.of(
                        "NULL",
                        "'infinity'",
                        "'-infinity'",
                        "'2024-07-01'",
                        "'2024-06-30 23:59:59.999999'",
                        "'0001-01-01'"),
                "at < '2024-07-01' AND at <> '-infinity'"),
        DATE(
                TimeColumn.Kind.DATE,
                "date",
                "2024-07-01",
                List.of(
                        "NULL",
                        "'infinity'",
                        "'-infinity'",
                        "'2024-07-01'",
                        "'2024-06-30'",
                        "'2024-06-29'",
                        "'2025-01-01'"),
                "at < '2024-07-01' AND at <> '-infinity'"),
        INTEGER(
                TimeColumn.Kind.EPOCH_SECONDS,
                "integer",
                "1000",
                List.of("NULL", "0", "-5", "999", "1000", "1001", "7", "7", "7"),
                "at < 1000"),
        NUMERIC(
                TimeColumn.Kind.EPOCH_MILLIS,
                "numeric",
                "1000",
                List.of("NULL", "1.0", "1.00", "1.000", "999.999", "1000", "1000.0", "5"),
                "at < 1000"),
        UUID(
                TimeColumn.Kind.UUID_V7,
                "uuid",
                "01900000-0000-0000-0000-000000000000",
                List.of(
                        "NULL",
                        "'018fffff-ffff-7fff-bfff-ffffffffffff'",
                        "'01900000-0000-7000-8000-000000000000'",
                        "'018fffff-ffff-4fff-bfff-ffffffffffff'",
                        "'00000000-0000-7000-8000-000000000000'"),
                "at < '01900000-0000-0000-0000-000000000000' AND at::text LIKE '______________7%'");

        final TimeColumn.Kind kind;
        final String type;
        final String bound;
        final List<String> values;
        final String plain;

        Shape(TimeColumn.Kind kind, String type, String bound, List<String> values, String plain) {
            this.kind = kind;
            this.type = type;
            this.bound = bound;
            this.values = values;
            this.plain = plain;
        }
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void what_is_left_is_what_one_delete_leaves(TestPostgres server) throws SQLException {
        long first = ThreadLocalRandom.current().nextLong();
        Database database = server.database();
        for (int i = 0; i < TABLES; i++) {
            check(database, first + i, Shape.values()[i % Shape.values().length]);
        }
    }

    private static void check(Database database, long seed, Shape shape) throws SQLException {
        Random random = new Random(seed);
        boolean filtered = random.nextBoolean();
        create(database, random, shape, filtered);
        for (String kind : Removal.KINDS) {
            database.execute(
                    "DROP TABLE IF EXISTS t, copy",
                    "CREATE TABLE copy AS SELECT * FROM source",
                    "CREATE TABLE t AS SELECT * FROM source");
            indexes(database, random, filtered);
            String plain = shape.plain + (filtered ? " AND status IN (1, 3)" : "");
            database.execute("DELETE FROM copy WHERE " + plain);
            Removal removal = new Removal(database)
                    .time("at", shape.kind, shape.type, shape.bound)
                    .batches(1 + random.nextInt(40))
                    .restartEvery(2 + random.nextInt(5)); // a list of rows is work of its own
            if (filtered) {
                List<Constant> values =
                        List.of(new Constant(Constant.Kind.INT64, "1"), new Constant(Constant.Kind.INT64, "3"));
                removal.filter(new Filter.In("status", values), Map.of("status", "integer"))
                        .index(
                                "by_time",
                                values.stream()
                                        .map(value -> Map.of("status", value))
                                        .toList());
            } else {
                removal.index("by_time");
            }
            Totals totals = removal.run(kind);
            String because = "seed " + seed + ", " + shape + ", " + kind;
            assertThat(database.value("SELECT string_agg(id::text, ',' ORDER BY id) FROM t"))
                    .as(because)
                    .isEqualTo(database.value("SELECT string_agg(id::text, ',' ORDER BY id) FROM copy"));
            assertThat(totals.rowsDeleted())
                    .as(because)
                    .isEqualTo(database.number("SELECT (SELECT count(*) FROM source) - (SELECT count(*) FROM copy)"));
            assertThat(totals.rowsResidual()).as(because).isZero();
        }
    }

    private static void create(Database database, Random random, Shape shape, boolean filtered) {
        int rows = random.nextInt(300);
        String values = IntStream.range(0, rows)
                .mapToObj(id -> "(" + id + ", " + shape.values.get(random.nextInt(shape.values.size())) + ", "
                        + (random.nextInt(9) == 0 ? "NULL" : random.nextInt(4)) + ", repeat('x', " + random.nextInt(400)
                        + "))")
                .collect(Collectors.joining(", "));
        database.execute(
                "DROP TABLE IF EXISTS source",
                "CREATE TABLE source (id int, at " + shape.type + ", status int, filler text)",
                rows == 0 ? "SELECT 1" : "INSERT INTO source VALUES " + values);
    }

    private static void indexes(Database database, Random random, boolean filtered) {
        String order = List.of("", " DESC", " NULLS FIRST", " DESC NULLS LAST").get(random.nextInt(4));
        database.execute(
                "CREATE INDEX by_time ON t (" + (filtered ? "status, " : "") + "at" + order + ")",
                random.nextBoolean() ? "CREATE INDEX other ON t (at, status, id)" : "SELECT 1",
                random.nextBoolean() ? "ANALYZE t" : "SELECT 1");
    }
}
