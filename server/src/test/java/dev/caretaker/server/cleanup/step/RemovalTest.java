package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the three mechanisms that delete rows in place have in common, on a table that stands still. */
class RemovalTest {
    static Stream<Arguments> mechanisms() {
        return TestPostgres.both().flatMap(server -> Removal.KINDS.stream().map(kind -> Arguments.of(server, kind)));
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void exactly_the_rows_before_the_cutoff_go(TestPostgres server, String kind) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz)",
                "INSERT INTO t SELECT i, timestamptz '2025-01-01 00:00+00' + (i - 500) * interval '1 minute'"
                        + " FROM generate_series(1, 1000) i",
                "INSERT INTO t VALUES (2001, NULL), (2002, '-infinity'), (2003, 'infinity'),"
                        + " (2004, '2025-01-01 00:00:00+00'), (2005, '2024-12-31 23:59:59.999999+00')",
                "CREATE INDEX by_time ON t (at)");
        Totals totals = new Removal(database).index("by_time").run(kind);
        assertThat(totals.rowsDeleted()).isEqualTo(500);
        assertThat(totals.bytesDeleted()).isEqualTo(50_000);
        assertThat(totals.rowsResidual()).isZero();
        assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(505);
        assertThat(database.value("SELECT string_agg(id::text, ',' ORDER BY id) FROM t WHERE id > 2000"))
                .isEqualTo("2001,2002,2003,2004");
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void ties_longer_than_a_batch_go_too(TestPostgres server, String kind) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz)",
                "INSERT INTO t SELECT i, timestamptz '2024-01-01 00:00+00' + (i / 100) * interval '1 microsecond'"
                        + " FROM generate_series(1, 1000) i",
                "CREATE INDEX by_time ON t (at DESC)");
        Totals totals = new Removal(database).index("by_time").restartEvery(11).run(kind);
        assertThat(totals.rowsDeleted()).isEqualTo(1000);
        assertThat(database.number("SELECT count(*) FROM t")).isZero();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void names_are_only_names(TestPostgres server, String kind) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE SCHEMA \"s.x; DROP\"",
                "CREATE TABLE \"s.x; DROP\".\"t\"\" Ω ?'\" (id int, \"at \"\"?'; --\" timestamptz, \"Status?\" text)",
                "INSERT INTO \"s.x; DROP\".\"t\"\" Ω ?'\" SELECT i, timestamptz '2024-12-31 00:00+00' + i * interval '1 h',"
                        + " CASE WHEN i % 2 = 0 THEN 'it''s ?' END FROM generate_series(1, 48) i",
                "CREATE INDEX \"i '\"\" x\" ON \"s.x; DROP\".\"t\"\" Ω ?'\" (\"Status?\", \"at \"\"?'; --\" NULLS FIRST)");
        Constant constant = new Constant(Constant.Kind.STRING, "it's ?");
        Totals totals = new Removal(database, "s.x; DROP", "t\" Ω ?'")
                .time("at \"?'; --", TimeColumn.Kind.TIMESTAMPTZ, "timestamp with time zone", "2025-01-01 00:00:00+00")
                .filter(new Filter.Compare("Status?", Filter.Operator.EQUAL, constant), Map.of("Status?", "text"))
                .index("i '\" x", List.of(Map.of("Status?", constant)))
                .run(kind);
        assertThat(totals.rowsDeleted()).isEqualTo(11);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void an_in_list_is_one_range_a_value(TestPostgres server, String kind) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz, status int)",
                "INSERT INTO t SELECT i, timestamptz '2024-06-01 00:00+00' + i * interval '1 h', i % 7"
                        + " FROM generate_series(1, 700) i",
                "CREATE INDEX by_status ON t (status, at)");
        List<Constant> values = Stream.of("2", "9", "5")
                .map(text -> new Constant(Constant.Kind.INT64, text))
                .toList();
        Totals totals = new Removal(database)
                .filter(new Filter.In("status", values), Map.of("status", "integer"))
                .index(
                        "by_status",
                        values.stream().map(value -> Map.of("status", value)).toList())
                .restartEvery(5)
                .run(kind);
        assertThat(totals.rowsDeleted()).isEqualTo(200);
        assertThat(database.number("SELECT count(*) FROM t WHERE status IN (2, 5)"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_table_that_nobody_else_wrote_to_is_not_gone_over_again(TestPostgres server, String kind)
            throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz)",
                "INSERT INTO t SELECT i, timestamptz '2024-12-31 00:00+00' + i * interval '1 h'"
                        + " FROM generate_series(1, 100) i",
                "CREATE INDEX by_time ON t (at)");
        Removal removal = new Removal(database).index("by_time");
        assertThat(removal.run(kind).rowsDeleted()).isEqualTo(23);
        assertThat(removal.phases).containsExactly("first pass");
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void an_empty_table_is_done_at_once(TestPostgres server, String kind) throws SQLException {
        Database database = server.database();
        database.execute("CREATE TABLE t (at timestamptz)", "CREATE INDEX by_time ON t (at)");
        Totals totals = new Removal(database).index("by_time").run(kind);
        assertThat(totals.rowsDeleted()).isZero();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_trigger_that_keeps_rows_stops_the_step_and_is_named(TestPostgres server, String kind) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz)",
                "INSERT INTO t SELECT i, '2024-06-01' FROM generate_series(1, 20) i",
                "CREATE INDEX by_time ON t (at)",
                "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN IF OLD.id = 13 THEN RETURN NULL; END IF; RETURN OLD; END'",
                "CREATE TRIGGER \"keeps 13\" BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION keep()");
        assertThatThrownBy(
                        () -> new Removal(database).guarded().index("by_time").run(kind))
                .hasMessageContaining("keeps 13")
                .extracting("reason")
                .hasToString("DELETE_SUPPRESSED");
        assertThat(database.number("SELECT count(*) FROM t WHERE id = 13")).isEqualTo(1);
    }
}
