package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.catalog.KeyColumn;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of which figures are kept: these are what one query over all of the deleted rows gives, however they were cut in batches. */
class RolledUpRowsTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String BUCKET = "date_trunc('day', at, 'Europe/Berlin')";

    static Stream<Arguments> mechanisms() {
        return RemovalTest.mechanisms();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void figures_are_those_of_one_query_over_all_deleted_rows(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        database.execute("CREATE TABLE gone AS SELECT * FROM t WHERE at < '2025-01-01'");
        Totals totals = removal(database).batches(23).restartEvery(3).run(kind);
        assertThat(totals.rowsDeleted()).isEqualTo(2_000);
        assertThat(totals.archived()).containsExactly(new Totals.Archived("public.sums", 2_000, 0));
        assertSums(database);
    }

    private static void assertSums(Database database) throws SQLException {
        String byKey = " ORDER BY bucket, app, type";
        String figures = "SELECT " + BUCKET + " AS bucket, app, type, count(*) AS rows, sum(took::numeric) AS took_sum,"
                + " count(took) AS took_count, min(took) AS fastest, max(name) AS last_name,"
                + " sum(share) AS shares, sum(pause) AS pauses FROM gone GROUP BY 1, 2, 3";
        assertThat(lines(
                        database,
                        "SELECT bucket, app, type, rows, took_sum, took_count, fastest, last_name,"
                                + " round(shares::numeric, 6) AS shares, pauses FROM sums" + byKey))
                .isEqualTo(lines(
                        database,
                        "SELECT bucket, app, type, rows, took_sum, took_count, fastest, last_name,"
                                + " round(shares::numeric, 6) AS shares, pauses FROM (" + figures + ") f" + byKey));
        String counted = "SELECT " + BUCKET + " AS bucket, app, type, %1$s AS value, count(*) AS n FROM gone"
                + " WHERE %1$s IS NOT NULL GROUP BY 1, 2, 3, 4";
        for (String column : List.of("severity", "type")) {
            assertThat(lines(
                            database,
                            "SELECT bucket, app, type, e.key, e.value::bigint AS n FROM sums, jsonb_each_text(by_"
                                    + column + ") e" + byKey + ", 4"))
                    .as(column)
                    .isEqualTo(lines(
                            database,
                            "SELECT bucket, app, type, value::text, n FROM (" + counted.formatted(column) + ") c"
                                    + byKey + ", 4"));
        }
        assertThat(database.number("SELECT count(*) FROM sums WHERE jsonb_array_length(names) > 3"
                        + " OR jsonb_array_length(names) < LEAST(3, (SELECT count(name) FROM gone WHERE " + BUCKET
                        + " = bucket AND app IS NOT DISTINCT FROM sums.app AND gone.type = sums.type))"))
                .isZero();
        assertThat(database.number("SELECT count(*) FROM sums, jsonb_array_elements_text(names) n WHERE NOT EXISTS"
                        + " (SELECT FROM gone WHERE name = n AND app IS NOT DISTINCT FROM sums.app)"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rows_that_come_late_are_merged(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        database.execute("CREATE TABLE gone AS SELECT * FROM t WHERE at < '2025-01-01'");
        removal(database).batches(100).run(kind);
        String late =
                "SELECT id + 10000, at, app, type, took * 2, name, severity, share, pause FROM gone WHERE id % 7 = 0";
        database.execute("INSERT INTO t " + late, "INSERT INTO gone " + late);
        removal(database).batches(100).run(kind);
        assertSums(database);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_the_session_of_a_role_is_set_to_makes_no_other_bucket(TestPostgres server) throws SQLException {
        Database database = table(server);
        database.execute(
                "CREATE TABLE gone AS SELECT * FROM t WHERE at < '2025-01-01'",
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Kathmandu''', current_database());"
                        + " EXECUTE format('ALTER DATABASE %I SET datestyle = ''German''', current_database()); END $$");
        removal(database).batches(100).run(RemovalKinds.BLOCK_RANGE);
        assertSums(database);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void rows_that_refer_to_one_another_are_counted_too(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, parent int REFERENCES t)",
                "CREATE INDEX by_parent ON t (parent)",
                "INSERT INTO t SELECT i, '2024-01-01', NULLIF(i / 3, 0) FROM generate_series(1, 300) i");
        Keeper keeper = new Keeper.RollUp(
                new TableName("public", "sums"),
                new TimeColumn("at", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty()),
                Keeping.Bucket.MONTH,
                "UTC",
                List.of(),
                List.of(measure("rows", Keeping.Figure.COUNT, "", "")));
        new Removal(database)
                .kin(new Eligibility.ReferencingKey(
                        "t_parent_fkey", new TableName("public", "t"), List.of(KeyColumn.plain("id", "parent"))))
                .keptBy(keeper)
                .batches(17)
                .run(RemovalKinds.BLOCK_RANGE);
        assertThat(database.value("SELECT bucket::date || ' ' || rows FROM sums"))
                .isEqualTo("2024-01-01 300");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_that_lacks_the_key_or_a_column_is_refused(TestPostgres server) throws SQLException {
        Database database = table(server);
        database.execute("CREATE TABLE sums (bucket timestamptz, app text, type text, rows int)");
        assertThatThrownBy(() -> removal(database).run(RemovalKinds.BLOCK_RANGE))
                .hasMessageContaining("its column \"rows\" is pg_catalog.int4 and not pg_catalog.int8")
                .hasMessageContaining("it has no column \"took_sum\"")
                .extracting("reason")
                .hasToString("ARCHIVE_DOES_NOT_FIT");
        assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(2_300);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void whole_rows_are_kept_beside_their_figures(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        database.execute("CREATE TABLE gone AS SELECT * FROM t WHERE at < '2025-01-01'");
        Keeper.RollUp figures =
                (Keeper.RollUp) removal(database).parameters().keeper().orElseThrow();
        Keeper whole = new Keeper.Table(
                new TableName("public", "kept"),
                new TableName("public", "t"),
                List.of("id", "at", "app", "type", "took", "name", "severity", "share", "pause"),
                false);
        Totals totals = removal(database)
                .keptBy(new Keeper.Both(whole, figures))
                .batches(23)
                .restartEvery(3)
                .run(kind);
        assertThat(totals.archived())
                .extracting(Totals.Archived::place, Totals.Archived::rows)
                .containsExactlyInAnyOrder(tuple("public.kept", 2_000L), tuple("public.sums", 2_000L));
        assertSums(database);
        assertThat(lines(database, "SELECT * FROM kept ORDER BY id"))
                .isEqualTo(lines(database, "SELECT * FROM gone ORDER BY id"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void values_beyond_the_thousandth_are_counted_together(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz, word text)",
                "INSERT INTO t SELECT i, '2024-01-01', CASE WHEN i % 3 = 0 THEN 'often' ELSE repeat('x', 300) || i END"
                        + " FROM generate_series(1, 90) i",
                "INSERT INTO t SELECT i, '2024-01-01', 'word ' || i FROM generate_series(1000, 2999) i",
                "ANALYZE t");
        Keeper keeper = new Keeper.RollUp(
                new TableName("public", "sums"),
                new TimeColumn("at", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty()),
                Keeping.Bucket.YEAR,
                "UTC",
                List.of(),
                List.of(measure("words", Keeping.Figure.COUNT_BY, "word", "pg_catalog.text")));
        new Removal(database).keptBy(keeper).batches(10).run(RemovalKinds.BLOCK_RANGE);
        assertThat(database.number("SELECT sum(e.value::int) FROM sums, jsonb_each_text(words) e"))
                .isEqualTo(2_090);
        assertThat(database.number("SELECT count(*) FROM sums, jsonb_each_text(words) e"))
                .isBetween(1_000L, 1_001L);
        assertThat(database.number("SELECT (words ->> 'often')::int FROM sums")).isEqualTo(30);
        assertThat(database.number("SELECT (words ->> '(other values)')::int FROM sums"))
                .isGreaterThan(900);
    }

    private static Database table(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz, app text, type varchar(20), took int, name text,"
                        + " severity smallint, share float8, pause interval)",
                "INSERT INTO t SELECT i, CASE WHEN i > 2000 THEN timestamptz '2026-01-01' ELSE timestamptz"
                        + " '2024-10-26 12:00Z' + i * interval '2 minutes' END,"
                        + " (ARRAY['shop', 'blog', NULL])[1 + i % 3], (ARRAY['a', 'b'])[1 + i % 2],"
                        + " CASE WHEN i % 5 > 0 THEN i END, CASE WHEN i % 11 > 0 THEN 'name ' || i END,"
                        + " CASE WHEN i % 4 > 0 THEN i % 4 END, i / 7.0, i * interval '1 second'"
                        + " FROM generate_series(1, 2300) i",
                "CREATE INDEX by_time ON t (at)",
                "ANALYZE t");
        return database;
    }

    private static Removal removal(Database database) {
        String int4 = "pg_catalog.int4";
        String text = "pg_catalog.text";
        return new Removal(database)
                .index("by_time")
                .keptBy(new Keeper.RollUp(
                        new TableName("public", "sums"),
                        new TimeColumn("at", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty()),
                        Keeping.Bucket.DAY,
                        "Europe/Berlin",
                        List.of(
                                new Keeper.TypedColumn("app", text),
                                new Keeper.TypedColumn("type", "pg_catalog.\"varchar\"")),
                        List.of(
                                measure("rows", Keeping.Figure.COUNT, "", ""),
                                measure("took", Keeping.Figure.AVERAGE, "took", int4),
                                measure("fastest", Keeping.Figure.MIN, "took", int4),
                                measure("last_name", Keeping.Figure.MAX, "name", text),
                                measure("by_severity", Keeping.Figure.COUNT_BY, "severity", "pg_catalog.int2"),
                                measure("by_type", Keeping.Figure.COUNT_BY, "type", "pg_catalog.\"varchar\""),
                                measure("shares", Keeping.Figure.SUM, "share", "pg_catalog.float8"),
                                measure("pauses", Keeping.Figure.SUM, "pause", "pg_catalog.\"interval\""),
                                measure("names", Keeping.Figure.SAMPLES, "name", text))));
    }

    private static Keeper.RolledMeasure measure(String name, Keeping.Figure figure, String column, String type) {
        return new Keeper.RolledMeasure(
                new Keeping.Measure(
                        name,
                        figure,
                        column.isEmpty() ? Optional.empty() : Optional.of(column),
                        figure == Keeping.Figure.SAMPLES ? OptionalInt.of(3) : OptionalInt.empty()),
                type);
    }

    private static String lines(Database database, String query) throws SQLException {
        return (String) database.value("SELECT string_agg(q::text, E'\\n') FROM (" + query + ") q");
    }
}
