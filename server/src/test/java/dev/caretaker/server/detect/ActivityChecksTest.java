package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.BusySession;
import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

class ActivityChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String[] TABLES = {
        "CREATE TABLE plain (id int)",
        "CREATE TABLE parted (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000)",
        "CREATE TABLE \"Odd Table\" (id int)"
    };

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("long-query")
    @Spares("long-query")
    @Mends("long-query")
    void a_query_is_long_beyond_the_limit(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server);
        try (BusySession busy = BusySession.on(scene.database(), "SELECT pg_sleep(60)");
                Connection idle = scene.database().connect()) {
            assertThat(idle.isValid(1)).isTrue();
            scene.finds("long-query", List.of("min_seconds=0.2"), "pid " + busy.pid());
            assertThat(scene.on("pid " + busy.pid(), "long-query", "min_seconds=0.2")
                            .evidence())
                    .contains("pg_sleep(60)");
            scene.spares("long-query");
            scene.mend("long-query", "min_seconds=0.2");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares({"long-query", "idle-in-transaction"})
    void sessions_that_the_role_may_not_see_are_counted(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server);
        try (BusySession busy = BusySession.on(scene.database(), "SELECT pg_sleep(60)")) {
            scene.finds("long-query", List.of("min_seconds=0.2"), "pid " + busy.pid());
            Scene blind = scene.as(scene.database().role("blind"));
            CheckResult result = blind.run("long-query", "min_seconds=0.2");
            assertThat(result.findings()).isEmpty();
            assertThat(result.unseen()).isPositive();
            assertThat(blind.run("idle-in-transaction").unseen()).isPositive();
            assertThat(blind.run("xmin-held").unseen()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("idle-in-transaction")
    @Spares("idle-in-transaction")
    void a_session_that_sits_in_its_transaction_is_found(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES);
        try (Connection idle = scene.database().connect();
                Statement statement = idle.createStatement()) {
            idle.setAutoCommit(false);
            statement.execute("INSERT INTO \"Odd Table\" VALUES (1)");
            String object = "pid " + pid(idle);
            scene.finds("idle-in-transaction", List.of("min_seconds=0.2"), object);
            assertThat(scene.on(object, "idle-in-transaction", "min_seconds=0.2")
                            .blocksVacuum())
                    .isTrue();
            scene.spares("idle-in-transaction");
            idle.commit();
            scene.spares("idle-in-transaction", "min_seconds=0");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Mends("idle-in-transaction")
    void ending_the_session_ends_its_transaction(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES);
        try (Connection idle = scene.database().connect();
                Statement statement = idle.createStatement()) {
            idle.setAutoCommit(false);
            statement.execute("INSERT INTO \"Odd Table\" VALUES (1)");
            scene.finds("idle-in-transaction", List.of("min_seconds=0.1"), "pid " + pid(idle));
            scene.mend("idle-in-transaction", "min_seconds=0.1");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Mends("lock-wait")
    void ending_the_end_of_the_chain_ends_the_wait(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES);
        try (Connection holder = scene.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE \"Odd Table\" IN EXCLUSIVE MODE");
            try (BusySession waiter = BusySession.on(scene.database(), "DELETE FROM \"Odd Table\"")) {
                scene.finds("lock-wait", List.of("min_seconds=0.1"), "pid " + waiter.pid());
                scene.mend("lock-wait", "min_seconds=0.1");
            }
        }
    }

    private static int pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("lock-wait")
    @Spares("lock-wait")
    void a_wait_for_a_lock_is_found_with_its_chain(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES);
        try (Connection holder = scene.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE \"Odd Table\" IN ACCESS SHARE MODE");
            scene.spares("lock-wait", "min_seconds=0");
            int root = pid(holder);
            try (BusySession first =
                    BusySession.on(scene.database(), "BEGIN; LOCK TABLE \"Odd Table\" IN ACCESS EXCLUSIVE MODE")) {
                scene.finds("lock-wait", List.of("min_seconds=0.1"), "pid " + first.pid());
                try (BusySession second = BusySession.on(scene.database(), "SELECT * FROM \"Odd Table\"")) {
                    scene.finds("lock-wait", List.of("min_seconds=0.1"), "pid " + first.pid(), "pid " + second.pid());
                    RawFinding last = scene.on("pid " + second.pid(), "lock-wait", "min_seconds=0.1");
                    assertThat(last.message()).contains("public.\"Odd Table\"").contains("behind pid " + first.pid());
                    assertThat(last.evidence()).contains("\"pid\": " + root).contains("idle in transaction");
                    // Only the end of the chain is to be ended.
                    assertThat(last.remediation().orElseThrow())
                            .contains("pid = " + root + " ")
                            .doesNotContain("pid = " + first.pid() + " ");
                    scene.spares("lock-wait");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("connections")
    @Spares("connections")
    void connections_near_the_limit_are_counted_by_user(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.finds("connections", List.of("min_percent=0"), "connections");
        assertThat(scene.only("connections", "min_percent=0").evidence()).contains("\"user\": \"postgres\"");
        scene.spares("connections");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("prepared-transaction")
    @Spares("prepared-transaction")
    void a_prepared_transaction_is_found_after_a_while(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        String gid = "It's \"odd\" " + scene.database().name();
        String literal = gid.replace("'", "''");
        scene.plant("BEGIN; INSERT INTO parted VALUES (1); PREPARE TRANSACTION '" + literal + "'");
        try {
            scene.finds("prepared-transaction", List.of("min_seconds=0.1"), gid);
            assertThat(scene.only("prepared-transaction", "min_seconds=0.1").evidence())
                    .contains("\"locks\": 2");
            scene.spares("prepared-transaction");
            Scene.on(server).spares("prepared-transaction", "min_seconds=0");
        } finally {
            scene.plant("ROLLBACK PREPARED '" + literal + "'");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("slow-queries")
    @Spares("slow-queries")
    @Mends("slow-queries")
    void slow_statements_are_found_whatever_schema_the_extension_is_in(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "CREATE SCHEMA \"Ext Schema\"",
                        "CREATE EXTENSION pg_stat_statements SCHEMA \"Ext Schema\"",
                        "SELECT count(*), pg_sleep(0.4) FROM \"Odd Table\"",
                        "SELECT count(*) FROM plain");
        assertThat(scene.run("slow-queries", "min_mean_milliseconds=300").findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).contains("Odd Table"));
        if (server == TestPostgres.newest()) {
            String explain = scene.only("slow-queries", "min_mean_milliseconds=300")
                    .remediation()
                    .orElseThrow();
            assertThat(explain).startsWith("EXPLAIN (GENERIC_PLAN) SELECT count(*), pg_sleep($1)");
            // It mends nothing, it only shows.
            Mending.paste(scene.database(), explain);
        }
        scene.spares("slow-queries");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("slow-queries")
    void an_extension_that_was_never_updated_has_other_columns(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "CREATE EXTENSION pg_stat_statements VERSION '1.7'",
                        "SELECT count(*), pg_sleep(0.4) FROM plain");
        assertThat(scene.run("slow-queries", "min_mean_milliseconds=300").findings())
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("slow-queries")
    void without_the_extension_it_says_how_to_get_it(TestPostgres server) {
        CheckResult result = Scene.on(server).run("slow-queries");
        assertThat(result.status()).isEqualTo(CheckResult.Status.SKIPPED);
        assertThat(result.reason())
                .contains("shared_preload_libraries")
                .contains("CREATE EXTENSION pg_stat_statements");
    }
}
