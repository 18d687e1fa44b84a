package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.DailyPartitions.TODAY;
import static dev.caretaker.server.detect.DailyPartitions.daily;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionStateChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-unpruned")
    @Spares("partition-unpruned")
    @Mends("partition-unpruned")
    void queries_that_do_not_name_the_key_are_told_by_scans_of_all_partitions(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        daily(scene, "named", "timestamptz", -10, 0);
        daily(scene, "blind", "timestamptz", -10, 0);
        daily(scene, "\"My Schema\".\"Blind Too\"", "date", -10, 0);
        for (int i = 0; i < 12; i++) {
            scene.plant(
                    "SELECT count(*) FROM blind",
                    "SELECT count(*) FROM \"My Schema\".\"Blind Too\" WHERE ts::text > 'x'",
                    "SELECT count(*) FROM named WHERE ts >= '" + TODAY + "'");
        }
        scene.plant("SELECT count(*) FROM named");
        scene.finds("partition-unpruned", List.of("min_scans=12"), "public.blind", "My Schema.Blind Too");
        scene.spares("partition-unpruned", "min_scans=100");
        scene.spares("partition-unpruned", "min_scans=12", "min_partitions=12");
        scene.plant("ALTER DATABASE " + scene.database().name() + " SET enable_partition_pruning = off");
        // The target's pooled session is older than the setting.
        assertThat(scene.only("partition-unpruned").remediation().orElseThrow())
                .isEqualTo("ALTER DATABASE " + scene.database().name() + " RESET enable_partition_pruning;");
        scene.mend("partition-unpruned");
        scene.spares("partition-unpruned");
        String role = scene.database().role("unpruned").user();
        for (String off : List.of("off", "false", "0", "no")) {
            scene.plant("ALTER ROLE \"" + role + "\" SET enable_partition_pruning = '" + off + "'");
            scene.finds("partition-unpruned", role);
        }
        scene.plant("ALTER ROLE \"" + role + "\" SET enable_partition_pruning = 'yes'");
        scene.spares("partition-unpruned");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-pending-detach")
    @Spares("partition-pending-detach")
    @Mends("partition-pending-detach")
    void an_interrupted_detachment_is_found_until_it_is_finished(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        for (String table : List.of("days", "\"My Schema\".\"Odd\"")) {
            daily(scene, table, "timestamptz", -3, 3);
            scene.plant("ALTER TABLE " + table + " ADD PRIMARY KEY (ts)");
        }
        scene.spares("partition-pending-detach");
        try (Connection reader = scene.database().connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT * FROM days");
            statement.execute("SELECT * FROM \"My Schema\".\"Odd\"");
            for (String detach : List.of(
                    "ALTER TABLE days DETACH PARTITION days_d0 CONCURRENTLY",
                    "ALTER TABLE \"My Schema\".\"Odd\" DETACH PARTITION \"My Schema\".\"Odd d0\" CONCURRENTLY")) {
                assertThatThrownBy(() -> interrupted(scene, detach)).hasMessageContaining("timeout");
            }
            scene.finds("partition-pending-detach", "public.days_d0", "My Schema.Odd d0");
        }
        scene.mend("partition-pending-detach");
        scene.spares("partition-pending-detach");
    }

    private static void interrupted(Scene scene, String sql) throws SQLException {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = '300ms'");
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-large")
    @Spares("partition-large")
    void only_partitions_over_the_limit_are_large(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        for (String table : List.of("days", "\"My Schema\".\"Odd\"")) {
            daily(scene, table, "timestamptz", -1, 1);
            scene.plant("INSERT INTO " + table + " SELECT now(), repeat('x', 500) FROM generate_series(1, 1000)");
        }
        scene.plant("CREATE TABLE plain AS SELECT * FROM days");
        scene.finds("partition-large", List.of("min_bytes=300000"), "public.days_d1", "My Schema.Odd d1");
        scene.spares("partition-large");
    }
}
