package dev.caretaker.server.partition.upkeep.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What reads a whole table keeps nobody from changing other ones, and nobody waits for many locks one after the other. */
class LongReadsTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String FROM = "2025-01-01 00:00:00+00";
    private static final String TO = "2025-02-01 00:00:00+00";
    private static final String NEXT = "2025-03-01 00:00:00+00";

    private int made;

    @ParameterizedTest
    @MethodSource(BOTH)
    void while_a_check_is_validated_another_table_gets_its_partition(TestPostgres server) throws SQLException {
        Database database = tables(server);
        try (Session session = session(database)) {
            assertThat(beside(database, session, retirement(database))).containsExactly("hold-validate");
            assertThat(beside(database, session, creation(database, "events", "events_2025_02", TO, NEXT)))
                    .containsExactly("guard-validate");
            assertThat(beside(database, session, adoption(database))).containsExactly("validate");
        }
        assertThat(made).isEqualTo(3);
        assertThat(database.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'others'::regclass"))
                .isEqualTo(3);
        assertThat(database.number("SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'"))
                .as("the one by which the retired partition is held")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void the_locks_of_one_transaction_share_a_second(TestPostgres server) throws SQLException {
        Database database = tables(server);
        try (Session session = session(database)) {
            assertThat(Statements.laterWaits(session, retirement(database)))
                    .hasEntrySatisfying("detach", each -> assertThat(each).isBetween(10L, 1_000L / 4));
            Map<String, Long> creation =
                    Statements.laterWaits(session, creation(database, "events", "events_2025_02", TO, NEXT));
            assertThat(creation.get("guard"))
                    .as("only the default partition is waited for")
                    .isBetween(10L, 1_000L);
            assertThat(creation.get("attach")).isBetween(10L, 1_000L / 4);
            assertThat(Statements.laterWaits(session, adoption(database)))
                    .hasEntrySatisfying("exchange", each -> assertThat(each).isBetween(10L, 1_000L / 4));
        }
    }

    /** Runs a step to its end; while one of its validations is open, another table gets a partition. Labels of these. */
    private <M extends Record> List<String> beside(Database database, Session session, StatementStep<M> step)
            throws SQLException {
        List<String> open = new ArrayList<>();
        M memory = step.begin(session);
        while (step.next(session, memory) instanceof StatementStep.Run<M> run) {
            if (run.statement().sql().contains("VALIDATE CONSTRAINT")) {
                open.add(run.statement().label());
                validateBeside(database, session, step, run);
            }
            memory = Statements.execute(session, step, run);
        }
        return open;
    }

    /** As it would be in the middle of it: begun, and not committed. */
    private <M extends Record> void validateBeside(
            Database database, Session session, StatementStep<M> step, StatementStep.Run<M> run) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement();
                Session other = session(database)) {
            if (run.statement().transactional()) {
                step.verify(session, run.memory(), run.statement());
            }
            statement.execute(run.statement().sql());
            made++;
            Statements.run(
                    other,
                    creation(
                            database,
                            "others",
                            "others_" + made,
                            "200" + made + "-01-01 00:00:00+00",
                            "200" + made + "-02-01 00:00:00+00"));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** The first has a default partition too large to be read under a lock, an old one, and three foreign keys. */
    private static Database tables(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE one (id int PRIMARY KEY)",
                "CREATE TABLE two (id int PRIMARY KEY)",
                "CREATE TABLE three (id int PRIMARY KEY)",
                "CREATE TABLE events (at timestamptz, a int REFERENCES one, b int REFERENCES two, c int REFERENCES three,"
                        + " filler text) PARTITION BY RANGE (at)",
                "CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('" + FROM + "') TO ('" + TO + "')",
                "CREATE TABLE events_default PARTITION OF events DEFAULT",
                "ALTER TABLE events_default ALTER filler SET STORAGE PLAIN",
                "INSERT INTO events SELECT '2030-01-01', NULL, NULL, NULL, repeat('x', 2000) FROM generate_series(1, 9000)",
                "CREATE TABLE others (at timestamptz) PARTITION BY RANGE (at)");
        return database;
    }

    private static RetirementStep retirement(Database database) throws SQLException {
        return new RetirementStep(
                new PartitionRetirement(
                        "events",
                        oid(database, "events"),
                        named("events"),
                        oid(database, "events_2025_01"),
                        named("events_2025_01"),
                        FROM,
                        TO,
                        Optional.empty()),
                Statements.warned(),
                new RetiredBook());
    }

    private static CreationStep creation(Database database, String table, String partition, String from, String to)
            throws SQLException {
        return new CreationStep(
                new PartitionCreation(
                        table,
                        oid(database, table),
                        named(table),
                        List.of(new NewPartition(named(partition), Optional.of(from), Optional.of(to)))),
                Statements.warned());
    }

    private static DefaultAdoptionStep adoption(Database database) throws SQLException {
        return new DefaultAdoptionStep(
                new DefaultAdoption(
                        "events",
                        oid(database, "events"),
                        named("events"),
                        oid(database, "events_default"),
                        named("events_default"),
                        named("events_late"),
                        "at",
                        "timestamp with time zone",
                        NEXT,
                        "2031-01-01 00:00:00+00",
                        10),
                Statements.warned());
    }

    private static TableName named(String table) {
        return new TableName("public", table);
    }

    private static long oid(Database database, String table) throws SQLException {
        return database.number("SELECT '" + table + "'::regclass::oid::bigint");
    }

    private static Session session(Database database) {
        return TestTargets.of("test", database).openSession("caretaker/test");
    }
}
