package dev.caretaker.server.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TargetTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_session_bounds_every_wait_and_says_whose_it_is(TestPostgres server) throws SQLException {
        try (Session session = TestTargets.of("app", server.database()).openSession("caretaker/run-1")) {
            assertThat(setting(session, "application_name")).isEqualTo("caretaker/run-1");
            assertThat(setting(session, "lock_timeout")).isEqualTo("2s");
            assertThat(setting(session, "statement_timeout")).isEqualTo("1h");
            assertThat(setting(session, "idle_in_transaction_session_timeout")).isEqualTo("1min");
            assertThat(setting(session, "idle_session_timeout")).isEqualTo("5min");
            assertThat(setting(session, "tcp_keepalives_idle")).isEqualTo("10");
            assertThat(setting(session, "tcp_user_timeout")).isEqualTo("20000");
            assertThat(setting(session, "client_connection_check_interval")).isEqualTo("5s");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_session_undoes_role_settings_that_would_falsify_its_work(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "ALTER DATABASE " + database.name() + " SET synchronous_commit = off",
                "ALTER DATABASE " + database.name() + " SET session_replication_role = replica",
                "ALTER DATABASE " + database.name() + " SET row_security = on",
                "ALTER DATABASE " + database.name() + " SET default_transaction_isolation = serializable",
                "ALTER DATABASE " + database.name() + " SET timezone = 'Asia/Tokyo'",
                "ALTER DATABASE " + database.name() + " SET quote_all_identifiers = on",
                "ALTER DATABASE " + database.name() + " SET enable_tidscan = off",
                "ALTER DATABASE " + database.name() + " SET enable_indexscan = off",
                "ALTER DATABASE " + database.name() + " SET enable_bitmapscan = off",
                "ALTER DATABASE " + database.name() + " SET transform_null_equals = on");
        try (Session session = TestTargets.of("app", database).openSession("caretaker/x")) {
            assertThat(setting(session, "synchronous_commit")).isEqualTo("local");
            assertThat(setting(session, "session_replication_role")).isEqualTo("origin");
            assertThat(setting(session, "row_security")).isEqualTo("off");
            assertThat(setting(session, "transaction_isolation")).isEqualTo("read committed");
            assertThat(setting(session, "TimeZone")).isEqualTo("UTC");
            assertThat(setting(session, "transform_null_equals")).isEqualTo("off");
            assertThat(setting(session, "quote_all_identifiers")).isEqualTo("off");
            assertThat(setting(session, "enable_tidscan")).isEqualTo("on");
            assertThat(setting(session, "enable_indexscan")).isEqualTo("on");
            assertThat(setting(session, "enable_bitmapscan")).isEqualTo("on");
        }
    }

    @Test
    void names_are_the_catalogs_and_the_path_of_the_role_is_put_aside() throws SQLException {
        Database database = TestPostgres.newest().database();
        database.execute("ALTER DATABASE " + database.name() + " SET search_path = app, \"My Schema\"");
        try (Session session = TestTargets.of("app", database).openSession("caretaker/x")) {
            assertThat(setting(session, "search_path")).isEqualTo("pg_catalog, pg_temp");
            ApplicationPath.enter(session.connection());
            assertThat(setting(session, "search_path")).isEqualTo("app, \"My Schema\", pg_temp");
            ApplicationPath.leave(session.connection());
            assertThat(setting(session, "search_path")).isEqualTo("pg_catalog, pg_temp");
        }
        database.execute("ALTER DATABASE " + database.name() + " SET search_path = ''");
        try (Session session = TestTargets.of("app", database).openSession("caretaker/x")) {
            ApplicationPath.enter(session.connection());
            assertThat(setting(session, "search_path")).endsWith("pg_temp");
        }
    }

    @Test
    void an_applications_path_is_left_after_a_failure_too() throws SQLException {
        Database database = TestPostgres.newest().database();
        try (Session session = TestTargets.of("app", database).openSession("caretaker/x")) {
            assertThatThrownBy(() -> ApplicationPath.within(
                            session.connection(), () -> Sql.of("SELECT 1 / 0").update(session.connection())))
                    .isInstanceOf(SQLException.class);
            assertThat(setting(session, "search_path")).isEqualTo("pg_catalog, pg_temp");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_functions_of_an_application_left_in_a_session_does_not_outlive_it(TestPostgres server)
            throws SQLException {
        Target target = TestTargets.of("app", server.database());
        Session session = target.openSession("caretaker/run-1");
        try (var statement = session.connection().createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE left_over AS SELECT 1 AS a");
            statement.execute("LISTEN nobody");
            statement.execute("DECLARE reading CURSOR WITH HOLD FOR SELECT a FROM left_over");
            statement.execute("SELECT pg_catalog.pg_advisory_lock(42)");
            statement.execute("SET work_mem = '1MB'");
        }
        try (WarmConnection warm = target.leave(session, true).orElseThrow()) {
            assertThat(warm.<Integer>with(connection -> number(connection, """
                            SELECT (SELECT count(*) FROM pg_catalog.pg_cursors WHERE name <> '')
                                   + (SELECT count(*) FROM pg_catalog.pg_listening_channels())
                                   + (SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
                                   + (SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 'left_over')
                                   + (SELECT count(*) FROM pg_catalog.pg_settings
                                       WHERE name = 'work_mem' AND setting = '1024')""")))
                    .isZero();
        }
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void a_long_application_name_is_cut_between_characters() throws SQLException {
        try (Session session =
                TestTargets.of("app", TestPostgres.newest().database()).openSession("caretaker/" + "é".repeat(60))) {
            assertThat(setting(session, "application_name")).startsWith("caretaker/");
        }
        assertThat(SessionSettings.observe("caretaker/" + "é".repeat(60)).applicationName())
                .isEqualTo("caretaker/" + "é".repeat(26));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_plain_role_can_open_a_session(TestPostgres server) throws SQLException {
        try (Session session =
                TestTargets.of("app", server.database().role("worker")).openSession("caretaker/x")) {
            assertThat(session.identity().systemIdentifier()).isNotZero();
            assertThat(session.identity().pid()).isPositive();
        }
    }

    @Test
    void an_observer_cannot_write() throws SQLException {
        Database database = TestPostgres.newest().database();
        database.execute("CREATE TABLE t (id int)");
        try (Session observer = TestTargets.of("app", database).openObserver()) {
            assertThatThrownBy(() -> Sql.of("DELETE FROM public.t").update(observer.connection()))
                    .hasMessageContaining("read-only transaction");
        }
    }

    @Test
    void a_failed_connection_is_told_by_reason_and_without_the_password() {
        Database database = TestPostgres.newest().database();
        Credentials credentials = Credentials.of("postgres", "s3cret-word");
        refused(TargetConfig.of("app", "jdbc:postgresql://localhost:1/x", credentials), Reason.TARGET_UNREACHABLE);
        refused(TargetConfig.of("app", database.url() + "_nope", credentials), Reason.TARGET_UNREACHABLE);
        refused(
                TargetConfig.of("app", database.url(), Credentials.of("no_such_role", "s3cret-word")),
                Reason.MISSING_PRIVILEGE);
    }

    @Test
    void a_host_that_is_not_known_is_named() {
        Target target = new Targets(List.of(
                        TargetConfig.of("app", "jdbc:postgresql://no-such-host.invalid/x", Credentials.of("u", "p"))))
                .get("app");
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> target.openSession("caretaker/x").close())
                .withMessageContaining("The host no-such-host.invalid is not known.");
    }

    @Test
    void a_database_that_is_read_only_by_default_is_refused() {
        Database database = TestPostgres.newest().database();
        database.execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
        refused(TestTargets.config("app", database), Reason.MISSING_PRIVILEGE);
    }

    @Test
    void pooled_work_uses_a_connection_again_and_drops_one_that_failed() {
        Target target = TestTargets.of("app", TestPostgres.newest().database());
        int first = target.withPrimary(TargetTest::pid);
        assertThat(target.withPrimary(TargetTest::pid)).isEqualTo(first);
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() ->
                        target.withPrimary(connection -> Sql.of("SELECT 1/0").one(connection, row -> row.getInt(1))))
                .satisfies(e -> {
                    assertThat(e.reason()).isEqualTo(Reason.STATEMENT_FAILED);
                    assertThat(e.sqlState()).contains("22012");
                });
        assertThat(target.withPrimary(TargetTest::pid)).isNotEqualTo(first);
    }

    @Test
    void pooled_work_survives_a_connection_that_the_server_closed() {
        Database database = TestPostgres.newest().database();
        Target target = TestTargets.of("app", database);
        int first = target.withPrimary(TargetTest::pid);
        database.execute("SELECT pg_terminate_backend(" + first + ", 5000)");
        assertThat(target.withPrimary(TargetTest::pid)).isNotEqualTo(first);
    }

    @Test
    void work_on_a_session_leaves_its_connection_without_what_it_set() {
        Target target = TestTargets.of("app", TestPostgres.newest().database());
        int first = target.withSession("caretaker/plan", session -> {
            Sql.of("SET work_mem = '77MB'").update(session.connection());
            return pid(session.connection());
        });
        target.withPrimary(connection -> {
            assertThat(pid(connection)).isEqualTo(first);
            assertThat(setting(connection, "work_mem")).isNotEqualTo("77MB");
            assertThat(setting(connection, "application_name")).isNotEqualTo("caretaker/plan");
            return null;
        });
    }

    @Test
    void work_on_a_session_is_not_lost_with_a_connection_that_broke_at_its_end() {
        Database database = TestPostgres.newest().database();
        Target target = TestTargets.of("app", database);
        int first = target.withSession("caretaker/plan", session -> {
            int pid = pid(session.connection());
            database.execute("SELECT pg_terminate_backend(" + pid + ", 5000)");
            return pid;
        });
        assertThat(target.withPrimary(TargetTest::pid)).isNotEqualTo(first);
    }

    @Test
    void work_on_a_session_that_failed_leaves_no_connection() {
        Target target = TestTargets.of("app", TestPostgres.newest().database());
        AtomicInteger failed = new AtomicInteger();
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> target.withSession("caretaker/plan", session -> {
                    failed.set(pid(session.connection()));
                    return Sql.of("SELECT 1/0").one(session.connection(), row -> row.getInt(1));
                }))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.STATEMENT_FAILED));
        assertThat(target.withPrimary(TargetTest::pid)).isNotEqualTo(failed.get());
    }

    @Test
    void the_scope_never_includes_system_schemas() {
        TargetConfig all = TargetConfig.of("all", "jdbc:postgresql://h/db", Credentials.of("u", "p"));
        TargetConfig some = new TargetConfig(
                "some",
                all.url(),
                Optional.empty(),
                all.credentials(),
                List.of("App", "pg_catalog"),
                Map.of(),
                all.lockTimeout(),
                all.statementTimeout(),
                all.freeDiskBytes(),
                all.tuning());
        Targets targets = new Targets(List.of(some, all));
        assertThat(targets.all()).extracting(Target::name).containsExactly("all", "some");
        assertThat(targets.get("all").inScope("App")).isTrue();
        assertThat(targets.get("all").inScope("pg_toast")).isFalse();
        assertThat(targets.get("some").inScope("App")).isTrue();
        assertThat(targets.get("some").inScope("app")).isFalse();
        assertThat(targets.get("some").inScope("pg_catalog")).isFalse();
    }

    @Test
    void an_unknown_target_is_named() {
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> new Targets(List.of()).get("nope"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TARGET_NOT_FOUND))
                .withMessageContaining("\"nope\"");
    }

    private static void refused(TargetConfig config, Reason reason) {
        Target target = new Targets(List.of(config)).get(config.name());
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> target.openSession("caretaker/x"))
                .satisfies(e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.getMessage()).doesNotContain("s3cret-word").doesNotContain("\n");
                });
    }

    private static String setting(Session session, String name) throws SQLException {
        return setting(session.connection(), name);
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return Sql.of("SELECT current_setting(?)", name).one(connection, row -> row.getString(1));
    }

    private static int pid(Connection connection) throws SQLException {
        return Sql.of("SELECT pg_backend_pid()").one(connection, row -> row.getInt(1));
    }
}
