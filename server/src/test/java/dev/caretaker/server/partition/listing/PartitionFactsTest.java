package dev.caretaker.server.partition.listing;

import static dev.caretaker.server.partition.listing.Listings.BOTH;
import static dev.caretaker.server.partition.listing.Listings.all;
import static dev.caretaker.server.partition.listing.Listings.exact;
import static dev.caretaker.server.partition.listing.Listings.list;
import static dev.caretaker.server.partition.listing.Listings.monthly;
import static dev.caretaker.server.partition.listing.Listings.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.partition.listing.Partitions.Page;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of a single partition: sizes, rows, and how it differs from its parent. */
class PartitionFactsTest {
    @ParameterizedTest
    @MethodSource(BOTH)
    void missing_indexes_own_ones_and_own_constraints_are_named(TestPostgres server) {
        Database database = monthly(server, 1, 2);
        database.execute(
                "CREATE INDEX run_id_index ON ONLY workflow_events (run_id)",
                "CREATE INDEX ON workflow_events_y2025m01 (run_id)",
                "ALTER INDEX run_id_index ATTACH PARTITION workflow_events_y2025m01_run_id_idx",
                "CREATE INDEX \"Only here\" ON workflow_events_y2025m02 (run_id DESC)",
                "ALTER TABLE workflow_events_y2025m02 ADD CONSTRAINT positive CHECK (run_id > 0)",
                "ALTER TABLE workflow_events_y2025m02 ADD CONSTRAINT single UNIQUE (run_id)");
        Page page = list(database, all());

        assertThat(page.partitions().get(0).differences()).isEmpty();
        assertThat(page.partitions().get(1).differences())
                .containsExactly(
                        "lacks a valid index for run_id_index of the parent",
                        "has the index Only here of its own",
                        "has the constraint positive of its own",
                        "has the constraint single of its own");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Timeout(30)
    void a_partition_that_somebody_holds_exclusively_neither_blocks_nor_fails_the_answer(TestPostgres server)
            throws SQLException {
        Database database = monthly(server, 1, 2, 3);
        database.execute(
                "CREATE INDEX ON workflow_events (run_id)",
                "INSERT INTO workflow_events SELECT 1, '2025-02-03' FROM generate_series(1, 10000)",
                "VACUUM ANALYZE workflow_events");
        try (Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE workflow_events_y2025m02 IN ACCESS EXCLUSIVE MODE");
            statement.execute("REINDEX INDEX workflow_events_y2025m03_run_id_idx");
            Page page = list(database, exact());

            ListedPartition locked = page.partitions().get(1);
            assertThat(locked.row().size().estimated()).isTrue();
            assertThat(locked.row().size().heap())
                    .isEqualTo(database.number(
                            "SELECT relpages * 8192 FROM pg_class WHERE relname = 'workflow_events_y2025m02'"));
            assertThat(locked.exactRows()).isEmpty();
            assertThat(locked.notCounted()).contains("somebody holds or wants it exclusively");
            assertThat(locked.row().rows()).isEqualTo(10_000);
            assertThat(page.partitions().get(0).row().size().estimated()).isFalse();
            assertThat(page.partitions().get(0).exactRows()).contains(0L);
            assertThat(page.partitions().get(2).row().size().estimated()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void sizes_add_up_to_what_the_server_says(TestPostgres server) {
        Database database = monthly(server, 1);
        database.execute(
                "ALTER TABLE workflow_events ADD payload text",
                "CREATE INDEX ON workflow_events (run_id)",
                "INSERT INTO workflow_events SELECT i, '2025-01-03',"
                        + " (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 200))"
                        + " FROM generate_series(1, 300) i");
        PartitionRow.Size size =
                list(database, all()).partitions().getFirst().row().size();

        assertThat(size.heap()).isEqualTo(database.number("SELECT pg_relation_size('workflow_events_y2025m01')"));
        assertThat(size.indexes())
                .isEqualTo(database.number("SELECT pg_relation_size('workflow_events_y2025m01_run_id_idx')"));
        assertThat(size.toast())
                .isPositive()
                .isEqualTo(
                        database.number(
                                "SELECT pg_total_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'workflow_events_y2025m01'"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_sub_partitioned_partition_has_the_sums_and_lends_its_age(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at date NOT NULL) PARTITION BY RANGE (at)",
                "CREATE INDEX ON t (id)",
                "CREATE TABLE t_now PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (id)",
                "CREATE TABLE t_now_0 PARTITION OF t_now FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE t_now_1 PARTITION OF t_now FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "CREATE TABLE t_rest PARTITION OF t DEFAULT PARTITION BY LIST (id)",
                "CREATE TABLE t_rest_1 PARTITION OF t_rest DEFAULT",
                "INSERT INTO t SELECT i, '2025-02-01' FROM generate_series(1, 100) i",
                "INSERT INTO t SELECT i, '2030-02-01' FROM generate_series(1, 7) i",
                "ANALYZE t");
        Page page = list(database, exact());

        assertThat(names(page)).containsExactly("t_now", "t_now_0", "t_now_1", "t_rest", "t_rest_1");
        ListedPartition whole = page.partitions().getFirst();
        assertThat(whole.exactRows()).contains(100L);
        assertThat(whole.row().rows()).isEqualTo(100);
        assertThat(whole.row().size().total())
                .isPositive()
                .isEqualTo(page.tables().get(1).totalBytes());
        assertThat(page.tables().getFirst().totalBytes())
                .isEqualTo(database.number("SELECT sum(pg_relation_size(oid)) FROM pg_class"
                        + " WHERE relname ~ '^t_(now|rest)_.(_id_idx)?$'"));
        assertThat(page.tables().getFirst().defaultRows()).isEqualTo(7);
        assertThat(page.partitions())
                .extracting(ListedPartition::age)
                .containsExactly(
                        Optional.of(PartitionAge.CURRENT),
                        Optional.of(PartitionAge.CURRENT),
                        Optional.of(PartitionAge.CURRENT),
                        Optional.empty(),
                        Optional.empty());
    }

    @Test
    void a_role_without_rights_gets_sizes_and_estimates_but_no_counts() {
        Database database = monthly(TestPostgres.newest(), 1, 2);
        Database role = database.role("lister");
        database.execute(
                "INSERT INTO workflow_events SELECT 1, '2025-01-03' FROM generate_series(1, 1000)",
                "ANALYZE workflow_events",
                "GRANT SELECT ON workflow_events_y2025m02 TO " + role.user());
        Page page = list(role, exact());

        assertThat(page.partitions().get(0).exactRows()).isEmpty();
        assertThat(page.partitions().get(0).notCounted()).contains("the role lacks SELECT on it");
        assertThat(page.partitions().get(1).notCounted()).isEmpty();
        assertThat(page.partitions().get(0).row().rows()).isEqualTo(1000);
        assertThat(page.partitions().get(0).row().size().heap()).isPositive();
        assertThat(page.partitions().get(1).exactRows()).contains(0L);
    }

    @Test
    void rows_that_row_security_would_hide_are_not_counted_and_that_is_said() {
        Database database = monthly(TestPostgres.newest(), 1);
        Database role = database.role("half_blind");
        database.execute(
                "INSERT INTO workflow_events SELECT 1, '2025-01-03' FROM generate_series(1, 10)",
                "GRANT SELECT ON workflow_events_y2025m01 TO " + role.user(),
                "ALTER TABLE workflow_events_y2025m01 ENABLE ROW LEVEL SECURITY");

        assertThat(list(role, exact()).partitions())
                .singleElement()
                .extracting(ListedPartition::exactRows, ListedPartition::notCounted)
                .containsExactly(Optional.empty(), Optional.of("row security would hide rows from the role"));
        assertThat(list(database, exact()).partitions().getFirst().exactRows()).contains(10L);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_foreign_partition_lacks_nothing_that_it_could_have_and_is_not_counted(TestPostgres server) {
        Database database = monthly(server, 1);
        database.execute(
                "CREATE INDEX ON workflow_events (run_id)",
                "CREATE FOREIGN DATA WRAPPER nowhere",
                "CREATE SERVER far FOREIGN DATA WRAPPER nowhere",
                "CREATE FOREIGN TABLE workflow_events_y2025m02 PARTITION OF workflow_events"
                        + " FOR VALUES FROM ('2025-02-01') TO ('2025-03-01') SERVER far");
        ListedPartition foreign = list(database, exact()).partitions().get(1);
        assertThat(foreign.differences()).isEmpty();
        assertThat(foreign.exactRows()).isEmpty();
        assertThat(foreign.row().size().total()).isZero();
    }
}
