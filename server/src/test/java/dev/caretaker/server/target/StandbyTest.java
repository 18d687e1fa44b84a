package dev.caretaker.server.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.Catalog;
import dev.caretaker.server.target.catalog.TableFacts;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server that is a standby, though it follows nobody. */
class StandbyTest {
    private static EmbeddedPostgres standby;

    @BeforeAll
    static void start() throws IOException {
        standby = EmbeddedServer.NEWEST
                .builder()
                .setDataDirectoryCustomizer(folder -> {
                    try {
                        Files.createFile(folder.toPath().resolve("standby.signal"));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        standby.close();
    }

    @Test
    void a_standby_where_a_primary_is_needed_is_refused_but_can_be_checked() {
        Target target = target(config(url(), Optional.empty()));
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> target.openSession("caretaker/x"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.IS_STANDBY));
        assertThat(target.check(List.of()).inRecovery()).isTrue();
    }

    @Test
    void readers_go_to_the_replica_and_the_catalog_can_be_read_there() {
        TestPostgres.Database primary = TestPostgres.newest().database();
        Target target = target(config(primary.url(), Optional.of(url())));
        assertThat(target.<Boolean>withReader(
                        connection -> Sql.of("SELECT pg_is_in_recovery()").one(connection, row -> row.getBoolean(1))))
                .isTrue();
        Optional<TableFacts> facts =
                target.withReader(connection -> Catalog.table(connection, new TableName("pg_catalog", "pg_class")));
        assertThat(facts).isPresent();
        assertThat(target.withReader(Catalog::xminHorizon).holders()).isEmpty();
    }

    @Test
    void a_replica_of_another_system_is_told() {
        TestPostgres.Database primary = TestPostgres.newest().database();
        TargetCheck check = target(config(primary.url(), Optional.of(url()))).check(List.of());
        assertThat(check.replica().orElseThrow().problem().orElseThrow()).contains("belongs to another system");
    }

    private static String url() {
        return "jdbc:postgresql://localhost:" + standby.getPort() + "/postgres";
    }

    private static TargetConfig config(String url, Optional<String> replicaUrl) {
        TargetConfig plain = TargetConfig.of("app", url, Credentials.of("postgres", "postgres"));
        return new TargetConfig(
                plain.name(),
                url,
                replicaUrl,
                plain.credentials(),
                plain.schemas(),
                plain.driverProperties(),
                plain.lockTimeout(),
                plain.statementTimeout(),
                plain.freeDiskBytes(),
                plain.tuning());
    }

    private static Target target(TargetConfig config) {
        return new Targets(List.of(config)).get("app");
    }
}
