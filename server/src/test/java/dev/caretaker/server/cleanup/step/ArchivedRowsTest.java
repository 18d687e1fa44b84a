package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.catalog.KeyColumn;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that leave into a table: what arrives is to the byte what a DELETE … RETURNING by hand returns. */
class ArchivedRowsTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    /** A column of nearly every kind, some of which are computed. */
    private static final String COLUMNS = "id int, at timestamptz, \"No Thing?\" text, n numeric, f float8, j jsonb,"
            + " b bytea, i interval, a text[], r int4range, mood mood, d positive, big text,"
            + " twice int GENERATED ALWAYS AS (id * 2) STORED, c char(5), v varchar(9) COLLATE \"C\"";

    static Stream<Arguments> mechanisms() {
        return RemovalTest.mechanisms();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void every_mechanism_keeps_what_a_delete_by_hand_returns(TestPostgres server) throws SQLException {
        Database database = server.database();
        types(database);
        long first = ThreadLocalRandom.current().nextLong();
        for (int i = 0; i < 4; i++) {
            Random random = new Random(first + i);
            for (String kind : Removal.KINDS) {
                String because = "seed " + (first + i) + ", " + kind;
                fill(database, random);
                database.execute(
                        "CREATE TABLE copy AS SELECT * FROM t",
                        "CREATE TABLE returned AS SELECT * FROM copy LIMIT 0",
                        "WITH gone AS (DELETE FROM copy WHERE at < '2025-01-01' AND at <> '-infinity' RETURNING *)"
                                + " INSERT INTO returned SELECT * FROM gone");
                Totals totals = removal(database)
                        .batches(1 + random.nextInt(40))
                        .restartEvery(2 + random.nextInt(5))
                        .run(kind);
                assertThat(rows(database, "kept")).as(because).isEqualTo(rows(database, "returned"));
                assertThat(rows(database, "t")).as(because).isEqualTo(rows(database, "copy"));
                long kept = database.number("SELECT count(*) FROM kept");
                assertThat(totals.rowsDeleted()).as(because).isEqualTo(kept);
                assertThat(totals.archived().stream()
                                .mapToLong(Totals.Archived::rows)
                                .sum())
                        .as(because)
                        .isEqualTo(kept);
                assertThat(totals.archived())
                        .as(because)
                        .allMatch(archived -> archived.place().equals("public.kept"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rows_that_a_trigger_changes_beside_arrive_as_they_were(TestPostgres server, String kind) throws SQLException {
        Database database = server.database();
        types(database);
        fill(database, new Random(7));
        database.execute(
                "CREATE TABLE log (id int, old text)",
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO log VALUES (OLD.id, OLD.big); OLD.big := 'changed'; RETURN OLD; END $$",
                "CREATE TRIGGER note BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION note()",
                "CREATE TABLE source AS SELECT * FROM t");
        Totals totals = removal(database).guarded().batches(20).run(kind);
        assertThat(database.number("SELECT count(*) FROM kept WHERE big = 'changed'"))
                .isZero();
        assertThat(database.number("SELECT count(*) FROM log")).isEqualTo(totals.rowsDeleted());
        assertNothingLost(database);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_trigger_that_keeps_rows_ends_the_step_and_nothing_is_kept_twice(TestPostgres server, String kind)
            throws SQLException {
        Database database = server.database();
        types(database);
        fill(database, new Random(8));
        database.execute(
                "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF OLD.id % 3 = 0 THEN RETURN NULL; END IF; RETURN OLD; END $$",
                "CREATE TRIGGER keep BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION keep()",
                "CREATE TABLE source AS SELECT * FROM t");
        Removal removal = removal(database).guarded().batches(20);
        assertThatThrownBy(() -> removal.run(kind)).extracting("reason").hasToString("DELETE_SUPPRESSED");
        assertNothingLost(database);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_column_added_or_dropped_in_the_middle_ends_the_step(TestPostgres server, String kind) throws SQLException {
        for (String change : List.of(
                "ALTER TABLE t ADD COLUMN more int",
                "ALTER TABLE t DROP COLUMN j",
                "ALTER TABLE kept DROP COLUMN j",
                "DROP TABLE kept",
                "CREATE TRIGGER lose BEFORE INSERT ON kept FOR EACH ROW EXECUTE FUNCTION lose()")) {
            Database database = server.database();
            types(database);
            fill(database, new Random(9));
            database.execute(
                    "INSERT INTO t (id, at, big) SELECT i, '2024-01-01', (SELECT string_agg(md5(g::text), '') FROM"
                            + " generate_series(1, 40) g) FROM generate_series(1000, 1300) i",
                    "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");
            long[] rows = new long[1];
            Removal removal = removal(database).batches(3).between(number -> {
                if (number == 3) {
                    rows[0] = database.number("SELECT count(*) FROM t");
                    database.execute(change);
                }
            });
            assertThatThrownBy(() -> removal.run(kind))
                    .as(change)
                    .satisfies(e -> assertThat(e.toString())
                            .containsAnyOf("RELATION_CHANGED", "was altered", "does not exist"));
            assertThat(database.number("SELECT count(*) FROM t")).as(change).isEqualTo(rows[0]);
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rows_that_refer_to_one_another_are_kept_too(TestPostgres server, String kind) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, parent int REFERENCES t)",
                "CREATE INDEX by_time ON t (at)",
                "CREATE INDEX by_parent ON t (parent)",
                "INSERT INTO t SELECT i, '2024-01-01', NULLIF(i / 3, 0) FROM generate_series(1, 300) i",
                "INSERT INTO t VALUES (1000, '2026-01-01', 250)",
                "ANALYZE t",
                "CREATE TABLE source AS SELECT * FROM t");
        Keeper keeper = new Keeper.Table(
                new TableName("public", "kept"), new TableName("public", "t"), List.of("id", "at", "parent"), false);
        Totals totals = new Removal(database)
                .index("by_time")
                .kin(new Eligibility.ReferencingKey(
                        "t_parent_fkey", new TableName("public", "t"), List.of(KeyColumn.plain("id", "parent"))))
                .keptBy(keeper)
                .batches(17)
                .run(kind);
        assertThat(database.number("SELECT count(*) FROM kept")).isEqualTo(totals.rowsDeleted());
        assertThat(totals.rowsDeleted()).isBetween(250L, 299L);
        assertNothingLost(database);
    }

    private static void assertNothingLost(Database database) throws SQLException {
        assertThat(rows(database, "(SELECT * FROM t UNION ALL SELECT * FROM kept) AS t"))
                .isEqualTo(rows(database, "source AS t"));
    }

    private static void types(Database database) {
        database.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'ok', 'so''so')", "CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
    }

    private static void fill(Database database, Random random) {
        List<String> times = List.of("'2024-05-05'", "'2023-01-01 BC'", "'-infinity'", "NULL", "'2025-01-01'", "now()");
        List<String> texts =
                List.of("NULL", "''", "'a''b\\\\c'", "E'tab\\tline\\n'", "'\\N'", "'ünïcode 🦉'", "'\"q\",'");
        String rows = IntStream.range(0, 60 + random.nextInt(100))
                .mapToObj(id -> "(" + id + ", "
                        + (random.nextInt(4) > 0 ? "'2024-01-01'" : pick(random, times)) + ", " + pick(random, texts)
                        + ", " + pick(random, List.of("NULL", "'NaN'", "1.50", "12345678901234567890.123456789"))
                        + ", " + pick(random, List.of("NULL", "'NaN'", "'-Infinity'", "0.1", "1e300", "'-0'"))
                        + ", " + pick(random, List.of("NULL", "'null'", "'{\"a\": [1, null]}'"))
                        + ", " + pick(random, List.of("NULL", "'\\x00ff'", "''"))
                        + ", " + pick(random, List.of("NULL", "'1 year -3 days 04:05:06.789'"))
                        + ", " + pick(random, List.of("NULL", "'{}'", "'{NULL,\"a,b\"}'"))
                        + ", " + pick(random, List.of("NULL", "'empty'", "'[1,5)'"))
                        + ", " + pick(random, List.of("NULL", "'ok'", "'so''so'"))
                        + ", " + pick(random, List.of("NULL", "7"))
                        + ", " + pick(random, List.of("NULL", "repeat('long', 3000)"))
                        + ", " + pick(random, List.of("NULL", "'ab'"))
                        + ", " + pick(random, List.of("NULL", "' x '")) + ")")
                .collect(Collectors.joining(", "));
        database.execute(
                "DROP TABLE IF EXISTS t, kept, copy, returned, source",
                "CREATE TABLE t (dropped int, " + COLUMNS + ")",
                "ALTER TABLE t DROP COLUMN dropped",
                "INSERT INTO t (id, at, \"No Thing?\", n, f, j, b, i, a, r, mood, d, big, c, v) VALUES " + rows,
                "CREATE INDEX by_time ON t (at)",
                "ANALYZE t");
    }

    private static String pick(Random random, List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static Removal removal(Database database) throws SQLException {
        List<String> columns =
                List.of(((String) database.value("SELECT string_agg(attname, E'\\n' ORDER BY attnum) FROM pg_attribute"
                                + " WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped"))
                        .split("\n"));
        return new Removal(database)
                .index("by_time")
                .keptBy(new Keeper.Table(
                        new TableName("public", "kept"), new TableName("public", "t"), columns, false));
    }

    private static String rows(Database database, String table) throws SQLException {
        String from = table.contains(" ") ? table : table + " AS t";
        return (String) database.value(
                "SELECT count(*) || ' ' || coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM " + from);
    }
}
