package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pass of three batches, and somebody else who writes at each moment of it. */
class StillnessTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final Moment NOTHING = () -> {};

    private final Stillness stillness = new Stillness();

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_pass_that_was_alone_is_known_to_have_been(TestPostgres server) throws SQLException {
        assertThat(lasted(table(server), NOTHING, NOTHING)).isTrue();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_wrote_between_two_batches_is_noticed(TestPostgres server) throws SQLException {
        Database database = table(server);
        assertThat(lasted(database, () -> write(database), NOTHING)).isFalse();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_wrote_while_the_last_batch_was_worked_is_noticed(TestPostgres server) throws SQLException {
        Database database = table(server);
        assertThat(lasted(database, NOTHING, () -> write(database))).isFalse();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_wrote_before_the_pass_and_has_not_ended_may_yet_show_rows(TestPostgres server) throws SQLException {
        Database database = table(server);
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            insert(other);
            assertThat(lasted(database, other::commit, NOTHING)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_began_meanwhile_and_ended_in_the_last_batch_is_noticed(TestPostgres server) throws SQLException {
        Database database = table(server);
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            assertThat(lasted(database, () -> insert(other), other::commit)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void reading_disturbs_nothing(TestPostgres server) throws SQLException {
        Database database = table(server);
        Moment read = () -> database.number("SELECT count(*) FROM t");
        assertThat(lasted(database, read, read)).isTrue();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_was_told_of_one_pass_says_nothing_of_the_next(TestPostgres server) throws SQLException {
        Database database = table(server);
        assertThat(lasted(database, NOTHING, stillness::end)).isFalse();
    }

    /**
     * @param between after the first batch was committed
     * @param within after the last batch took its transaction id
     */
    private boolean lasted(Database database, Moment between, Moment within) throws SQLException {
        try (Session session = TestTargets.of("test", database).openSession("caretaker/test")) {
            Connection connection = session.connection();
            connection.setAutoCommit(false);
            stillness.begin(session);
            batch(connection);
            connection.commit();
            between.happens();
            batch(connection);
            connection.commit();
            insert(connection);
            within.happens();
            boolean lasted = stillness.lasted(session);
            connection.rollback();
            return lasted;
        }
    }

    private void batch(Connection connection) throws SQLException {
        insert(connection);
        stillness.batch(OptionalLong.of(Sql.of("SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)")
                .one(connection, row -> row.getLong(1))));
    }

    private static void write(Database database) {
        database.execute("INSERT INTO t VALUES (1)");
    }

    private static void insert(Connection connection) throws SQLException {
        Sql.of("INSERT INTO public.t VALUES (1)").update(connection);
    }

    private static Database table(TestPostgres server) {
        Database database = server.database();
        database.execute("CREATE TABLE t (id int)");
        return database;
    }

    private interface Moment {
        void happens() throws SQLException;
    }
}
