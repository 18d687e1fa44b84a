package dev.caretaker.server.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.testing.TestPooler;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolingTest {
    private final Database database = TestPostgres.newest().database();

    @Test
    void a_pooler_of_transactions_is_refused_and_no_setting_gets_through() throws Exception {
        try (TestPooler pooler = TestPooler.ofTransactions(TestPostgres.newest())) {
            Target target = through(pooler);
            refused(() -> target.openSession("caretaker/x").close());
            refused(() -> target.openObserver().close());
            refused(() -> target.withPrimary(connection -> connection));
            assertThat(target.check(List.of()).pooling()).isEqualTo(Pooling.TRANSACTION);
            // Whoever gets one of those server connections next finds it as the server made it.
            try (Connection other = connect(pooler);
                    Statement statement = other.createStatement()) {
                for (int i = 0; i < 5; i++) {
                    try (var row = statement.executeQuery("SHOW lock_timeout")) {
                        row.next();
                        assertThat(row.getString(1)).isEqualTo("0");
                    }
                }
            }
        }
    }

    @Test
    void it_is_found_out_in_a_busy_pool_too() throws Exception {
        try (TestPooler pooler = TestPooler.ofTransactions(TestPostgres.newest());
                Connection first = connect(pooler);
                Connection second = connect(pooler);
                Connection third = connect(pooler)) {
            first.setAutoCommit(false);
            assertThat(first.isValid(5) && second.isValid(5) && third.isValid(5))
                    .isTrue();
            refused(() -> through(pooler).openSession("caretaker/x").close());
        }
    }

    @Test
    void a_pooler_of_sessions_is_as_good_as_none() throws Exception {
        try (TestPooler pooler = TestPooler.ofSessions(TestPostgres.newest())) {
            Target target = through(pooler);
            try (Session session = target.openSession("caretaker/x")) {
                assertThat(session.tryFence(1)).isTrue();
            }
            assertThat(target.check(List.of()).pooling()).isEqualTo(Pooling.SESSION);
        }
    }

    @Test
    void a_proxy_that_does_not_answer_the_question_is_refused() throws Exception {
        try (TestPooler pooler = TestPooler.ofSessions(TestPostgres.newest(), 1)) {
            refused(() -> through(pooler).openSession("caretaker/x").close());
        }
    }

    @Test
    void without_a_proxy_there_is_nothing_to_find() {
        assertThat(TestTargets.of("app", database).check(List.of()).pooling()).isEqualTo(Pooling.NONE);
    }

    private Target through(TestPooler pooler) {
        TargetConfig config =
                TargetConfig.of("app", pooler.url(database), Credentials.of(database.user(), database.password()));
        return new Targets(List.of(config)).get("app");
    }

    private Connection connect(TestPooler pooler) throws SQLException {
        return DriverManager.getConnection(
                pooler.url(database) + "?prepareThreshold=0", database.user(), database.password());
    }

    private static void refused(Opening opening) throws IOException {
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(opening::open)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TRANSACTION_POOLING));
    }

    private interface Opening {
        void open() throws SQLException;
    }
}
