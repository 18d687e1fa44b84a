package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.Breather;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The guarantee of a cleanup, checked against a log of what writers did beside it: every row eligible when the step began and
 * ever since is gone, every deleted row was eligible when it was deleted, and the counts are exact.
 */
class RemovalBesideWritersTest {
    private static final int ROWS = 3_000;
    private static final int WRITERS = 3;
    private static final int MOST_WRITES = 4_000;

    static Stream<Arguments> mechanisms() {
        return RemovalTest.mechanisms();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void nothing_eligible_escapes_and_nothing_else_goes(TestPostgres server, String kind) throws Exception {
        check(server, kind, Breather.NONE);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void nor_where_it_looks_over_the_table_gently(TestPostgres server, String kind) throws Exception {
        check(server, kind, GentleLookTest.gentle(() -> true));
    }

    private static void check(TestPostgres server, String kind, Breather breather) throws Exception {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, filler text) WITH (fillfactor = 80)",
                "INSERT INTO t SELECT i, timestamptz '2024-01-01' + (i * 7919 % 730) * interval '1 day', repeat('x', 100)"
                        + " FROM generate_series(1, " + ROWS + ") i",
                "CREATE INDEX by_time ON t (at)",
                "CREATE TABLE log (n bigserial, id int, what text)",
                "INSERT INTO log (id, what) SELECT id, CASE WHEN at < '2025-01-01' THEN 'old' ELSE 'new' END FROM t");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        Totals totals;
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                futures.add(writers.submit(() -> write(database, writer, stop, written)));
            }
            try {
                totals = new Removal(database)
                        .index("by_time")
                        .batches(20)
                        .restartEvery(9)
                        .breathing(breather)
                        .run(kind);
            } finally {
                stop.set(true);
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertThat(written.get()).isGreaterThan(10);
        assertThat(database.number("SELECT count(*) FROM t WHERE id IN"
                        + " (SELECT id FROM log GROUP BY id HAVING bool_and(what = 'old')"
                        + " AND min(n) <= " + ROWS + ")"))
                .as("eligible from the beginning and ever since, but still there")
                .isLessThanOrEqualTo(totals.rowsResidual());
        assertThat(database.number(
                        "SELECT count(*) FROM (SELECT DISTINCT ON (id) id, what FROM log ORDER BY id, n DESC) last"
                                + " WHERE what = 'new' AND NOT EXISTS (SELECT 1 FROM t WHERE t.id = last.id)"))
                .as("not eligible since its last change, but gone")
                .isZero();
        assertThat(totals.rowsDeleted())
                .as("rows ever there, less those still there and those the writers deleted")
                .isEqualTo(database.number("SELECT count(DISTINCT id) FROM log")
                        - database.number("SELECT count(*) FROM t")
                        - database.number("SELECT count(*) FROM log WHERE what = 'gone'"));
    }

    /** Moves rows within and between pages, to and fro in time, deletes some and adds some, and logs it all. */
    private static Void write(Database database, int writer, AtomicBoolean stop, AtomicInteger written)
            throws SQLException {
        Random random = new Random(writer);
        int fresh = ROWS * (writer + 2);
        String logged = " RETURNING id, at) INSERT INTO log (id, what)"
                + " SELECT id, CASE WHEN at < '2025-01-01' THEN 'old' ELSE 'new' END FROM changed";
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (int n = 0; n < MOST_WRITES && !stop.get(); n++) {
                int id = 1 + random.nextInt(ROWS);
                String day = " timestamptz '2024-01-01' + " + random.nextInt(730) + " * interval '1 day'";
                String change = switch (random.nextInt(6)) {
                    case 0 -> "UPDATE t SET filler = 'hot' WHERE id = " + id;
                    case 1 -> "UPDATE t SET filler = repeat('y', 900) WHERE id = " + id;
                    case 2 -> "UPDATE t SET at = " + day + " WHERE id = " + id;
                    case 3 ->
                        "UPDATE t SET at = least(at, '2024-01-01 00:00:01') WHERE at < '2025-01-01' AND id = " + id;
                    case 4 -> "INSERT INTO t VALUES (" + fresh++ + ", " + day + ", 'fresh')";
                    default -> "";
                };
                statement.execute(
                        change.isEmpty()
                                ? "WITH changed AS (DELETE FROM t WHERE id = " + id
                                        + " RETURNING id) INSERT INTO log (id, what) SELECT id, 'gone' FROM changed"
                                : "WITH changed AS (" + change + logged);
                written.incrementAndGet();
            }
        }
        return null;
    }
}
