package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Autovacuum was there first. */
class VacuumBesideAutovacuumTest {

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.EmbeddedServer#tried")
    void autovacuum_on_the_same_table_is_told_before_and_named_where_it_does_not_give_way(EmbeddedServer version)
            throws Exception {
        try (EmbeddedPostgres server = version.builder()
                        .setServerConfig("autovacuum_naptime", "1s")
                        .setServerConfig("autovacuum_vacuum_cost_delay", "100ms")
                        .setServerConfig("autovacuum_vacuum_cost_limit", "1")
                        .start();
                TestEngine engine = TestEngine.start(
                        TestPostgres.controlStore().url(), server.getJdbcUrl("postgres", "postgres"), Map.of())) {
            Database target =
                    new Database(TestPostgres.embeddedAt(server.getPort()), "postgres", "postgres", "postgres");
            TestEngine.table(target, "busy", 50_000);
            target.execute(
                    "ALTER TABLE busy SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0)",
                    "UPDATE busy SET payload = 'y'");
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> target.number(
                                    "SELECT count(*) FROM pg_stat_progress_vacuum" + " WHERE relid = 'busy'::regclass")
                            == 1);
            TableName name = new TableName("public", "busy");
            VacuumRequest request =
                    VacuumRequest.of(TestEngine.oid(target, "busy"), name, VacuumOptions.DEFAULT, "named");
            RunView ended = engine.awaitEnd(engine.start(new StepSpec(request.stepKind(), name, "", 0, request)));
            assertThat(engine.warnings(ended.id())).contains("AUTOVACUUM_ACTIVE");
            // The lock timeout of the tests is shorter than the second after which autovacuum gives way.
            assertThat(ended.steps().getFirst().outcome()).contains(Outcome.SKIPPED);
            assertThat(ended.steps().getFirst().message())
                    .contains("could not be locked, twice", "autovacuum worker", "ShareUpdateExclusiveLock");
        }
    }
}
