package dev.caretaker.server.partition.upkeep.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Failure cases of creation, by the numbers of the list that the issue has. */
class CreationStepTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String LEFT = "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'";

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_2_whatever_dies_between_two_statements_nothing_is_left_and_the_next_one_goes_on(TestPostgres server)
            throws SQLException {
        Database database = withLargeDefault(server);
        CreationStep step = step(database);
        CreationMemory memory;
        try (Session session = session(database)) {
            memory = step.begin(session);
        }
        int statements = 0;
        while (true) {
            try (Session session = session(database)) {
                if (!(step.next(session, memory) instanceof StatementStep.Run<CreationMemory> run)) {
                    break;
                }
                // It dies before the statement, and the one who takes over asks again; then right after it.
                try (Session other = session(database)) {
                    run = (StatementStep.Run<CreationMemory>) step(database).next(other, run.memory());
                }
                Statements.execute(session, step, run);
                memory = run.memory();
                statements++;
            }
        }
        assertThat(statements).as("guard, its validation, the attach").isEqualTo(3);
        assertThat(attached(database)).isEqualTo(1);
        assertThat(database.number(LEFT)).isZero();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_guard_goes_when_the_step_stops(TestPostgres server) throws SQLException {
        Database database = withLargeDefault(server);
        CreationStep step = step(database);
        try (Session session = session(database)) {
            var run = (StatementStep.Run<CreationMemory>) step.next(session, step.begin(session));
            Statements.execute(session, step, run);
            assertThat(database.number(LEFT)).isEqualTo(1);
            assertThat(step.guarded(run.memory())).isTrue();
            assertThat(step.repair(session, run.memory())).isEmpty();
            assertThat(database.number(LEFT)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_3_a_lock_that_is_not_had_leaves_nothing_behind_and_tells_who_stood_in_the_way(TestPostgres server)
            throws SQLException {
        Database database = plain(server);
        database.execute("CREATE TABLE events_default PARTITION OF events DEFAULT");
        try (Connection reader = database.connect();
                Session session = session(database)) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SET application_name = 'slow report'");
            reader.createStatement().execute("SELECT count(*) FROM events_default");
            assertThatThrownBy(() -> Statements.run(session, step(database)))
                    .hasMessageContaining("slow report")
                    .hasMessageContaining("ACCESS SHARE on public.events_default")
                    .hasMessageContaining("idle in its transaction");
            assertThat(database.value("SELECT to_regclass('events_2025_02')::text"))
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_4_rows_of_the_default_partition_in_the_wanted_range_refuse_it_in_plain_words(TestPostgres server)
            throws SQLException {
        Database database = plain(server);
        database.execute(
                "CREATE TABLE events_default PARTITION OF events DEFAULT",
                "INSERT INTO events (id, at) VALUES (1, '2025-02-10')");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step(database)))
                    .hasMessageContaining("rows of the default partition lie in its range");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_7_the_referenced_table_is_read_and_written_meanwhile_and_never_locked_exclusively(TestPostgres server)
            throws SQLException {
        Database database = plain(server);
        try (Connection reader = database.connect();
                Session session = session(database)) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM owners");
            assertThat(Statements.run(session, step(database)).message()).startsWith("Created");
        }
        assertThat(database.number("SELECT count(*) FROM pg_constraint WHERE conrelid = 'events_2025_02'::regclass"
                        + " AND contype = 'f' AND convalidated AND conparentid <> 0"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_8_a_taken_name_is_refused_and_case_1_what_another_server_made_is_fine(TestPostgres server)
            throws SQLException {
        Database database = plain(server);
        try (Session session = session(database)) {
            assertThat(Statements.run(session, step(database)).message()).startsWith("Created");
            assertThat(Statements.run(session, step(database)).message()).startsWith("Exists already");
        }
        Database other = plain(server);
        other.execute("CREATE VIEW events_2025_02 AS SELECT 1 AS one");
        try (Session session = session(other)) {
            assertThatThrownBy(() -> Statements.run(session, step(other)))
                    .hasMessageContaining("another relation has its name");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_11_an_overlap_with_a_partition_made_meanwhile_refuses_this_one_only(TestPostgres server)
            throws SQLException {
        Database database = plain(server);
        database.execute("CREATE TABLE wide PARTITION OF events FOR VALUES FROM ('2025-02-15') TO ('2025-04-01')");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step(database)))
                    .hasMessageContaining("another one covers its range");
        }
        assertThat(database.value("SELECT to_regclass('events_2025_02')::text")).isNull();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_20_a_table_whose_partitions_are_partitioned_gets_a_whole_branch(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE events (id int, at timestamptz NOT NULL, kind int) PARTITION BY RANGE (at)",
                "CREATE INDEX ON events (kind)",
                "CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')"
                        + " PARTITION BY LIST (kind)",
                "CREATE TABLE events_2025_01_one PARTITION OF events_2025_01 FOR VALUES IN (1)",
                "CREATE TABLE events_2025_01_other PARTITION OF events_2025_01 DEFAULT");
        try (Session session = session(database)) {
            Statements.run(session, step(database));
        }
        database.execute("INSERT INTO events VALUES (1, '2025-02-03', 1), (2, '2025-02-03', 2)");
        assertThat(database.number("SELECT count(*) FROM events_2025_02_one")).isEqualTo(1);
        assertThat(database.number("SELECT count(*) FROM events_2025_02_other")).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void cases_21_24_and_30_a_new_partition_is_like_the_newest_one(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, body text,"
                        + " words int GENERATED ALWAYS AS (length(body)) STORED, PRIMARY KEY (id, at))"
                        + " PARTITION BY RANGE (at)",
                "ALTER TABLE events ALTER body SET STORAGE EXTERNAL",
                "CREATE STATISTICS s ON body, at FROM events",
                "CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')"
                        + " WITH (fillfactor = 70, toast.autovacuum_enabled = false)",
                "ALTER TABLE events_2025_01 REPLICA IDENTITY USING INDEX events_2025_01_pkey",
                "ALTER TABLE events_2025_01 ENABLE ROW LEVEL SECURITY",
                "GRANT SELECT ON events_2025_01 TO pg_monitor WITH GRANT OPTION",
                "GRANT UPDATE (body) ON events_2025_01 TO PUBLIC");
        try (Session session = session(database)) {
            Statements.run(session, step(database));
        }
        String same =
                "SELECT count(DISTINCT (%s)) FROM pg_class c WHERE relname IN ('events_2025_01', 'events_2025_02')";
        for (String property : new String[] {
            "c.reloptions",
            "c.relacl::text",
            "c.relreplident",
            "c.relrowsecurity",
            "c.relowner",
            "(SELECT reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid)",
            "(SELECT array_agg(a.attacl::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0)",
            "(SELECT array_agg((a.attname, a.attstorage, a.attgenerated, a.attnotnull) ORDER BY attnum)"
                    + " FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0)",
            "(SELECT count(*) FROM pg_index x WHERE x.indrelid = c.oid AND x.indisvalid)",
        }) {
            assertThat(database.number(same.formatted(property))).as(property).isEqualTo(1);
        }
        assertThat(database.number("SELECT count(*) FROM pg_index WHERE indrelid = 'events_2025_02'::regclass"
                        + " AND indisreplident"))
                .isEqualTo(1);
        database.execute("INSERT INTO events (at, body) VALUES ('2025-02-02', 'four')");
        assertThat(database.number("SELECT words FROM events_2025_02")).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_22_an_unlogged_partition_is_followed_by_an_unlogged_one(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE events (id int, at timestamptz) PARTITION BY RANGE (at)",
                "CREATE UNLOGGED TABLE events_2025_01 PARTITION OF events"
                        + " FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')");
        try (Session session = session(database)) {
            Statements.run(session, step(database));
        }
        assertThat(database.value("SELECT relpersistence::text FROM pg_class WHERE relname = 'events_2025_02'"))
                .isEqualTo("u");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_27_a_table_that_was_renamed_or_made_anew_is_not_touched(TestPostgres server) throws SQLException {
        Database database = plain(server);
        CreationStep step = step(database);
        database.execute(
                "ALTER TABLE events RENAME TO old_events",
                "CREATE TABLE events (id int, at timestamptz) PARTITION BY RANGE (at)");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step))
                    .hasMessageContaining("is called public.old_events now");
        }
        assertThat(database.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_28_the_owner_of_the_table_owns_the_partition_too(TestPostgres server) throws SQLException {
        Database database = plain(server);
        database.execute("ALTER TABLE events OWNER TO pg_monitor");
        try (Session session = session(database)) {
            Statements.run(session, step(database));
        }
        assertThat(database.value("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'events_2025_02'"))
                .isEqualTo("pg_monitor");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void several_are_made_in_few_transactions_and_one_that_cannot_be_made_stops_no_other(TestPostgres server)
            throws SQLException {
        Database database = plain(server);
        database.execute(
                "CREATE VIEW events_2025_04 AS SELECT 1 AS one",
                "CREATE TABLE wide PARTITION OF events FOR VALUES FROM ('2025-08-10') TO ('2025-08-20')");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step(database, 2, 11)))
                    .hasMessageContaining("events_2025_04 is not created: another relation has its name")
                    .hasMessageContaining("events_2025_08 is not created, because another one covers its range")
                    .hasMessageContaining("Of 10 partitions 8 were created.");
        }
        assertThat(database.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass"))
                .isEqualTo(10);
        try (Session session = session(database)) {
            database.execute("DROP VIEW events_2025_04", "DROP TABLE wide");
            assertThat(Statements.run(session, step(database, 2, 11)).message())
                    .isEqualTo("Created 2 partitions, from 2025-02-01 00:00:00+00 to 2025-12-01 00:00:00+00;"
                            + " 8 existed already.");
            assertThat(Statements.run(session, step(database, 2, 11)).message())
                    .isEqualTo("All 10 partitions exist already.");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_large_default_partition_is_read_once_for_all_and_not_locked_while_it_is(TestPostgres server)
            throws SQLException {
        Database database = withLargeDefault(server);
        CreationStep step = step(database, 2, 8);
        List<String> labels = new ArrayList<>();
        try (Session session = session(database)) {
            CreationMemory memory = step.begin(session);
            while (step.next(session, memory) instanceof StatementStep.Run<CreationMemory> run) {
                labels.add(run.statement().label());
                memory = Statements.execute(session, step, run);
            }
        }
        assertThat(labels.stream().filter(label -> !label.equals("attach"))).containsExactly("guard", "guard-validate");
        assertThat(database.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass"))
                .isEqualTo(9);
        assertThat(database.number(LEFT)).isZero();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_4_rows_in_a_large_default_partition_keep_only_that_partition_from_being_made(TestPostgres server)
            throws SQLException {
        Database database = withLargeDefault(server);
        database.execute("INSERT INTO events (id, at) VALUES (1, '2025-04-10')");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step(database, 2, 6)))
                    .hasMessageContaining(
                            "events_2025_04 is not created, because rows of the default partition lie in its range")
                    .hasMessageContaining("Of 5 partitions 4 were created.");
        }
        assertThat(database.number(LEFT)).isZero();
        assertThat(database.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass"))
                .isEqualTo(6);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_30_each_of_several_has_the_replica_identity_of_the_newest(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE events (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')",
                "ALTER TABLE events_2025_01 REPLICA IDENTITY USING INDEX events_2025_01_pkey");
        try (Session session = session(database)) {
            Statements.run(session, step(database, 2, 5));
        }
        assertThat(database.number("SELECT count(*) FROM pg_class c JOIN pg_index x ON x.indrelid = c.oid"
                        + " AND x.indisreplident WHERE c.relname LIKE 'events_2025%' AND c.relreplident = 'i'"))
                .isEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_25_a_tablespace_that_is_missing_refuses_the_partition_and_says_so(TestPostgres server)
            throws SQLException {
        Database database = plain(server);
        String space = "space_" + database.name();
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET allow_in_place_tablespaces = on");
            statement.execute("CREATE TABLESPACE " + space + " LOCATION ''");
        }
        database.execute("ALTER TABLE events_2025_01 SET TABLESPACE " + space);
        String folder =
                "pg_tblspc/" + database.number("SELECT oid::bigint FROM pg_tablespace WHERE spcname = '" + space + "'");
        database.execute("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; mv " + folder + " " + folder + "_away'");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step(database, 2, 4)))
                    .hasMessageContaining("could not create directory")
                    .hasMessageContaining("Of 3 partitions 0 were created.");
            database.execute("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; mv " + folder + "_away " + folder + "'");
            assertThat(Statements.run(session, step(database, 2, 4)).message()).startsWith("Created 3 partitions");
        }
        assertThat(database.number("SELECT count(*) FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace"
                        + " WHERE c.relname LIKE 'events_2025_0_' AND t.spcname = '" + space + "'"))
                .isEqualTo(4);
    }

    @Test
    void case_26_with_the_lock_table_full_it_is_tried_again_later_and_nothing_is_left() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedServer.NEWEST
                        .builder()
                        .setServerConfig("max_locks_per_transaction", "10")
                        .setServerConfig("max_connections", "10")
                        .start();
                Connection other =
                        TestPostgres.embeddedAt(postgres.getPort()).postgres().connect()) {
            Database database = plain(TestPostgres.embeddedAt(postgres.getPort()));
            try (Session session = session(database)) {
                CreationStep step = step(database, 2, 4);
                assertThatThrownBy(() -> other.createStatement()
                                .execute("SELECT pg_advisory_lock(i) FROM generate_series(1, 100000) i"))
                        .hasMessageContaining("out of shared memory");
                assertThatThrownBy(() -> Statements.run(session, step))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                error -> assertThat(PostgresErrors.isRetryable(error))
                                        .isTrue());
                other.createStatement().execute("SELECT pg_advisory_unlock_all()");
                assertThat(attached(database)).isZero();
                assertThat(Statements.run(session, step).message()).startsWith("Created 3 partitions");
            }
        }
    }

    static Database plain(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE owners (id int PRIMARY KEY)",
                "CREATE TABLE events (id bigint, at timestamptz, owner int REFERENCES owners, filler text)"
                        + " PARTITION BY RANGE (at)",
                "CREATE INDEX ON events (at)",
                "CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')");
        return database;
    }

    private static Database withLargeDefault(TestPostgres server) {
        Database database = plain(server);
        database.execute(
                "CREATE TABLE events_default PARTITION OF events DEFAULT",
                "ALTER TABLE events_default ALTER filler SET STORAGE PLAIN",
                "INSERT INTO events SELECT i, '2030-01-01', NULL, repeat('x', 2000) FROM generate_series(1, 9000) i");
        return database;
    }

    static long attached(Database database) throws SQLException {
        return database.number("SELECT count(*) FROM pg_inherits WHERE inhrelid = to_regclass('events_2025_02')");
    }

    private static CreationStep step(Database database) throws SQLException {
        return step(database, 2, 2);
    }

    /** Months of 2025. */
    private static CreationStep step(Database database, int first, int last) throws SQLException {
        return new CreationStep(
                new PartitionCreation(
                        "events",
                        database.number("SELECT 'events'::regclass::oid::bigint"),
                        new TableName("public", "events"),
                        IntStream.rangeClosed(first, last)
                                .mapToObj(CreationStepTest::month)
                                .toList()),
                Statements.warned());
    }

    private static NewPartition month(int month) {
        return new NewPartition(
                new TableName("public", "events_2025_%02d".formatted(month)),
                Optional.of("2025-%02d-01 00:00:00+00".formatted(month)),
                Optional.of("2025-%02d-01 00:00:00+00".formatted(month + 1)));
    }

    private static Session session(Database database) {
        return TestTargets.of("test", database).openSession("caretaker/test");
    }
}
