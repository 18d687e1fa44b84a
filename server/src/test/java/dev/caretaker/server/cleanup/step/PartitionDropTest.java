package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Partitions that are dropped, whatever happens between detach and drop. */
class PartitionDropTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_goes_with_its_rows_and_its_bytes(TestPostgres server) throws SQLException {
        for (boolean concurrently : new boolean[] {true, false}) {
            Database database = partitioned(server);
            long bytes = database.number("SELECT pg_total_relation_size('\"P.2024\"')");
            try (Session session = session(database)) {
                Totals totals =
                        Statements.run(session, step(database, concurrently)).totals();
                assertThat(totals.rowsDeleted()).isEqualTo(100);
                assertThat(totals.rowsExact()).isTrue();
                assertThat(totals.bytesReturned()).isEqualTo(bytes);
            }
            assertThat(database.value("SELECT to_regclass('\"P.2024\"')::text")).isNull();
            assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_with_partitions_of_its_own_goes_as_a_whole(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE events (at timestamptz, kind int) PARTITION BY RANGE (at)",
                "CREATE TABLE \"P.2024\" PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"
                        + " PARTITION BY LIST (kind)",
                "CREATE TABLE one PARTITION OF \"P.2024\" FOR VALUES IN (1)",
                "CREATE TABLE other PARTITION OF \"P.2024\" DEFAULT",
                "INSERT INTO events SELECT '2024-06-01', i % 3 FROM generate_series(1, 9) i");
        try (Session session = session(database)) {
            assertThat(Statements.run(session, step(database, true)).totals().rowsDeleted())
                    .isEqualTo(9);
        }
        assertThat(database.value("SELECT to_regclass('one')::text")).isNull();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_takes_over_after_any_statement_ends_it_with_the_same_counts(TestPostgres server) throws SQLException {
        Database database = partitioned(server);
        PartitionDropStep planned = step(database, true);
        DropMemory memory;
        try (Session session = session(database)) {
            memory = planned.begin(session);
        }
        Totals totals = null;
        while (totals == null) {
            try (Session session = session(database)) {
                memory = Journal.read(Journal.write(memory), planned.memoryType());
                switch (planned.next(session, memory)) {
                    case StatementStep.Run<DropMemory> run -> {
                        Statements.execute(session, planned, run);
                        memory = run.memory(); // it died right after the statement
                        assertThat(planned.mustFinish(memory)).isTrue();
                    }
                    case StatementStep.Done<DropMemory> done -> totals = done.totals();
                    case StatementStep.Failed<DropMemory> failed -> throw failed.error();
                    case StatementStep.Skip<DropMemory> skip -> throw new AssertionError(skip.reason());
                    case StatementStep.OverLimit<DropMemory> over -> throw new AssertionError(over.reason());
                    case StatementStep.Later<DropMemory> later -> throw new AssertionError(later.reason());
                    case StatementStep.Await<DropMemory> awaiting -> throw new AssertionError(awaiting.reason());
                    case StatementStep.Again<DropMemory> again -> memory = again.memory();
                }
            }
        }
        assertThat(totals.rowsDeleted()).isEqualTo(100);
        assertThat(totals.bytesReturned()).isPositive();
    }

    /** 6,000 pages of one row each. */
    @Test
    void a_large_partition_is_counted_only_if_exact_figures_were_asked_for() throws SQLException {
        for (boolean exact : List.of(false, true)) {
            Database database = partitioned(TestPostgres.newest());
            database.execute(
                    "CREATE TABLE roomy PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"
                            + " WITH (fillfactor = 10)",
                    "ALTER TABLE events ADD COLUMN fill text STORAGE PLAIN",
                    "INSERT INTO events (id, at, fill) SELECT i, '2023-06-01', repeat('x', 800)"
                            + " FROM generate_series(1, 6000) i",
                    "ANALYZE roomy");
            try (Session session = session(database)) {
                Totals totals = Statements.run(session, step(database, "roomy", true, exact))
                        .totals();
                assertThat(totals.rowsExact()).isEqualTo(exact);
                assertThat(totals.rowsDeleted()).isBetween(5_900L, 6_100L);
            }
            assertThat(database.value("SELECT to_regclass('roomy')::text")).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_detach_that_somebody_left_unfinished_is_finalized(TestPostgres server) throws SQLException {
        Database database = partitioned(server);
        PartitionDropStep step = step(database, true);
        try (Connection old = database.connect();
                Session session = session(database)) {
            old.setAutoCommit(false);
            old.createStatement().execute("SELECT count(*) FROM events");
            assertThatThrownBy(() -> database.execute(
                            "SET lock_timeout = '300ms'",
                            "ALTER TABLE events DETACH PARTITION \"P.2024\" CONCURRENTLY"))
                    .hasMessageContaining("lock timeout");
            old.rollback();
            assertThat(database.value(
                            "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = '\"P.2024\"'::regclass"))
                    .isEqualTo(true);
            assertThat(Statements.run(session, step).totals().rowsDeleted()).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_detach_of_another_partition_that_nobody_finished_is_told_with_what_finishes_it(TestPostgres server)
            throws SQLException {
        Database database = partitioned(server);
        PartitionDropStep step = step(database, true);
        try (Connection old = database.connect();
                Session session = session(database)) {
            old.setAutoCommit(false);
            old.createStatement().execute("SELECT count(*) FROM events");
            assertThatThrownBy(() -> database.execute(
                            "SET lock_timeout = '300ms'", "ALTER TABLE events DETACH PARTITION p2025 CONCURRENTLY"))
                    .hasMessageContaining("lock timeout");
            old.rollback();
            assertThatThrownBy(() -> Statements.run(session, step))
                    .hasMessageContaining(
                            "ALTER TABLE \"public\".\"events\" DETACH PARTITION \"public\".\"p2025\" FINALIZE");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void another_table_under_the_name_is_never_dropped(TestPostgres server) throws SQLException {
        Database database = partitioned(server);
        PartitionDropStep step = step(database, true);
        try (Session session = session(database)) {
            DropMemory memory = step.begin(session);
            memory = Statements.execute(session, step, (StatementStep.Run<DropMemory>) step.next(session, memory));
            var drop = (StatementStep.Run<DropMemory>) step.next(session, memory);
            database.execute("ALTER TABLE \"P.2024\" RENAME TO kept", "CREATE TABLE \"P.2024\" (mine int)");
            assertThatThrownBy(() -> Statements.execute(session, step, drop))
                    .extracting("reason")
                    .hasToString("RELATION_CHANGED");
            assertThat(database.value("SELECT to_regclass('\"P.2024\"')::text")).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void rows_written_straight_into_a_detached_partition_that_do_not_belong_there_keep_it(TestPostgres server)
            throws SQLException {
        for (String at : new String[] {"'2025-06-01'", "'infinity'"}) {
            Database database = partitioned(server);
            PartitionDropStep step = step(database, true);
            try (Session session = session(database)) {
                DropMemory memory = step.begin(session);
                memory = Statements.execute(session, step, (StatementStep.Run<DropMemory>) step.next(session, memory));
                var drop = (StatementStep.Run<DropMemory>) step.next(session, memory);
                database.execute("ALTER TABLE \"P.2024\" DROP CONSTRAINT \"P.2024_at_check\"");
                database.execute("INSERT INTO \"P.2024\" VALUES (999, " + at + ")");
                assertThatThrownBy(() -> Statements.execute(session, step, drop))
                        .hasMessageContaining("do not belong")
                        .extracting("reason")
                        .hasToString("RELATION_CHANGED");
            }
            assertThat(database.number("SELECT count(*) FROM \"P.2024\"")).isEqualTo(101);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void under_a_lock_it_is_detached_and_dropped_at_once_if_it_is_still_what_was_planned(TestPostgres server)
            throws SQLException {
        Database database = partitioned(server);
        PartitionDropStep step = step(database, false);
        try (Session session = session(database)) {
            var both = (StatementStep.Run<DropMemory>) step.next(session, step.begin(session));
            assertThat(step.mustFinish(both.memory()))
                    .as("nothing is in between")
                    .isFalse();
            database.execute(
                    "ALTER TABLE events DETACH PARTITION \"P.2024\"",
                    "ALTER TABLE events ATTACH PARTITION \"P.2024\" FOR VALUES FROM ('2024-01-01') TO ('2024-12-31')");
            assertThatThrownBy(() -> Statements.execute(session, step, both))
                    .extracting("reason")
                    .hasToString("RELATION_CHANGED");
            assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(150);
            database.execute(
                    "ALTER TABLE events DETACH PARTITION \"P.2024\"",
                    "ALTER TABLE events ATTACH PARTITION \"P.2024\" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')");
            assertThat(Statements.run(session, step).totals().rowsDeleted()).isEqualTo(100);
        }
        assertThat(database.value("SELECT to_regclass('\"P.2024\"')::text")).isNull();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_concurrent_detach_leaves_a_constraint_that_proves_it_without_reading_the_rows(TestPostgres server)
            throws SQLException {
        Database database = partitioned(server);
        PartitionDropStep step = step(database, true);
        try (Session session = session(database)) {
            DropMemory memory = step.begin(session);
            memory = Statements.execute(session, step, (StatementStep.Run<DropMemory>) step.next(session, memory));
            assertThatThrownBy(() -> database.execute("INSERT INTO \"P.2024\" VALUES (999, '2025-06-01')"))
                    .hasMessageContaining("check constraint");
            long proofs = Sql.resource(
                            "cleanup/step/partition_checked",
                            database.value("SELECT '\"P.2024\"'::regclass::oid::text"),
                            memory.place().orElseThrow().constraint())
                    .list(session.connection(), row -> row.getBoolean(1))
                    .stream()
                    .filter(proven -> proven)
                    .count();
            assertThat(proofs).isEqualTo(1);

            database.execute("ALTER TABLE \"P.2024\" DROP CONSTRAINT \"P.2024_at_check\"");
            database.execute("INSERT INTO \"P.2024\" VALUES (999, '2025-06-01')");
            DropMemory detached = memory;
            assertThatThrownBy(() -> Statements.run(session, step, detached)).hasMessageContaining("do not belong");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_that_somebody_else_detached_is_theirs(TestPostgres server) throws SQLException {
        Database database = partitioned(server);
        PartitionDropStep step = step(database, true);
        try (Session session = session(database)) {
            DropMemory memory = step.begin(session);
            database.execute("ALTER TABLE events DETACH PARTITION \"P.2024\"");
            assertThatThrownBy(() -> step.next(session, memory)).hasMessageContaining("was detached by somebody else");
        }
        assertThat(database.number("SELECT count(*) FROM \"P.2024\"")).isEqualTo(100);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void other_bounds_than_planned_are_refused(TestPostgres server) throws SQLException {
        Database database = partitioned(server);
        PartitionDropStep step = step(database, true);
        database.execute(
                "ALTER TABLE events DETACH PARTITION \"P.2024\"",
                "ALTER TABLE events ATTACH PARTITION \"P.2024\" FOR VALUES FROM ('2023-01-01') TO ('2025-01-01')");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step))
                    .extracting("reason")
                    .hasToString("RELATION_CHANGED");
        }
        assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(150);
    }

    static Database partitioned(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE events (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE \"P.2024\" PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
                "CREATE TABLE p2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                "INSERT INTO events SELECT i, '2024-06-01' FROM generate_series(1, 100) i",
                "INSERT INTO events SELECT i, '2025-06-01' FROM generate_series(101, 150) i");
        return database;
    }

    static Session session(Database database) {
        return TestTargets.of("test", database).openSession("caretaker/test");
    }

    static PartitionDropStep step(Database database, boolean concurrently) throws SQLException {
        return step(database, "P.2024", concurrently, false);
    }

    private static PartitionDropStep step(Database database, String name, boolean concurrently, boolean exact)
            throws SQLException {
        return step(database, name, concurrently, exact, Optional.empty());
    }

    static PartitionDropStep step(
            Database database, String name, boolean concurrently, boolean exact, Optional<String> infinite)
            throws SQLException {
        long oid = database.number("SELECT '\"" + name + "\"'::regclass::oid::bigint");
        long parent = database.number("SELECT 'events'::regclass::oid::bigint");
        try (Connection connection = database.connect()) {
            String fingerprint =
                    RelationState.read(connection, oid).orElseThrow().fingerprint();
            PartitionDrop drop = new PartitionDrop(
                    oid,
                    new TableName("public", name),
                    parent,
                    new TableName("public", "events"),
                    fingerprint,
                    concurrently,
                    1,
                    exact,
                    Optional.empty(),
                    infinite);
            return (PartitionDropStep) new PartitionDropKind(RestoredGuard.NONE)
                    .open(Journal.read(Journal.write(drop), PartitionDrop.class), Statements.after(Map.of()));
        }
    }
}
