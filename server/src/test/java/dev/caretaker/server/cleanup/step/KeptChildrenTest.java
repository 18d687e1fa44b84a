package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.catalog.KeyColumn;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that a cascade deletes are kept with those that they refer to: what a DELETE by hand makes go, and nothing else. */
class KeptChildrenTest {
    private static final List<String> TABLES = List.of("t", "kids", "toys");

    static Stream<Arguments> mechanisms() {
        return RemovalTest.mechanisms();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void what_is_kept_is_what_a_delete_by_hand_makes_go(TestPostgres server, String kind) throws SQLException {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        Database database = server.database();
        for (int i = 0; i < 3; i++) {
            String because = "seed " + seed + ", round " + i;
            fill(database, random);
            byHand(database);
            Totals totals = removal(database)
                    .batches(1 + random.nextInt(30))
                    .restartEvery(2 + random.nextInt(4))
                    .run(kind);
            for (String table : TABLES) {
                assertThat(rows(database, "old_" + table)).as(because).isEqualTo(rows(database, "gone_" + table));
                assertThat(rows(database, table)).as(because).isEqualTo(rows(database, "left_" + table));
            }
            long own = database.number("SELECT count(*) FROM old_t");
            long children =
                    database.number("SELECT count(*) FROM old_kids") + database.number("SELECT count(*) FROM old_toys");
            assertThat(totals.rowsDeleted()).as(because).isEqualTo(own);
            assertThat(totals.rowsCascaded()).as(because).isEqualTo(children);
            assertThat(totals.archived().stream()
                            .mapToLong(Totals.Archived::rows)
                            .sum())
                    .as(because)
                    .isEqualTo(own + children);
        }
    }

    /** Each waits for the other somewhere; none may come in between. */
    @ParameterizedTest
    @MethodSource("mechanisms")
    void rows_that_others_let_refer_meanwhile_are_kept_or_their_parents_are_gone(TestPostgres server, String kind)
            throws Exception {
        Database database = server.database();
        fill(database, new Random(5));
        database.execute("CREATE TABLE added (id int)");
        Thread writer = Thread.ofVirtual().start(() -> write(database));
        removal(database).batches(5).run(kind);
        writer.join();
        assertThat(database.number("SELECT count(*) FROM added")).isPositive();
        assertThat(database.number("SELECT count(*) FROM added WHERE id NOT IN (SELECT id FROM kids UNION ALL SELECT id"
                        + " FROM old_kids)"))
                .isZero();
        assertThat(database.number(
                        "SELECT count(*) FROM old_kids k WHERE NOT EXISTS (SELECT FROM old_t WHERE id = k.parent)"
                                + " AND NOT EXISTS (SELECT FROM old_kids b WHERE b.id = k.\"Big One\")"))
                .isZero();
    }

    private static void write(Database database) {
        try (Connection connection = database.connect();
                var insert =
                        connection.prepareStatement("WITH one AS (INSERT INTO kids (id, parent) SELECT ?, id FROM t"
                                + " WHERE at < '2025-01-01' ORDER BY random() LIMIT 1 RETURNING id)"
                                + " INSERT INTO added SELECT id FROM one")) {
            for (int i = 0; i < 200; i++) {
                insert.setInt(1, 100_000 + i);
                try {
                    insert.executeUpdate();
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).as(e.getMessage()).isIn("23503", "40P01"); // the parent has just gone
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_trigger_that_keeps_a_child_or_changes_a_parent_ends_the_step_and_nothing_is_lost(
            TestPostgres server, String kind) throws SQLException {
        for (String trigger :
                List.of("RETURN NULL", "UPDATE t SET note = 'one less' WHERE id = OLD.parent; RETURN OLD")) {
            Database database = server.database();
            fill(database, new Random(6));
            for (String table : TABLES) {
                database.execute("CREATE TABLE left_" + table + " AS SELECT * FROM " + table);
            }
            database.execute(
                    "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.id % 5 = 0 THEN "
                            + trigger + "; END IF; RETURN OLD; END $$",
                    "CREATE TRIGGER meddle BEFORE DELETE ON kids FOR EACH ROW EXECUTE FUNCTION meddle()");
            assertThatThrownBy(() -> removal(database).batches(20).run(kind))
                    .as(trigger)
                    .extracting("reason")
                    .hasToString("DELETE_SUPPRESSED");
            for (String table : TABLES) {
                String id = table.equals("toys") ? "kid, name" : "id";
                assertThat(database.number("SELECT count(*) FROM (SELECT " + id + " FROM " + table
                                + " UNION ALL SELECT " + id + " FROM old_" + table + ") u"))
                        .as(trigger + ", " + table)
                        .isEqualTo(database.number("SELECT count(*) FROM left_" + table));
            }
        }
    }

    private static void fill(Database database, Random random) {
        database.execute(
                "DROP TABLE IF EXISTS toys, kids, t, old_t, old_kids, old_toys, gone_t, gone_kids, gone_toys,"
                        + " left_t, left_kids, left_toys",
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, note text)",
                "CREATE TABLE kids (id int PRIMARY KEY, parent int REFERENCES t ON DELETE CASCADE,"
                        + " \"Big One\" int REFERENCES kids ON DELETE CASCADE)",
                "CREATE TABLE toys (kid int REFERENCES kids ON DELETE CASCADE, owner int REFERENCES t ON DELETE CASCADE,"
                        + " name text) PARTITION BY HASH (name)",
                "CREATE TABLE toys_0 PARTITION OF toys FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE toys_1 (name text, gap int, owner int, kid int)",
                "ALTER TABLE toys_1 DROP COLUMN gap",
                "ALTER TABLE toys ATTACH PARTITION toys_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO t SELECT i, CASE WHEN i % " + (2 + random.nextInt(3))
                        + " > 0 THEN timestamptz '2024-01-01'"
                        + " ELSE now() END, 'note ' || i FROM generate_series(1, 120) i",
                "INSERT INTO kids SELECT i, CASE WHEN i % 7 > 0 THEN 1 + i * 31 % 120 END,"
                        + " CASE WHEN i % 3 = 0 THEN i / 2 END FROM generate_series(1, 200) i",
                "INSERT INTO toys SELECT CASE WHEN i % 5 > 0 THEN 1 + i * 17 % 200 END, CASE WHEN i % 4 = 0 THEN"
                        + " 1 + i % 120 END, 'toy ' || i FROM generate_series(1, 250) i",
                "CREATE INDEX by_time ON t (at)",
                "CREATE INDEX ON kids (parent)",
                "CREATE INDEX ON toys (kid)",
                "ANALYZE");
    }

    /** What a DELETE makes go, which is rolled back. */
    private static void byHand(Database database) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute("CREATE TABLE left_" + table + " AS SELECT * FROM " + table);
                statement.execute("CREATE TABLE gone_" + table + " AS SELECT * FROM " + table + " LIMIT 0");
            }
            connection.setAutoCommit(false);
            statement.execute("DELETE FROM t WHERE at < '2025-01-01'");
            StringBuilder kept = new StringBuilder();
            for (String table : TABLES) {
                try (var rows = statement.executeQuery(
                        "SELECT coalesce(string_agg(quote_literal(x::text), ','), quote_literal('')) FROM " + table
                                + " x")) {
                    rows.next();
                    kept.append(table)
                            .append('\u0001')
                            .append(rows.getString(1))
                            .append('\u0002');
                }
            }
            connection.rollback();
            connection.setAutoCommit(true);
            for (String part : kept.toString().split("\u0002")) {
                String[] of = part.split("\u0001");
                String among = "x::text IN (" + of[1] + ")";
                statement.execute(
                        "INSERT INTO gone_" + of[0] + " SELECT x.* FROM left_" + of[0] + " x WHERE NOT " + among);
                statement.execute("DELETE FROM left_" + of[0] + " x WHERE NOT " + among);
            }
        }
    }

    private static Removal removal(Database database) throws SQLException {
        return new Removal(database)
                .index("by_time")
                .keptBy(table("t", "id", "at", "note"))
                .cascadingTo(new TableName("public", "kids"), new TableName("public", "toys"))
                .withChildren(
                        new KeptChild(
                                oid(database, "kids"),
                                new TableName("public", "kids"),
                                table("kids", "id", "parent", "Big One"),
                                List.of(way(KeptChild.STEP, "kids", "id", "parent"), way(0, "kids", "id", "Big One")),
                                40),
                        new KeptChild(
                                oid(database, "toys"),
                                new TableName("public", "toys"),
                                table("toys", "kid", "owner", "name"),
                                List.of(way(0, "toys", "id", "kid"), way(KeptChild.STEP, "toys", "id", "owner")),
                                40));
    }

    private static Keeper table(String name, String... columns) {
        return new Keeper.Table(
                new TableName("public", "old_" + name), new TableName("public", name), List.of(columns), false);
    }

    private static KeptChild.Way way(int parent, String child, String referenced, String referencing) {
        return new KeptChild.Way(
                parent,
                new ReferencingKey(
                        child + "_fkey",
                        new TableName("public", child),
                        List.of(KeyColumn.plain(referenced, referencing))));
    }

    private static long oid(Database database, String table) throws SQLException {
        return database.number("SELECT '" + table + "'::regclass::oid::bigint");
    }

    private static String rows(Database database, String table) throws SQLException {
        return (String)
                database.value("SELECT count(*) || ' ' || coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')"
                        + " FROM " + table + " AS t");
    }
}
