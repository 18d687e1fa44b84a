package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TablePieceTest {
    private static FoundTable table(long bytes, long blocks) {
        return new FoundTable(
                1, new TableName("public", "t"), false, false, Optional.empty(), bytes, blocks, true, false);
    }

    @Test
    void a_table_is_cut_where_it_is_large_and_its_blocks_are_told() {
        assertThat(TablePiece.of(table(1 << 20, 128)))
                .singleElement()
                .satisfies(piece -> assertThat(piece.where("t")).isEmpty());
        assertThat(TablePiece.of(table(1L << 40, 0))).hasSize(1);
        assertThat(TablePiece.of(table(1L << 40, 3)))
                .as("most of it is beside the heap")
                .hasSize(3);
        assertThat(TablePiece.of(table(5L << 30, 655_360))).hasSize(20);
    }

    @Test
    void every_row_is_in_one_piece_also_one_that_comes_behind_the_last_block() {
        Database database = TestPostgres.oldest().database();
        database.execute(
                "CREATE TABLE t AS SELECT n, repeat('x', 100) AS v FROM generate_series(1, 5000) n",
                "DELETE FROM t WHERE n % 7 = 0");
        long blocks = database.number("SELECT pg_relation_size('t') / 8192");
        List<TablePiece> pieces = TablePiece.of(table(7 * (256L << 20), blocks));
        assertThat(pieces).hasSize(7);
        database.execute("INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(5001, 9000) n");

        long rows = 0;
        long sum = 0;
        for (TablePiece piece : pieces) {
            long here = database.number("SELECT count(*) FROM t AS t" + piece.where("t"));
            assertThat(here).as(piece.toString()).isPositive();
            rows += here;
            sum += database.number("SELECT sum(n) FROM t AS t" + piece.where("t"));
        }
        assertThat(rows).isEqualTo(database.number("SELECT count(*) FROM t"));
        assertThat(sum).isEqualTo(database.number("SELECT sum(n) FROM t"));
    }
}
