package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.Breather;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Looks at tables of 600 blocks with one row in each: five stretches. */
class GentleLookTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long ALL = 200_000;

    static Stream<TestPostgres> servers() {
        return TestPostgres.all().values().stream();
    }

    /** Makes room always, without a wait. */
    static Breather gentle(BooleanSupplier rest) {
        return new Breather() {
            @Override
            public boolean isGentle() {
                return true;
            }

            @Override
            public boolean rest(Duration worked) {
                return rest.getAsBoolean();
            }
        };
    }

    private static Database table(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz, filler char(700)) WITH (fillfactor = 10, autovacuum_enabled = off)",
                "INSERT INTO t SELECT i, '2025-06-01', 'x' FROM generate_series(0, 599) i");
        assertThat(database.number("SELECT pg_relation_size('t') / 8192")).isEqualTo(600);
        return database;
    }

    private static <T> T looking(Database database, Breather breather, Look<T> work) throws SQLException {
        RowRemoval removal = new Removal(database).parameters();
        GentleLook look = new GentleLook(removal, new EligibleRows(removal.eligible()), breather);
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            session.connection().setAutoCommit(false);
            return work.of(look, session);
        }
    }

    private interface Look<T> {
        T of(GentleLook look, Session session) throws SQLException;
    }

    private static GentleLook.Found list(Database database, Breather breather, long most) throws SQLException {
        return looking(database, breather, (look, session) -> {
            assertThat(look.isCalledFor(session)).isTrue();
            return look.list(session, most, LONG);
        });
    }

    private static long address(Database database, int id) {
        return RowAddress.parse(
                database.value("SELECT ctid::text FROM t WHERE id = " + id).toString());
    }

    private static long[] rowsAt(int... blocks) {
        return Arrays.stream(blocks)
                .mapToLong(block -> RowAddress.parse("(" + block + ",1)"))
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void it_finds_every_eligible_row_and_rests_after_each_stretch(TestPostgres server) throws SQLException {
        Database database = table(server);
        database.execute("DELETE FROM t WHERE id IN (0, 127, 128, 300, 301, 302, 599)");
        database.execute("VACUUM t");
        for (int id : new int[] {0, 127, 128, 300, 301, 302, 599}) {
            database.execute("INSERT INTO t VALUES (" + id + ", '2024-01-01', 'x')");
        }
        AtomicInteger rests = new AtomicInteger();

        GentleLook.Found found = list(database, gentle(() -> rests.incrementAndGet() > 0), ALL);

        long[] expected = Arrays.stream(database.value(
                                "SELECT string_agg(ctid::text, ';' ORDER BY ctid) FROM t" + " WHERE at < '2025-01-01'")
                        .toString()
                        .split(";"))
                .mapToLong(RowAddress::parse)
                .toArray();
        assertThat(expected).hasSize(7);
        assertThat(found.addresses().orElseThrow()).containsExactly(expected);
        assertThat(rests).hasValue((int) database.number("SELECT pg_relation_size('t') / 8192 / 128") + 1);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void a_row_that_moves_to_where_it_looked_before_is_found_all_the_same(TestPostgres server) throws SQLException {
        Database database = table(server);
        database.execute("DELETE FROM t WHERE id = 5", "UPDATE t SET at = '2024-01-01' WHERE id = 590");
        database.execute("VACUUM t");
        long before = address(database, 590);
        AtomicInteger rests = new AtomicInteger();
        Breather moving = gentle(() -> {
            if (rests.getAndIncrement() == 0) {
                database.execute("WITH gone AS (DELETE FROM t WHERE id = 590)"
                        + " INSERT INTO t VALUES (590, '2024-01-01', 'moved')");
            }
            return true;
        });

        GentleLook.Found found = list(database, moving, ALL);

        assertThat(RowAddress.block(address(database, 590)))
                .as("it must have moved to the front for this to prove anything")
                .isLessThan(128);
        assertThat(found.addresses().orElseThrow()).containsExactly(before);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void a_list_that_is_full_ends_the_look(TestPostgres server) throws SQLException {
        Database database = table(server);
        database.execute("TRUNCATE t", "INSERT INTO t SELECT i, '2024-06-01', 'x' FROM generate_series(0, 599) i");

        GentleLook.Found found = list(database, gentle(() -> true), 3);

        assertThat(found.addresses().orElseThrow()).containsExactly(rowsAt(0, 1, 2));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void one_that_is_to_stop_or_takes_too_long_lists_nothing(TestPostgres server) throws SQLException {
        Database database = table(server);

        GentleLook.Found stopped = list(database, gentle(() -> false), ALL);
        assertThat(stopped.stopped()).isTrue();
        assertThat(stopped.addresses()).isEmpty();

        GentleLook.Found late =
                looking(database, gentle(() -> true), (look, session) -> look.list(session, ALL, Duration.ofNanos(1)));
        assertThat(late.stopped()).isFalse();
        assertThat(late.addresses()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void an_index_that_leads_to_eligible_rows_alone_is_asked_at_once(TestPostgres server) throws SQLException {
        Database database = table(server);
        assertThat(looking(database, Breather.NONE, GentleLook::isCalledFor)).isFalse();
        assertThat(looking(database, gentle(() -> true), GentleLook::isCalledFor))
                .isTrue();

        database.execute("CREATE INDEX ON t (at)", "ANALYZE t");
        assertThat(looking(database, gentle(() -> true), GentleLook::isCalledFor))
                .isFalse();
    }
}
