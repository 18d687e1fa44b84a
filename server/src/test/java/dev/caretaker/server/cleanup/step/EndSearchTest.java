package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class EndSearchTest {
    private static final long BLOCKS = 17_000;
    /** Blocks that one call goes back. */
    private static final long STEP = 8 * 1_024;

    @Test
    void what_another_session_found_empty_is_jumped_over_but_not_in_the_next_pass() throws SQLException {
        Database database = TestPostgres.newest().database();
        database.execute(
                "CREATE UNLOGGED TABLE t (id int, at timestamptz, filler char(700)) WITH (fillfactor = 10)",
                "INSERT INTO t SELECT i, '2025-06-01', 'x' FROM generate_series(1, " + BLOCKS + ") i");
        assertThat(database.number("SELECT pg_relation_size('t') / 8192")).isEqualTo(BLOCKS);
        EndSearch search = new EndSearch(
                new EligibleRows(new Removal(database).parameters().eligible()));
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            search.ahead(session, BLOCKS, () -> true);
            assertThat(search.back(session, BLOCKS)).isEqualTo(Position.seekingEnd(BLOCKS - 2 * STEP));

            database.execute("UPDATE t SET at = '2024-01-01' WHERE id = " + (BLOCKS - STEP - 100));
            search.forget();
            assertThat(search.back(session, BLOCKS)).isEqualTo(Position.seekingEnd(BLOCKS - STEP));
            assertThat(search.back(session, BLOCKS - STEP)).isEqualTo(Position.atBlock(0, BLOCKS - STEP));
        }
    }
}
