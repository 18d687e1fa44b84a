package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

class ReplicationChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String WRITES =
            "CREATE TABLE t AS SELECT g, repeat('x', 200) AS b FROM generate_series(1, 5000) g";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("replication-lag")
    @Spares("replication-lag")
    void a_consumer_that_does_not_confirm_lags(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server);
        String name = "Odd \"standby\" " + scene.database().name();
        scene.spares("replication-lag");
        try (Connection connection = replication(scene, name);
                PGReplicationStream stream = connection
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .physical()
                        .withStartPosition(org.postgresql.replication.LogSequenceNumber.valueOf(
                                (String) scene.database().value("SELECT pg_current_wal_lsn()::text")))
                        .withStatusInterval(1, TimeUnit.HOURS)
                        .start()) {
            assertThat(stream.isClosed()).isFalse();
            stream.forceUpdateStatus();
            scene.plant(WRITES);
            scene.findsAmongOthers("replication-lag", List.of("min_bytes=100000"), name);
            assertThat(scene.run("replication-lag").findings()).isEmpty();
        }
    }

    private static Connection replication(Scene scene, String name) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, scene.database().user());
        PGProperty.PASSWORD.set(properties, scene.database().password());
        PGProperty.REPLICATION.set(properties, "true");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.APPLICATION_NAME.set(properties, name);
        return DriverManager.getConnection(scene.database().url(), properties);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds({"slot-inactive", "slot-wal"})
    @Mends("slot-wal")
    void a_slot_that_nobody_uses_is_found_with_the_log_it_keeps(TestPostgres server) {
        Scene scene = Scene.on(server);
        String slot = "idle_" + scene.database().name();
        scene.plant("SELECT pg_create_physical_replication_slot('" + slot + "', true)", WRITES);
        try {
            scene.findsAmongOthers("slot-inactive", List.of("min_seconds=0"), slot);
            boolean noted = server == TestPostgres.newest();
            assertThat(scene.on(slot, "slot-inactive", "min_seconds=0").confidence())
                    .isEqualTo(noted ? Confidence.CERTAIN : Confidence.HEURISTIC);
            scene.findsAmongOthers("slot-wal", List.of("min_bytes=500000"), slot);
            assertThat(scene.on(slot, "slot-wal", "min_bytes=500000").impact()).isGreaterThan(500_000);
            scene.mend("slot-wal", finding -> finding.object().equals(slot), "min_bytes=500000");
            assertThat(scene.database()
                            .number("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + slot + "'"))
                    .isZero();
        } finally {
            scene.plant("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + slot + "'");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Mends("slot-inactive")
    void a_slot_that_nobody_uses_can_be_dropped(TestPostgres server) {
        Scene scene = Scene.on(server);
        String slot = "dropped_" + scene.database().name();
        scene.plant("SELECT pg_create_physical_replication_slot('" + slot + "', true)");
        try {
            scene.findsAmongOthers("slot-inactive", List.of("min_seconds=0"), slot);
            scene.mend("slot-inactive", finding -> finding.object().equals(slot), "min_seconds=0");
        } finally {
            scene.plant("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + slot + "'");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("slot-wal")
    void a_slot_that_keeps_little_is_spared(TestPostgres server) {
        Scene scene = Scene.on(server);
        String slot = "little_" + scene.database().name();
        scene.plant("SELECT pg_create_physical_replication_slot('" + slot + "', true)", WRITES);
        try {
            assertThat(scene.run("slot-wal").findings()).isEmpty();
        } finally {
            scene.plant("SELECT pg_drop_replication_slot('" + slot + "')");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("slot-inactive")
    void a_slot_that_its_session_still_holds_is_spared(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server);
        String slot = "held_" + scene.database().name();
        try (Connection holder = scene.database().connect();
                var statement = holder.createStatement()) {
            statement.execute("SELECT pg_create_physical_replication_slot('" + slot + "', true, true)");
            assertThat(scene.run("slot-inactive", "min_seconds=0").findings())
                    .noneMatch(finding -> finding.object().equals(slot));
        }
    }

    @Test
    @Spares("slot-inactive")
    void a_slot_that_was_in_use_lately_is_spared() {
        Scene scene = Scene.on(TestPostgres.newest());
        String slot = "lately_" + scene.database().name();
        scene.plant("SELECT pg_create_physical_replication_slot('" + slot + "', true)");
        try {
            assertThat(scene.run("slot-inactive").findings())
                    .noneMatch(finding -> finding.object().equals(slot));
        } finally {
            scene.plant("SELECT pg_drop_replication_slot('" + slot + "')");
        }
    }
}
