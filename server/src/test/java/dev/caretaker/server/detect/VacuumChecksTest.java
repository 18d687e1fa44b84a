package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.FilledTables.MOST_DELETED;
import static dev.caretaker.server.detect.FilledTables.ODD;
import static dev.caretaker.server.detect.FilledTables.tables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VacuumChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-dead-tuples")
    @Mends("table-dead-tuples")
    void dead_rows_that_vacuum_has_not_removed_are_found_until_it_does(TestPostgres server) {
        Scene scene = tables(server).plant(MOST_DELETED);
        scene.finds(
                "table-dead-tuples",
                List.of("min_rows=500"),
                "public.plain",
                "public.parted_2",
                "My Schema.Odd \"Table");
        scene.mend("table-dead-tuples", "min_rows=500");
        Scene.eventually(
                () -> scene.run("table-dead-tuples", "min_rows=500").findings().size(), 0);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("table-dead-tuples")
    void few_dead_rows_or_a_small_share_of_them_are_normal(TestPostgres server) {
        Scene scene = tables(server).plant("DELETE FROM plain WHERE id % 10 = 0");
        scene.finds("table-dead-tuples", List.of("min_rows=100", "min_percent=5"), "public.plain");
        scene.spares("table-dead-tuples", "min_rows=100");
        scene.spares("table-dead-tuples", "min_percent=5");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("vacuum-overdue")
    @Mends("vacuum-overdue")
    void a_table_far_above_its_own_threshold_is_overdue(TestPostgres server) {
        Scene scene = tables(server)
                .plant(MOST_DELETED)
                .plant("CREATE TABLE inserted (id int)", "INSERT INTO inserted SELECT generate_series(1, 3000)")
                .plant("ALTER TABLE inserted SET (autovacuum_vacuum_insert_threshold = 100)");
        scene.finds("vacuum-overdue", "public.plain", "public.parted_2", "My Schema.Odd \"Table", "public.inserted");
        assertThat(scene.on("public.plain", "vacuum-overdue").evidence()).contains("\"dead_limit\": 450");
        scene.mend("vacuum-overdue");
        Scene.eventually(() -> scene.run("vacuum-overdue").findings().size(), 0);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("vacuum-overdue")
    void what_counts_is_the_table_s_own_threshold(TestPostgres server) {
        Scene scene = tables(server)
                .plant(MOST_DELETED)
                .plant(
                        "ALTER TABLE plain SET (autovacuum_vacuum_threshold = 2000)",
                        "ALTER TABLE parted_2 SET (autovacuum_vacuum_scale_factor = 5)",
                        "CREATE TABLE inserted (id int)",
                        "INSERT INTO inserted SELECT generate_series(1, 3000)",
                        "ALTER TABLE inserted SET (autovacuum_vacuum_insert_threshold = -1)");
        scene.finds("vacuum-overdue", "My Schema.Odd \"Table");
        scene.spares("vacuum-overdue", "over_percent=1000");
    }

    @Test
    @Finds("vacuum-overdue")
    void the_ceiling_of_newer_servers_counts() {
        Scene scene = tables(TestPostgres.newest())
                .plant(MOST_DELETED)
                .plant(
                        "ALTER TABLE plain SET (autovacuum_vacuum_scale_factor = 5, autovacuum_vacuum_max_threshold = 100)");
        scene.finds("vacuum-overdue", "public.plain", "public.parted_2", "My Schema.Odd \"Table");
        assertThat(scene.on("public.plain", "vacuum-overdue").evidence()).contains("\"dead_limit\": 100");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("autovacuum-disabled")
    @Mends("autovacuum-disabled")
    void autovacuum_switched_off_is_found_wherever_it_was(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "ALTER TABLE plain SET (autovacuum_enabled = off)",
                        "ALTER TABLE parted_1 SET (autovacuum_enabled = false)",
                        "ALTER TABLE " + ODD + " SET (toast.autovacuum_enabled = off)");
        // The servers of the tests run without autovacuum.
        scene.finds("autovacuum-disabled", "autovacuum", "public.plain", "public.parted_1", "My Schema.Odd \"Table");
        assertThat(scene.on("autovacuum", "autovacuum-disabled").severity()).isEqualTo(Severity.CRITICAL);
        assertThat(scene.on("My Schema.Odd \"Table", "autovacuum-disabled")
                        .remediation()
                        .orElseThrow())
                .contains("RESET (toast.autovacuum_enabled)");
        scene.mend("autovacuum-disabled", finding -> finding.objectKind().equals("table"));
    }

    @Test
    @Mends("autovacuum-disabled")
    void autovacuum_of_a_server_is_switched_on_again_unless_the_command_line_says_off() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedServer.NEWEST.builder().start()) {
            Scene scene = Scene.on(TestPostgres.embeddedAt(postgres.getPort()))
                    .plant("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()");
            scene.finds("autovacuum-disabled", "autovacuum");
            scene.mend("autovacuum-disabled");
        }
        try (EmbeddedPostgres postgres = EmbeddedServer.NEWEST
                .builder()
                .setServerConfig("autovacuum", "off")
                .start()) {
            Scene scene = Scene.on(TestPostgres.embeddedAt(postgres.getPort()));
            assertThat(scene.only("autovacuum-disabled").remediation()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("autovacuum-disabled")
    void autovacuum_switched_on_is_spared(TestPostgres server) {
        tables(server)
                .plant("ALTER TABLE plain SET (autovacuum_enabled = on)", "ALTER TABLE parted_1 SET (fillfactor = 90)")
                .finds("autovacuum-disabled", "autovacuum");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("autovacuum-tuning")
    @Mends("autovacuum-tuning")
    void a_scale_factor_that_lets_too_much_gather_is_found(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "ALTER TABLE plain SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 50)");
        scene.finds(
                "autovacuum-tuning",
                List.of("max_dead_rows=200"),
                "public.plain",
                "public.parted_1",
                "public.parted_2",
                "My Schema.Odd \"Table");
        assertThat(scene.on("public.plain", "autovacuum-tuning", "max_dead_rows=200")
                        .message())
                .contains("50 ms");
        scene.mend("autovacuum-tuning", "max_dead_rows=200");
        scene.spares("autovacuum-tuning", "max_dead_rows=300");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("autovacuum-tuning")
    void small_tables_and_those_with_a_small_factor_are_spared(TestPostgres server) {
        Scene scene = tables(server);
        scene.spares("autovacuum-tuning");
        scene.plant(
                "ALTER TABLE plain SET (autovacuum_vacuum_scale_factor = 0.01)",
                "ALTER TABLE " + ODD + " SET (autovacuum_vacuum_scale_factor = 0.01)");
        scene.spares("autovacuum-tuning", "max_dead_rows=1500");
    }
}
