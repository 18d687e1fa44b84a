package dev.caretaker.server.partition.upkeep.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DefaultAdoptionStepTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String LEFT = "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'";

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_2_whatever_dies_between_two_statements_the_next_one_goes_on_and_no_row_is_lost(TestPostgres server)
            throws SQLException {
        for (boolean outliers : new boolean[] {false, true}) {
            Database database = filled(server, outliers);
            DefaultAdoptionStep step = step(database);
            AdoptionMemory memory;
            try (Session session = session(database)) {
                memory = step.begin(session);
            }
            while (true) {
                try (Session session = session(database)) {
                    if (!(step.next(session, memory) instanceof StatementStep.Run<AdoptionMemory> run)) {
                        break;
                    }
                    memory = Statements.execute(session, step, run);
                }
                assertThat(database.number("SELECT count(*) FROM orders")).isEqualTo(outliers ? 1_002 : 1_000);
            }
            assertThat(database.number("SELECT count(*) FROM orders_default")).isEqualTo(outliers ? 2 : 0);
            assertThat(database.number("SELECT count(*) FROM \"orders 2025\"")).isEqualTo(1_000);
            assertThat(database.number(LEFT)).isZero();
            assertThat(
                            database.number(
                                    "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"
                                            + " AND conparentid <> 0 AND conrelid IN ('orders_default'::regclass, '\"orders 2025\"'::regclass)"))
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_writer_with_a_ledger_loses_and_repeats_no_row(TestPostgres server) throws Exception {
        Database database = filled(server, true);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(database, stop, written));
        while (written.get() < 20 && !writer.isDone()) {
            Thread.onSpinWait();
        }
        try (Session session = session(database)) {
            Statements.run(session, step(database));
        }
        long until = written.get() + 20;
        while (written.get() < until && !writer.isDone()) {
            Thread.onSpinWait();
        }
        stop.set(true);
        writer.get();
        assertThat(database.number("SELECT count(*) FROM ledger FULL JOIN (SELECT id FROM orders WHERE id > 10000) o"
                        + " USING (id) WHERE ledger.id IS NULL OR o.id IS NULL"))
                .isZero();
        assertThat(database.number("SELECT count(*) FROM ledger"))
                .as("each third row was deleted again")
                .isBetween(written.get() / 2, written.get() - 1);
        assertThat(database.number("SELECT count(*) FROM ledger JOIN \"orders 2025\" o USING (id) WHERE o.amount = 2"))
                .isEqualTo(database.number("SELECT count(*) FROM ledger"));
    }

    /** Inserts, updates, and deletes each third row, of its own transaction's and of earlier ones. */
    private static void write(Database database, AtomicBoolean stop, AtomicLong written) {
        try (Connection connection = database.connect();
                PreparedStatement order =
                        connection.prepareStatement("INSERT INTO orders VALUES (?, '2025-06-15', 1, 1)");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE orders SET amount = amount + 1 WHERE id = ?");
                PreparedStatement ledger = connection.prepareStatement("INSERT INTO ledger VALUES (?)");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM orders WHERE id = ?");
                PreparedStatement strike = connection.prepareStatement("DELETE FROM ledger WHERE id = ?")) {
            connection.setAutoCommit(false);
            for (long id = 10_001; !stop.get(); id++) {
                one(order, id);
                one(update, id);
                one(ledger, id);
                if (id % 3 == 0) {
                    long gone = id % 2 == 0 ? id : id - 2;
                    one(delete, gone);
                    one(strike, gone);
                }
                connection.commit();
                written.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void one(PreparedStatement statement, long id) throws SQLException {
        statement.setLong(1, id);
        if (statement.executeUpdate() != 1) {
            throw new IllegalStateException("row " + id + " is missing");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_6_referenced_rows_refuse_it_and_the_constraint_goes(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE orders (id bigint, at timestamptz, amount int, PRIMARY KEY (id, at))"
                        + " PARTITION BY RANGE (at)",
                "CREATE TABLE orders_default PARTITION OF orders DEFAULT",
                "CREATE TABLE lines (id bigint, at timestamptz, FOREIGN KEY (id, at) REFERENCES orders)",
                "INSERT INTO orders VALUES (1, '2025-06-01', 1)",
                "INSERT INTO lines VALUES (1, '2025-06-01')");
        DefaultAdoptionStep step = step(database);
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step))
                    .hasMessageContaining("its rows are still referenced");
            assertThat(database.number(LEFT)).isEqualTo(1);
            step.repair(session, AdoptionMemory.NOTHING_DONE.withCheck());
        }
        assertThat(database.number(LEFT)).isZero();
        assertThat(database.number("SELECT count(*) FROM orders_default")).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void outliers_that_a_trigger_would_notice_are_not_moved(TestPostgres server) throws SQLException {
        Database database = filled(server, true);
        database.execute(
                "CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
                "CREATE TRIGGER audited AFTER DELETE ON orders FOR EACH ROW EXECUTE FUNCTION audit()");
        try (Session session = session(database)) {
            assertThatThrownBy(() -> Statements.run(session, step(database)))
                    .hasMessageContaining("trigger \"audited\" would fire");
        }
        assertThat(database.number("SELECT count(*) FROM orders_default")).isEqualTo(1_002);
    }

    private static Database filled(TestPostgres server, boolean outliers) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE customers (id int PRIMARY KEY)",
                "INSERT INTO customers VALUES (1)",
                "CREATE TABLE ledger (id bigint)",
                "CREATE TABLE orders (id bigint, at timestamptz, amount int, customer int REFERENCES customers,"
                        + " doubled int GENERATED ALWAYS AS (amount * 2) STORED) PARTITION BY RANGE (at)",
                "CREATE INDEX ON orders (at)",
                "CREATE INDEX ON orders (id)",
                "CREATE TABLE orders_default PARTITION OF orders DEFAULT",
                "INSERT INTO orders SELECT i, '2025-06-01', 1, 1 FROM generate_series(1, 1000) i");
        if (outliers) {
            database.execute("INSERT INTO orders VALUES (2001, NULL, 7, 1), (2002, '9999-01-01', 7, 1)");
        }
        return database;
    }

    private static DefaultAdoptionStep step(Database database) throws SQLException {
        return new DefaultAdoptionStep(
                new DefaultAdoption(
                        "orders",
                        database.number("SELECT 'orders'::regclass::oid::bigint"),
                        new TableName("public", "orders"),
                        database.number("SELECT 'orders_default'::regclass::oid::bigint"),
                        new TableName("public", "orders_default"),
                        new TableName("public", "orders 2025"),
                        "at",
                        "timestamp with time zone",
                        "2025-01-01 00:00:00+00",
                        "2026-01-01 00:00:00+00",
                        10),
                Statements.warned());
    }

    private static Session session(Database database) {
        return TestTargets.of("test", database).openSession("caretaker/test");
    }
}
