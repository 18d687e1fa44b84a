package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What may happen to a table while its rows are deleted. */
class RemovalFaultsTest {
    static Stream<Arguments> mechanisms() {
        return RemovalTest.mechanisms();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_table_that_took_the_name_between_batches_loses_nothing(TestPostgres server, String kind)
            throws SQLException {
        Database database = table(server);
        Removal removal = removal(database).between(number -> {
            if (number == 2) {
                database.execute(
                        "ALTER TABLE t RENAME TO old_t",
                        "CREATE TABLE t (LIKE old_t INCLUDING ALL)",
                        "INSERT INTO t SELECT * FROM old_t");
            }
        });
        assertThatThrownBy(() -> removal.run(kind)).extracting("reason").hasToString("RELATION_CHANGED");
        assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(database.number("SELECT count(*) FROM old_t"));
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_table_that_took_the_name_does_not_show_that_nothing_is_left(TestPostgres server, String kind)
            throws SQLException {
        Database database = table(server);
        Removal removal = removal(database);
        BatchStep<RemovalCursor> step = removal.step(Removal.kind(kind), removal.parameters());
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            step.prepare(session, Optional.empty());
            assertThat(step.isDone(session)).isFalse();
            database.execute("ALTER TABLE t RENAME TO old_t", "CREATE TABLE t (LIKE old_t INCLUDING ALL)");
            assertThatThrownBy(() -> step.isDone(session)).extracting("reason").hasToString("RELATION_CHANGED");
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_table_dropped_between_batches_ends_the_step(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        Removal removal = removal(database).between(number -> {
            if (number == 2) {
                database.execute("DROP TABLE t", "CREATE TABLE t (id int, at timestamptz)");
            }
        });
        assertThatThrownBy(() -> removal.run(kind)).extracting("reason").hasToString("RELATION_CHANGED");
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_table_altered_before_a_resumption_is_refused(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        Removal removal = removal(database).restartEvery(2).between(number -> {
            if (number == 2) {
                database.execute("ALTER TABLE t ADD COLUMN more int");
            }
        });
        assertThatThrownBy(() -> removal.run(kind)).extracting("reason").hasToString("RELATION_CHANGED");
    }

    @Test
    void an_index_dropped_between_batches_ends_the_step_once_batches_become_slower() throws SQLException {
        Database database = table(TestPostgres.newest());
        Removal removal = removal(database).batches(20);
        removal.between(number -> {
            if (number == 3) {
                database.execute("DROP INDEX by_time");
                removal.batches(10);
            }
        });
        assertThatThrownBy(() -> removal.run(RemovalKinds.INDEX_RANGE))
                .hasMessageContaining("lost its index public.by_time")
                .extracting("reason")
                .hasToString("RELATION_CHANGED");
        assertThat(database.number("SELECT count(*) FROM t")).isGreaterThan(100);
    }

    @Test
    void batches_that_become_slower_while_the_index_is_there_go_on() throws SQLException {
        Removal removal = removal(table(TestPostgres.newest())).batches(20);
        removal.between(number -> removal.batches(number % 2 == 0 ? 20 : 5));
        assertThat(removal.run(RemovalKinds.INDEX_RANGE).rowsDeleted()).isEqualTo(150);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_table_rewritten_between_batches_is_still_cleaned_to_the_row(TestPostgres server, String kind)
            throws SQLException {
        for (int restart : new int[] {Integer.MAX_VALUE, 2}) {
            Database database = table(server);
            Totals totals = removal(database)
                    .restartEvery(restart)
                    .between(number -> {
                        if (number % 3 == 0 && number < 12) {
                            database.execute("VACUUM FULL t");
                        }
                    })
                    .run(kind);
            assertThat(totals.rowsDeleted()).isEqualTo(150);
            assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rows_that_move_behind_the_pass_are_swept_up(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        database.execute("CREATE TABLE moved (id int)");
        Totals totals = removal(database)
                .batches(2)
                .between(number -> {
                    if (number < 8) { // both: to another page and, in the index, to the beginning
                        database.execute(
                                "WITH chosen AS (UPDATE t SET at = '2023-01-01', filler = repeat('y', 500)"
                                        + " WHERE id = (SELECT max(id) FROM t WHERE at < '2025-01-01') RETURNING id)"
                                        + " INSERT INTO moved SELECT id FROM chosen",
                                "VACUUM t");
                    }
                })
                .run(kind);
        assertThat(database.number("SELECT count(*) FROM moved")).isGreaterThan(3);
        assertThat(totals.rowsDeleted()).isEqualTo(150);
        assertThat(totals.rowsResidual()).isZero();
        assertThat(database.number("SELECT count(*) FROM t WHERE at < '2025-01-01'"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rows_that_come_and_move_faster_than_they_go_end_as_residual_and_are_counted(TestPostgres server, String kind)
            throws SQLException {
        Database database = table(server);
        int[] inserted = {0};
        Totals totals = removal(database)
                .batches(20)
                .between(number -> {
                    database.execute(
                            "UPDATE t SET filler = repeat('x', 400) WHERE at < '2025-01-01'",
                            "INSERT INTO t SELECT 9999, '2022-01-01', '' FROM generate_series(1, 10)");
                    inserted[0] += 10;
                })
                .run(kind);
        assertThat(totals.rowsResidual()).isEqualTo(10);
        assertThat(totals.rowsDeleted()).isEqualTo(150 + inserted[0] - 10);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rows_that_come_after_the_last_look_are_left_to_the_next_run(TestPostgres server, String kind)
            throws SQLException {
        Database database = table(server);
        int[] inserted = {0};
        Totals totals = removal(database)
                .between(number -> {
                    database.execute("INSERT INTO t VALUES (9999, '2022-01-01', '')");
                    inserted[0]++;
                })
                .run(kind);
        assertThat(totals.rowsResidual()).isZero();
        assertThat(totals.rowsDeleted()).isBetween(150L, 150L + inserted[0]);
        assertThat(database.number("SELECT count(*) FROM t WHERE at < '2025-01-01'"))
                .isEqualTo(150 + inserted[0] - totals.rowsDeleted());
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_batch_that_is_rolled_back_is_done_again_and_counted_once(TestPostgres server, String kind)
            throws SQLException {
        Database database = table(server);
        Removal removal = removal(database);
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            Connection connection = session.connection();
            BatchStep<RemovalCursor> step = removal.step(Removal.kind(kind), removal.parameters());
            RemovalCursor cursor = step.prepare(session, Optional.empty());
            long deleted = 0;
            boolean last = false;
            while (!last) {
                connection.setAutoCommit(false);
                Batch<RemovalCursor> lost = step.next(session, cursor, 7);
                connection.rollback();
                step.discard();
                connection.setAutoCommit(true);
                long before = step.remaining(session, cursor, lost.next());
                assertThat(before).isGreaterThanOrEqualTo(lost.done().rowsDeleted());

                connection.setAutoCommit(false);
                Batch<RemovalCursor> kept = step.next(session, cursor, 7);
                connection.commit();
                connection.setAutoCommit(true);
                if (!lost.searched()) {
                    assertThat(before - step.remaining(session, cursor, lost.next()))
                            .isEqualTo(kept.done().rowsDeleted());
                }
                deleted += kept.done().rowsDeleted();
                cursor = kept.next();
                last = kept.last();
            }
            assertThat(deleted).isEqualTo(150);
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void an_old_snapshot_changes_nothing(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        try (Connection old = database.connect()) {
            old.setAutoCommit(false);
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            old.createStatement().execute("SELECT count(*) FROM t");
            assertThat(removal(database).run(kind).rowsDeleted()).isEqualTo(150);
        }
    }

    /** 200 rows, 150 of them eligible, some of them in a tie, in no particular order, on many pages. */
    private static Database table(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz, filler text) WITH (fillfactor = 70)",
                "INSERT INTO t SELECT i, CASE WHEN i % 4 = 0 THEN timestamptz '2025-06-01'"
                        + " WHEN i % 5 = 0 THEN timestamptz '2024-03-03'"
                        + " ELSE timestamptz '2024-01-01' + (i * 7919 % 200) * interval '1 day' END, repeat('x', 300)"
                        + " FROM generate_series(1, 200) i",
                "CREATE INDEX by_time ON t (at)",
                "ANALYZE t");
        return database;
    }

    private static Removal removal(Database database) {
        return new Removal(database).index("by_time").batches(7);
    }
}
