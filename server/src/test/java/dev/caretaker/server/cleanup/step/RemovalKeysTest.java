package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.catalog.KeyColumn;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Row removal from a table that others reference. */
class RemovalKeysTest {
    private static final Eligibility.ReferencingKey KEY = new Eligibility.ReferencingKey(
            "child_key", new TableName("public", "child"), List.of(KeyColumn.plain("id", "parent")));

    static Stream<Arguments> mechanisms() {
        return RemovalTest.mechanisms();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_referenced_row_stops_the_step_with_the_keys_name(TestPostgres server, String kind) throws SQLException {
        for (String action : new String[] {"", "ON DELETE RESTRICT", "DEFERRABLE INITIALLY DEFERRED"}) {
            Database database = tables(server, action);
            database.execute("INSERT INTO child VALUES (1, 3)");
            assertThatThrownBy(() -> removal(database).batches(10).run(kind))
                    .isInstanceOfSatisfying(CaretakerException.class, error -> {
                        assertThat(error.reason()).hasToString("PINNED_BY_FOREIGN_KEY");
                        assertThat(error.metadata())
                                .containsEntry("constraint", "child_key")
                                .containsEntry("referencing_table", "public.child");
                    });
            assertThat(database.number("SELECT count(*) FROM t WHERE id <= 10")).isGreaterThanOrEqualTo(9);
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void pinned_rows_are_skipped_counted_and_shown(TestPostgres server, String kind) throws SQLException {
        Database database = tables(server, "");
        database.execute(
                "INSERT INTO child SELECT i, i FROM generate_series(5, 34) i", "INSERT INTO child VALUES (0, NULL)");
        Totals totals = removal(database).skippingPinned(KEY).run(kind);
        assertThat(totals.rowsDeleted()).isEqualTo(70);
        assertThat(totals.rowsPinned()).isEqualTo(30);
        assertThat(totals.rowsResidual()).isZero();
        assertThat(totals.pinnedSamples())
                .hasSize(10)
                .allMatch(sample -> sample.matches("id = \\d+: child_key of public.child"));
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void cascades_are_counted_exactly_and_apart(TestPostgres server, String kind) throws SQLException {
        Database database = tables(server, "ON DELETE CASCADE");
        database.execute(
                "CREATE TABLE grandchild (child int REFERENCES child ON DELETE CASCADE, at int) PARTITION BY RANGE (at)",
                "CREATE TABLE grandchild_1 PARTITION OF grandchild FOR VALUES FROM (0) TO (50)",
                "CREATE TABLE grandchild_2 PARTITION OF grandchild FOR VALUES FROM (50) TO (1000)",
                "CREATE TABLE nulled (parent int REFERENCES t ON DELETE SET NULL)",
                "INSERT INTO child SELECT i, (i - 1) / 2 + 1 FROM generate_series(1, 100) i",
                "INSERT INTO grandchild SELECT i, i FROM generate_series(1, 100) i",
                "INSERT INTO nulled SELECT i FROM generate_series(91, 110) i");
        Totals totals = removal(database)
                .cascadingTo(
                        new TableName("public", "child"),
                        new TableName("public", "grandchild"),
                        new TableName("public", "nulled"))
                .restartEvery(3)
                .run(kind);
        assertThat(totals.rowsDeleted()).isEqualTo(100);
        assertThat(totals.rowsCascaded()).isEqualTo(100 + 100 + 10);
        assertThat(totals.cascaded())
                .extracting(cascaded -> cascaded.table().name(), Totals.Cascaded::rows)
                .containsExactlyInAnyOrder(
                        tuple("child", 100L),
                        tuple("grandchild_1", 49L),
                        tuple("grandchild_2", 51L),
                        tuple("nulled", 10L));
        assertThat(database.number("SELECT count(*) FROM nulled WHERE parent IS NULL"))
                .isEqualTo(10);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rows_that_cascade_within_the_table_are_counted_apart_too(TestPostgres server, String kind)
            throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, parent int REFERENCES t ON DELETE CASCADE)",
                "INSERT INTO t SELECT i, '2024-01-01', NULL FROM generate_series(1, 20) i",
                "INSERT INTO t SELECT i, '2025-02-01', i - 20 FROM generate_series(21, 30) i",
                "CREATE INDEX by_time ON t (at)");
        Totals totals =
                removal(database).cascadingTo(new TableName("public", "t")).run(kind);
        assertThat(totals.rowsDeleted()).isEqualTo(20);
        assertThat(totals.rowsCascaded()).isEqualTo(10);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_child_that_refuses_to_be_set_null_is_named(TestPostgres server, String kind) throws SQLException {
        Database database = tables(server, "ON DELETE SET NULL");
        database.execute("ALTER TABLE child ALTER parent SET NOT NULL", "INSERT INTO child VALUES (1, 3)");
        assertThatThrownBy(() -> removal(database).run(kind))
                .hasMessageContaining("public.child")
                .extracting("reason")
                .hasToString("STATEMENT_FAILED");
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void without_counters_the_run_says_that_cascades_are_not_counted(TestPostgres server, String kind)
            throws SQLException {
        Database database = tables(server, "ON DELETE CASCADE");
        database.execute("ALTER DATABASE " + database.name() + " SET track_counts = off");
        Removal removal = removal(database).cascadingTo(new TableName("public", "child"));
        assertThat(removal.run(kind).rowsDeleted()).isEqualTo(100);
        assertThat(removal.warnings).containsExactly("CASCADES_NOT_COUNTED");
    }

    private static Database tables(TestPostgres server, String action) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz)",
                "INSERT INTO t SELECT i, timestamptz '2024-01-01' + i * interval '1 hour' FROM generate_series(1, 100) i",
                "INSERT INTO t SELECT i, '2025-01-01' FROM generate_series(101, 120) i",
                "CREATE INDEX by_time ON t (at)",
                "CREATE TABLE child (id int PRIMARY KEY, parent int, CONSTRAINT child_key FOREIGN KEY (parent)"
                        + " REFERENCES t (id) " + action + ")");
        return database;
    }

    private static Removal removal(Database database) {
        return new Removal(database).index("by_time");
    }

    /** More rows than one statement takes, of every shape: a star, a chain, and a circle that is too large. */
    @Test
    void sets_of_rows_too_large_for_one_statement_go_from_their_far_end() throws SQLException {
        Database database = TestPostgres.newest().database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, before int)",
                "INSERT INTO t SELECT i, '2024-01-01Z', CASE WHEN i = 1 THEN NULL WHEN i <= 25000 THEN 1 WHEN i > 25001"
                        + " THEN i - 1 END FROM generate_series(1, 37000) i",
                "INSERT INTO t SELECT i, '2024-01-01Z', CASE WHEN i = 111000 THEN 100001 ELSE i + 1 END"
                        + " FROM generate_series(100001, 111000) i",
                "INSERT INTO t VALUES (200000, now(), NULL), (200001, '2024-01-01Z', NULL), (200002, now(), 200001)",
                "CREATE INDEX ON t (before)",
                "ALTER TABLE t ADD CONSTRAINT before_key FOREIGN KEY (before) REFERENCES t",
                "ANALYZE t");
        Removal removal = kin(database).batches(400);
        Totals totals = removal.run(RemovalKinds.BLOCK_RANGE);
        assertThat(totals.rowsDeleted()).isEqualTo(37_000);
        assertThat(totals.rowsPinned()).isEqualTo(11_001);
        assertThat(totals.rowsResidual()).isZero();
        assertThat(database.number("SELECT count(*) FROM t WHERE id <= 100000")).isZero();
        assertThat(removal.warnings).containsExactly("CIRCLE_TOO_LARGE");
    }

    @Test
    void a_row_that_comes_to_refer_while_the_batch_runs_holds_its_row_back() throws SQLException {
        Database database = TestPostgres.newest().database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, before int REFERENCES t)",
                "INSERT INTO t SELECT i, '2024-01-01Z', nullif(i - 1, 0) FROM generate_series(1, 20) i",
                "INSERT INTO t SELECT i, '2024-01-01Z', NULL FROM generate_series(21, 40) i");
        Totals totals = kin(database)
                .batches(10)
                .between(number -> {
                    if (number == 1) {
                        database.execute("INSERT INTO t VALUES (100, now(), 33)");
                    }
                })
                .run(RemovalKinds.ROW_LIST);
        assertThat(totals.rowsDeleted()).isEqualTo(39);
        assertThat(totals.rowsPinned()).isEqualTo(1);
        assertThat(totals.pinnedSamples()).containsExactly("id = 33: before_key of public.t");
    }

    /** Of a table that references itself by its column "before". */
    private static Removal kin(Database database) {
        return new Removal(database)
                .kin(new Eligibility.ReferencingKey(
                        "before_key", new TableName("public", "t"), List.of(KeyColumn.plain("id", "before"))));
    }
}
