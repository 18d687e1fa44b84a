package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.KeyColumn;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Deleted rows leave dead entries at the ends of indexes, and the query planner may read them whenever it plans. */
class IndexEndsTest {
    /** A fifth of what it is where only one plan of each batch reads the entries of one end. */
    private static final long FEW_BLOCKS = 3_000;

    static Stream<Arguments> mechanisms() {
        return TestPostgres.both().flatMap(server -> Removal.KINDS.stream().map(kind -> Arguments.of(server, kind)));
    }

    /** Indexes with 50,000 dead entries at each end, and 20,000 rows between them of which a third is eligible. */
    private static Database table(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, n bigint, at timestamptz) WITH (autovacuum_enabled = off)",
                "INSERT INTO t SELECT i, i, timestamptz '2024-01-01' + i * interval '1 minute'"
                        + " FROM generate_series(1, 120000) i",
                "CREATE INDEX by_time ON t (at)",
                "CREATE INDEX by_number ON t (n)",
                "CREATE TABLE child (t_id int REFERENCES t)",
                "CREATE INDEX ON child (t_id)",
                "INSERT INTO child SELECT id FROM t WHERE id BETWEEN 50001 AND 50100 OR id BETWEEN 69000 AND 70000",
                "ANALYZE t, child",
                "DELETE FROM t WHERE id <= 50000 OR id > 70000",
                "ANALYZE t, child",
                // Whoever comes first marks them as dead for those who come later.
                "SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT count(at), count(n), count(id) FROM"
                        + " (SELECT * FROM t ORDER BY at) a JOIN (SELECT n AS m FROM t ORDER BY n) b ON a.n = b.m");
        return database;
    }

    private static Removal removal(Database database) {
        Filter reading = new Filter.And(List.of(
                new Filter.Compare("n", Filter.Operator.GREATER, new Constant(Constant.Kind.INT64, "1")),
                new Filter.Compare("n", Filter.Operator.LESS_OR_EQUAL, new Constant(Constant.Kind.INT64, "1000000"))));
        return new Removal(database)
                .index("by_time")
                .filter(reading, Map.of("n", "bigint"))
                .time("at", TimeColumn.Kind.TIMESTAMPTZ, "timestamp with time zone", "2024-02-09 08:26:00+00")
                .batches(70)
                .between(number -> {
                    if (number == 40) {
                        database.execute("ANALYZE t");
                    }
                });
    }

    private static long blocksRead(Database database, long deleted) {
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        database.number("SELECT n_tup_del FROM pg_stat_user_tables WHERE relname = 't'") == deleted);
        return database.number(
                "SELECT sum(idx_blks_hit + idx_blks_read)::bigint FROM pg_statio_user_indexes WHERE relname = 't'");
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void no_batch_reads_them(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        Removal removal = removal(database);
        long before = blocksRead(database, 100_000);
        database.execute("DROP TABLE child");

        long rows = removal.run(kind).rowsDeleted();

        assertThat(rows).isBetween(5_000L, 7_000L);
        assertThat(blocksRead(database, 100_000 + rows) - before).isLessThan(FEW_BLOCKS);
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void nor_does_one_that_skips_referenced_rows(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        Removal removal = removal(database)
                .skippingPinned(new Eligibility.ReferencingKey(
                        "child_t_id_fkey", new TableName("public", "child"), List.of(KeyColumn.plain("id", "t_id"))));
        long before = blocksRead(database, 100_000);

        long rows = removal.run(kind).rowsDeleted();

        // A row that goes is looked for by its key once: another one may have it now.
        assertThat(rows).isBetween(5_000L, 7_000L);
        assertThat(blocksRead(database, 100_000 + rows) - before).isLessThan(FEW_BLOCKS + 2 * rows);
    }
}
