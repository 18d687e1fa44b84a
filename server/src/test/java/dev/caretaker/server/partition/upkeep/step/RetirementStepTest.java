package dev.caretaker.server.partition.upkeep.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Failure cases of retirement, by the numbers of the list that the issue has. */
class RetirementStepTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final TableName LOGS = new TableName("public", "logs");
    private static final TableName JANUARY = new TableName("public", "logs_2025_01");
    private static final String FROM = "2025-01-01 00:00:00+00";
    private static final String TO = "2025-02-01 00:00:00+00";

    private RetiredBook retired = new RetiredBook();

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_2_whatever_dies_between_two_statements_the_next_one_ends_the_detach_and_it_is_held(TestPostgres server)
            throws SQLException {
        for (boolean withDefault : new boolean[] {false, true}) {
            retired = new RetiredBook();
            Database database = filled(server, withDefault);
            RetirementMemory memory = RetirementMemory.NOTHING_DONE;
            List<String> statements = new ArrayList<>();
            while (true) {
                try (Session session = session(database)) {
                    // It dies before the statement, and the one who takes over asks again; then right after it.
                    if (!(step(database).next(session, memory) instanceof StatementStep.Run<RetirementMemory> before)) {
                        break;
                    }
                    memory = before.memory();
                }
                try (Session session = session(database)) {
                    RetirementStep step = step(database);
                    var run = (StatementStep.Run<RetirementMemory>) step.next(session, memory);
                    Statements.execute(session, step, run);
                    statements.add(run.statement().sql());
                    memory = run.memory();
                }
            }
            assertThat(statements.getFirst().lines().findFirst().orElseThrow())
                    .as("case 5: a default partition forbids to detach concurrently")
                    .endsWith(withDefault ? "\"logs_2025_01\";" : " CONCURRENTLY");
            assertThat(database.number("SELECT count(*) FROM logs_2025_01")).isEqualTo(10);
            assertThat(database.number("SELECT count(*) FROM logs")).isZero();
            assertThat(retired.only()).hasValueSatisfying(row -> {
                assertThat(row.state()).isEqualTo(RetiredRow.State.HELD);
                assertThat(row.partition()).isEqualTo(JANUARY);
            });
            assertThatThrownBy(() -> database.execute("INSERT INTO logs_2025_01 VALUES ('2025-05-05', 1)"))
                    .as("it takes no rows but those of its range")
                    .hasMessageContaining("violates check constraint");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_2_a_detach_that_died_between_its_two_transactions_is_finalized(TestPostgres server) throws SQLException {
        Database database = filled(server, false);
        RetirementMemory memory;
        try (Connection reader = database.connect();
                Session session = session(database)) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM logs");
            RetirementStep step = step(database);
            var run = (StatementStep.Run<RetirementMemory>) step.next(session, RetirementMemory.NOTHING_DONE);
            memory = run.memory();
            assertThat(step.mustFinish(memory)).isTrue();
            session.connection().createStatement().execute("SET statement_timeout = '300ms'");
            assertThatThrownBy(() -> Statements.execute(session, step, run)).hasMessageContaining("statement timeout");
        }
        assertThat(database.number("SELECT count(*) FROM pg_inherits WHERE inhdetachpending"))
                .isEqualTo(1);
        try (Session session = session(database)) {
            RetirementStep other = step(database);
            assertThat(((StatementStep.Run<RetirementMemory>) other.next(session, memory))
                            .statement()
                            .sql())
                    .endsWith(" FINALIZE");
            assertThat(Statements.run(session, other, memory).message()).startsWith("Detached; held until");
        }
        assertThat(database.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'logs'::regclass"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_6_a_partition_whose_rows_are_referenced_stays_attached(TestPostgres server) throws SQLException {
        Database database = filled(server, true);
        database.execute(
                "ALTER TABLE logs ADD UNIQUE (at, n)",
                "CREATE TABLE notes (at timestamptz, n int, FOREIGN KEY (at, n) REFERENCES logs (at, n))",
                "INSERT INTO notes SELECT at, n FROM logs LIMIT 1");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step(database)))
                    .hasMessageContaining("stays as it is, because its rows are still referenced");
        }
        assertThat(database.number("SELECT count(*) FROM logs")).isEqualTo(10);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_31_a_held_partition_that_somebody_still_uses_stays_held(TestPostgres server) throws SQLException {
        Database database = filled(server, false);
        try (Session session = session(database)) {
            Statements.run(session, step(database));
            database.execute("CREATE VIEW january AS SELECT * FROM logs_2025_01");
            RetiredRow row = retired.only().orElseThrow();
            RetiredDrop order = new RetiredDrop("logs", row.systemId(), row.oid(), JANUARY, LOGS, false);
            assertThatThrownBy(() -> Statements.run(
                            session, new RetiredDropStep(order, Statements.warned(), retired, Optional.empty())))
                    .hasMessageContaining("cannot be dropped: view public.january depends on it");
            assertThat(retired.only().orElseThrow().state()).isEqualTo(RetiredRow.State.HELD);
            database.execute("DROP VIEW january");
            Statements.run(session, new RetiredDropStep(order, Statements.warned(), retired, Optional.empty()));
            assertThat(retired.only()).isEmpty();
        }
        assertThat(database.value("SELECT to_regclass('logs_2025_01')::text")).isNull();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_held_partition_whose_drop_is_refused_keeps_its_keys(TestPostgres server) throws SQLException {
        Database database = filled(server, false);
        database.execute(
                "CREATE TABLE kinds (n int PRIMARY KEY)",
                "INSERT INTO kinds SELECT DISTINCT n FROM logs",
                "ALTER TABLE logs ADD CONSTRAINT kind FOREIGN KEY (n) REFERENCES kinds");
        try (Session session = session(database)) {
            Statements.run(session, step(database));
            RetiredRow row = retired.only().orElseThrow();
            RetiredDrop order = new RetiredDrop("logs", row.systemId(), row.oid(), JANUARY, LOGS, false);
            database.execute(
                    "CREATE FUNCTION keep() RETURNS event_trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN RAISE EXCEPTION ''tables are forever''; END'",
                    "CREATE EVENT TRIGGER keep ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION keep()");
            assertThatThrownBy(() -> Statements.run(
                            session, new RetiredDropStep(order, Statements.warned(), retired, Optional.empty())))
                    .hasMessageContaining("cannot be dropped: tables are forever");
            database.execute("DROP EVENT TRIGGER keep");
            Database keeper = database.role("keeper");
            try (Session stranger = session(keeper)) {
                assertThatThrownBy(() -> Statements.run(
                                stranger, new RetiredDropStep(order, Statements.warned(), retired, Optional.empty())))
                        .hasMessageContaining("cannot be dropped: role " + keeper.user() + " does not own it");
            }
            assertThat(
                            database.number(
                                    "SELECT count(*) FROM pg_constraint WHERE conrelid = 'logs_2025_01'::regclass AND contype = 'f'"))
                    .isEqualTo(2);
            Statements.run(session, new RetiredDropStep(order, Statements.warned(), retired, Optional.empty()));
            assertThat(retired.only()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_held_partition_is_attached_again_without_being_read(TestPostgres server) throws SQLException {
        for (boolean withDefault : new boolean[] {false, true}) {
            retired = new RetiredBook();
            Database database = filled(server, withDefault);
            try (Session session = session(database)) {
                Statements.run(session, step(database));
                RetiredRow row = retired.only().orElseThrow();
                ReattachmentStep step = new ReattachmentStep(
                        new RetiredReattachment("logs", row.systemId(), row.oid(), JANUARY, LOGS, FROM, TO),
                        Statements.warned(),
                        retired);
                var run = (StatementStep.Run<ReattachmentMemory>) step.next(session, ReattachmentMemory.NOTHING_DONE);
                assertThat(said(database, run.statement().sql()))
                        .anyMatch(line -> line.contains("\"logs_2025_01\" is implied by existing constraints"));
                assertThat(Statements.run(session, step).message()).contains("is a partition of public.logs again");
            }
            assertThat(database.number("SELECT count(*) FROM logs")).isEqualTo(10);
            assertThat(database.number("SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'"))
                    .isZero();
        }
    }

    private static List<String> said(Database database, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET client_min_messages = debug1");
            statement.execute(sql);
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                lines.add(warning.getMessage());
            }
            connection.commit();
        }
        return lines;
    }

    private static Database filled(TestPostgres server, boolean withDefault) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE owners (id int PRIMARY KEY)",
                "CREATE TABLE logs (at timestamptz NOT NULL, n int, owner int REFERENCES owners) PARTITION BY RANGE (at)",
                "CREATE INDEX ON logs (at)",
                "CREATE TABLE logs_2025_01 PARTITION OF logs FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2025-02-01 00:00+00')",
                "CREATE TABLE logs_2025_02 PARTITION OF logs FOR VALUES FROM ('2025-02-01 00:00+00') TO ('2025-03-01 00:00+00')",
                "INSERT INTO logs SELECT '2025-01-10', i FROM generate_series(1, 10) i");
        if (withDefault) {
            database.execute("CREATE TABLE logs_default PARTITION OF logs DEFAULT");
        }
        return database;
    }

    private RetirementStep step(Database database) throws SQLException {
        return new RetirementStep(
                new PartitionRetirement(
                        "logs",
                        database.number("SELECT 'logs'::regclass::oid::bigint"),
                        LOGS,
                        database.number("SELECT 'logs_2025_01'::regclass::oid::bigint"),
                        JANUARY,
                        FROM,
                        TO,
                        Optional.of(Duration.ofDays(7))),
                Statements.warned(),
                retired);
    }

    private static Session session(Database database) {
        return TestTargets.of("test", database).openSession("caretaker/test");
    }
}
