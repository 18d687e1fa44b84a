package dev.caretaker.server.vacuum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.run.VacuumRequest.Mode;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VacuumStepTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final TableName TABLE = new TableName("public", "a \"b");

    @ParameterizedTest
    @MethodSource(BOTH)
    void space_at_the_end_goes_back_and_the_rest_is_reusable(TestPostgres server) throws SQLException {
        Database database = table(server);
        database.execute("DELETE FROM \"a \"\"b\" WHERE id > 5000 OR id % 2 = 0");
        Statements.End end = run(database, database, Mode.AUTO, 7_500);
        assertThat(end.skipped()).isFalse();
        assertThat(end.totals().bytesReturned()).isBetween(400_000L, 600_000L);
        assertThat(end.totals().bytesReusable()).isBetween(150_000L, 350_000L);
        assertThat(end.message()).containsPattern("[1-9][0-9]* pages truncated");
        assertThat(database.number("SELECT count(*) FROM pg_stats WHERE tablename = 'a \"b'"))
                .isPositive();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void dead_rows_that_an_old_snapshot_still_sees_are_not_called_reusable(TestPostgres server) throws SQLException {
        Database database = table(server);
        try (Connection old = database.connect()) {
            old.setAutoCommit(false);
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            old.createStatement().execute("SELECT count(*) FROM \"a \"\"b\"");
            database.execute("DELETE FROM \"a \"\"b\" WHERE id > 5000");
            Statements.End end = run(database, database, Mode.AUTO, 5_000);
            assertThat(end.message()).contains("5,000 dead rows had to stay");
            assertThat(end.totals().bytesReusable()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_that_lost_few_rows_is_not_vacuumed(TestPostgres server) throws SQLException {
        Database database = table(server);
        assertThat(run(database, database, Mode.AUTO, 999).message()).contains("Not worth it: 999 of about 10,000");
        assertThat(run(database, database, Mode.WHEN_DELETED, 0).skipped()).isTrue();
        assertThat(run(database, database, Mode.WHEN_DELETED, 1).skipped()).isFalse();
        assertThat(run(database, database, Mode.ALWAYS, 0).skipped()).isFalse();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_that_the_role_may_not_vacuum_is_never_reported_as_vacuumed(TestPostgres server) throws SQLException {
        Database database = table(server);
        Statements.End end = run(database, database.role("guest"), Mode.ALWAYS, 0);
        assertThat(end.skipped()).isTrue();
        assertThat(end.message())
                .contains("did not vacuum")
                .containsPattern("permission denied|only table or database owner");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_vacuum_did_is_told_when_its_analyze_fails(TestPostgres server) throws SQLException {
        Database database = table(server);
        database.execute(
                "CREATE TABLE rate (k int, r int)",
                "CREATE FUNCTION rated(int) RETURNS int LANGUAGE sql IMMUTABLE"
                        + " AS 'SELECT r FROM public.rate WHERE k = $1'",
                "CREATE INDEX \"by rate\" ON \"a \"\"b\" (rated(id))",
                "DELETE FROM \"a \"\"b\" WHERE id % 2 = 0",
                "DROP TABLE rate");
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            VacuumRequest request = VacuumRequest.followUp(oid(database), TABLE, Mode.ALWAYS, 0, 0, 0);
            VacuumStep step = new VacuumStep(request, Statements.after(Map.of()));
            assertThatThrownBy(() -> Statements.run(session, step))
                    .isInstanceOf(CaretakerException.class)
                    .hasMessageStartingWith("Vacuumed: ")
                    .hasMessageContaining("dead rows before and 0 now")
                    .hasMessageContaining("But its ANALYZE failed: relation \"public.rate\" does not exist.")
                    .hasMessageContaining("index \"by rate\"");
        }
        assertThat(database.number("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'a \"b'"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_that_took_the_name_is_not_touched(TestPostgres server) throws SQLException {
        Database database = table(server);
        long oid = oid(database);
        database.execute("DROP TABLE \"a \"\"b\"", "CREATE TABLE \"a \"\"b\" (id int)");
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            VacuumRequest request = VacuumRequest.followUp(oid, TABLE, Mode.ALWAYS, 1000, 0.05, 10_000);
            VacuumStep step = new VacuumStep(request, Statements.after(Map.of()));
            assertThat(Statements.run(session, step).message()).contains("is gone");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void progress_is_read_with_the_columns_that_the_server_has(TestPostgres server) throws SQLException {
        Database database = table(server);
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            VacuumRequest request = VacuumRequest.followUp(oid(database), TABLE, Mode.ALWAYS, 0, 0, 0);
            VacuumStep step = new VacuumStep(request, Statements.after(Map.of()));
            assertThat(step.progress(session, session.identity().pid())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_keeps_repack_from_a_table_is_named_and_its_statement_is_written(TestPostgres server) throws SQLException {
        Database database = table(server);
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            assertThat(Repack.obstacles(session.connection(), oid(database)))
                    .singleElement()
                    .asString()
                    .contains("no identity");
            database.execute("ALTER TABLE \"a \"\"b\" ADD PRIMARY KEY (id)");
            assertThat(Repack.obstacles(session.connection(), oid(database))).isEmpty();
            database.execute("ALTER TABLE \"a \"\"b\" SET UNLOGGED");
            assertThat(Repack.obstacles(session.connection(), oid(database))).containsExactly("it is unlogged");
        }
        VacuumOptions repack = VacuumOptions.DEFAULT.with(VacuumOptions.Verb.REPACK, true);
        assertThat(VacuumStatement.sql(repack, TABLE, new Capabilities(190_000), false))
                .isEqualTo("REPACK (CONCURRENTLY, ANALYZE) \"public\".\"a \"\"b\"");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_foreign_partition_out_of_reach_is_told_as_that_and_the_target_is_not_lost(TestPostgres server)
            throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER cold FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1')",
                "CREATE USER MAPPING FOR PUBLIC SERVER cold OPTIONS (user 'x', password 'x')",
                "CREATE TABLE \"a \"\"b\" (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE near PARTITION OF \"a \"\"b\" FOR VALUES FROM (0) TO (10)",
                "CREATE FOREIGN TABLE far PARTITION OF \"a \"\"b\" FOR VALUES FROM (10) TO (20) SERVER cold");
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            VacuumRequest request = VacuumRequest.of(
                    oid(database), TABLE, VacuumOptions.DEFAULT.with(VacuumOptions.Verb.ANALYZE, true), "named");
            Statements.End end = Statements.run(session, new VacuumStep(request, Statements.after(Map.of())));
            assertThat(end.skipped()).isTrue();
            assertThat(end.message()).contains("did not analyze").contains("could not connect to server \"cold\"");
            assertThat(session.isClosed()).isFalse();
        }
    }

    @Test
    void maintain_is_enough_where_the_server_has_it() throws SQLException {
        Database database = table(TestPostgres.newest());
        Database keeper = database.role("keeper");
        database.execute("GRANT MAINTAIN ON \"a \"\"b\" TO " + keeper.user());
        Statements.End end = run(database, keeper, Mode.ALWAYS, 0);
        assertThat(end.skipped()).as(end.message()).isFalse();
        assertThat(end.message()).startsWith("Vacuumed");
    }

    private static Database table(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE \"a \"\"b\" (id int, filler text)",
                "INSERT INTO \"a \"\"b\" SELECT i, repeat('x', 60) FROM generate_series(1, 10000) i");
        return database;
    }

    private static Statements.End run(Database owner, Database role, Mode mode, long deleted) throws SQLException {
        try (Session session = TestTargets.of("test", role).openSession("caretaker/test")) {
            VacuumRequest request = VacuumRequest.followUp(oid(owner), TABLE, mode, 1000, 0.05, 10_000);
            Map<TableName, Totals> done = Map.of(TABLE, Totals.ofRows(deleted, deleted * 100));
            return Statements.run(session, new VacuumStep(request, Statements.after(done)));
        }
    }

    private static long oid(Database database) {
        return database.number("SELECT '\"a \"\"b\"'::regclass::oid::bigint");
    }
}
