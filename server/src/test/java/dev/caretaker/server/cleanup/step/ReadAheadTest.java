package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadAheadTest {
    private static final long ROWS = 5_000;
    private static final long FIRST_PIECE = 64;

    /** Each row that is read is counted: a sequence knows of no rollback. */
    private static long read(TestPostgres server, String from, BooleanSupplier wanted) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int)",
                "INSERT INTO t SELECT generate_series(1, " + ROWS + ")",
                "CREATE SEQUENCE seen");
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            session.connection().setAutoCommit(false);
            SqlFragment query = SqlFragment.of(
                    "SELECT t.ctid FROM ONLY public.t AS t WHERE id >= CAST(? AS int) AND nextval('public.seen') > 0",
                    from);
            ReadAhead.read(session, query, wanted);
            session.connection().rollback();
        }
        return database.number("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM seen");
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void every_row_that_a_query_finds_is_read_once_and_in_pieces(TestPostgres server) throws SQLException {
        AtomicInteger pieces = new AtomicInteger();

        assertThat(read(server, "1001", () -> pieces.incrementAndGet() > 0)).isEqualTo(ROWS - 1_000);
        assertThat(pieces.get()).isGreaterThan(2);
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void what_is_not_wanted_any_more_is_not_read(TestPostgres server) throws SQLException {
        assertThat(read(server, "1", () -> false)).isZero();

        AtomicInteger pieces = new AtomicInteger();
        assertThat(read(server, "1", () -> pieces.incrementAndGet() == 1)).isEqualTo(FIRST_PIECE);
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void a_query_that_finds_nothing_ends_it(TestPostgres server) throws SQLException {
        assertThat(read(server, Long.toString(ROWS + 1), () -> true)).isZero();
    }
}
