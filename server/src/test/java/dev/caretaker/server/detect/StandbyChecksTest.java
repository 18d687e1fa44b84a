package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestStandby;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks on, and about, a standby that follows its primary. */
class StandbyChecksTest {

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.EmbeddedServer#tried")
    void what_need_not_read_the_primary_finds_the_same_on_its_standby(EmbeddedServer version) throws Exception {
        try (TestStandby servers = TestStandby.start(version)) {
            Database primary = servers.primary().database();
            for (String statement : EveryCheckTest.EVERYTHING) {
                if (!statement.contains("pg_stat_statements")) {
                    primary.execute(statement);
                }
            }
            servers.catchUp();
            Target target = new Targets(List.of(servers.config("app", primary))).get("app");
            Feeds feeds = new Feeds(
                    List::of,
                    () -> "[]",
                    Optional::empty,
                    () -> "[]",
                    () -> "[]",
                    () -> "[]",
                    () -> "[]",
                    () -> "[]",
                    () -> "[]",
                    () -> "{}",
                    () -> "[]",
                    () -> "{}");
            Scope scope = target.withPrimary(connection -> Scope.read(connection, target));
            CheckRunner runner = new CheckRunner(target, scope, feeds, Duration.ofSeconds(20), Optional.empty());
            List<String> wrong = new ArrayList<>();
            int found = 0;
            for (Check check : Scene.checks().values()) {
                if (!check.primaryOnly()) {
                    Check loosened = EveryCheckTest.loosened(check);
                    CheckResult there = target.withReader(
                            connection -> runner.run(connection, Surroundings.read(connection), loosened));
                    CheckResult here = target.withPrimary(
                            connection -> runner.run(connection, Surroundings.read(connection), loosened));
                    found += there.ids().size();
                    if (there.status() != CheckResult.Status.RAN || !there.ids().equals(here.ids())) {
                        wrong.add(check.id() + " " + there.status() + ": " + there.reason());
                    }
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(found).isGreaterThan(5);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.EmbeddedServer#tried")
    void a_query_on_a_standby_with_feedback_holds_vacuum_back(EmbeddedServer version) throws Exception {
        try (TestStandby servers = TestStandby.start(version)) {
            Database primary = servers.primary().database();
            primary.execute("CREATE TABLE t (id int)");
            servers.catchUp();
            Database standby = servers.onStandby(primary);
            standby.execute("ALTER SYSTEM SET hot_standby_feedback = on", "SELECT pg_reload_conf()");
            try (Connection reader = standby.connect();
                    Statement statement = reader.createStatement()) {
                reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                reader.setAutoCommit(false);
                statement.execute("SELECT * FROM t");
                for (int i = 0; i < 30; i++) {
                    primary.execute("INSERT INTO t VALUES (1)");
                }
                Scene scene = Scene.of(primary);
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(
                                        scene.run("xmin-held", "min_xids=25").findings())
                                .extracting(RawFinding::objectKind, RawFinding::object)
                                .containsExactly(tuple("standby", TestStandby.NAME)));
            }
        }
    }
}
