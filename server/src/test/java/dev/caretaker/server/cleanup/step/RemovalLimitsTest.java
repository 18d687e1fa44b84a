package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.step.RemovalCursor.Phase;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is bounded in time at the end of a removal, when it takes longer. */
class RemovalLimitsTest {

    static Stream<Arguments> mechanisms() {
        return TestPostgres.both().flatMap(server -> Removal.KINDS.stream().map(kind -> Arguments.of(server, kind)));
    }

    private static Database table(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamptz)",
                "INSERT INTO t SELECT i, CASE WHEN i % 4 = 0 THEN timestamptz '2025-06-01' ELSE '2024-01-01' END"
                        + " FROM generate_series(1, 200) i",
                "CREATE INDEX by_time ON t (at)",
                "ANALYZE t");
        return database;
    }

    /** With a lock timeout of its own: shorter than what is bounded, or longer. */
    private static Target target(Database database, Duration lockTimeout) {
        TargetConfig plain =
                TargetConfig.of("test", database.url(), Credentials.of(database.user(), database.password()));
        return new Targets(List.of(new TargetConfig(
                        plain.name(),
                        plain.url(),
                        plain.replicaUrl(),
                        plain.credentials(),
                        plain.schemas(),
                        plain.driverProperties(),
                        lockTimeout,
                        plain.statementTimeout(),
                        plain.freeDiskBytes(),
                        plain.tuning())))
                .get("test");
    }

    private static RemovalCursor at(Phase phase, int sweep, RowRemoval removal) {
        return new RemovalCursor(phase, sweep, false, removal.relfilenode(), Position.START, List.of());
    }

    private static Batch<RemovalCursor> batch(Session session, BatchStep<RemovalCursor> step, RemovalCursor from)
            throws SQLException {
        session.connection().setAutoCommit(false);
        Batch<RemovalCursor> batch = step.next(session, from, 1_000);
        session.connection().commit();
        session.connection().setAutoCommit(true);
        return batch;
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_last_look_that_takes_too_long_becomes_another_walk(TestPostgres server, String kind) throws SQLException {
        Database database = table(server);
        Removal removal = new Removal(database).index("by_time");
        RowRemoval parameters = removal.parameters();
        BatchStep<RemovalCursor> step = removal.step(Removal.kind(kind), parameters);
        try (Session session = target(database, Duration.ofMillis(200)).openSession("caretaker/test");
                Connection other = database.connect()) {
            RemovalCursor cursor = step.prepare(session, Optional.of(at(Phase.SWEEP, 1, parameters)));
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");

            Batch<RemovalCursor> looked = batch(session, step, cursor);

            assertThat(looked.last()).isFalse();
            assertThat(looked.done().rowsDeleted()).isZero();
            assertThat(looked.next().phase()).isEqualTo(Phase.PASS);
            assertThat(looked.next().sweep()).isEqualTo(1);
            other.rollback();
            Totals totals = Totals.NONE;
            Batch<RemovalCursor> batch = looked;
            for (int i = 0; !batch.last(); i++) {
                assertThat(i).isLessThan(100);
                batch = batch(session, step, batch.next());
                totals = totals.plus(batch.done());
            }
            assertThat(totals.plus(step.finish(session))).satisfies(all -> {
                assertThat(all.rowsDeleted()).isEqualTo(150);
                assertThat(all.rowsResidual()).isZero();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_last_delete_that_takes_too_long_leaves_its_rows_as_residual(TestPostgres server, String kind)
            throws SQLException {
        if (server == TestPostgres.oldest() || !kind.equals(RemovalKinds.BLOCK_RANGE)) {
            lastDelete(server, kind, Duration.ofMillis(200)); // a lock that is not had is the same, and sooner
        } else {
            lastDelete(server, kind, Duration.ofMinutes(1));
        }
    }

    private static void lastDelete(TestPostgres server, String kind, Duration lockTimeout) throws SQLException {
        Database database = table(server);
        Removal removal = new Removal(database).index("by_time");
        RowRemoval parameters = removal.parameters();
        BatchStep<RemovalCursor> step = removal.step(Removal.kind(kind), parameters);
        try (Session session = target(database, lockTimeout).openSession("caretaker/test");
                Connection other = database.connect()) {
            RemovalCursor cursor = step.prepare(session, Optional.of(at(Phase.LAST_DELETE, 5, parameters)));
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT FROM t WHERE id = 3 FOR UPDATE");

            Batch<RemovalCursor> last = batch(session, step, cursor);

            assertThat(last.last()).isTrue();
            assertThat(last.done().rowsDeleted()).isZero();
            assertThat(step.finish(session).rowsResidual()).isEqualTo(150);
            other.rollback();
            assertThat(database.number("SELECT count(*) FROM t")).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void where_something_fires_for_each_row_a_few_rows_are_tried_first(TestPostgres server, String kind)
            throws SQLException {
        Database database = table(server);
        database.execute(
                "ALTER TABLE t ADD PRIMARY KEY (id)",
                "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'");
        assertThat(sizing(database, kind).initial()).isGreaterThan(100);

        database.execute("CREATE TRIGGER watch AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION watch()");
        assertThat(sizing(database, kind)).satisfies(RemovalLimitsTest::isCareful);

        database.execute("DROP TRIGGER watch ON t", "CREATE TABLE child (t_id int REFERENCES t ON DELETE CASCADE)");
        assertThat(sizing(database, kind)).satisfies(RemovalLimitsTest::isCareful);
    }

    private static void isCareful(BatchSizing sizing) {
        assertThat(sizing.initial()).isLessThanOrEqualTo(5);
        assertThat(sizing.minimum()).isEqualTo(1);
    }

    private static BatchSizing sizing(Database database, String kind) throws SQLException {
        Removal removal = new Removal(database).index("by_time");
        try (Session session = target(database, Duration.ofSeconds(1)).openSession("caretaker/test")) {
            BatchStep<RemovalCursor> step = removal.step(Removal.kind(kind), removal.parameters());
            step.prepare(session, Optional.empty());
            return step.sizing();
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_role_that_wants_one_plan_for_all_values_gets_it_and_what_was_promised(TestPostgres server, String kind)
            throws SQLException {
        Database database = table(server);
        database.execute("ALTER DATABASE " + database.name() + " SET plan_cache_mode = force_generic_plan");
        Removal removal = new Removal(database).index("by_time").batches(20);

        assertThat(removal.run(kind).rowsDeleted()).isEqualTo(150);
        try (Session session = target(database, Duration.ofSeconds(1)).openSession("caretaker/test")) {
            String mode = Sql.of("SHOW plan_cache_mode").one(session.connection(), row -> row.getString(1));
            assertThat(mode).isEqualTo("force_generic_plan");
        }
    }
}
