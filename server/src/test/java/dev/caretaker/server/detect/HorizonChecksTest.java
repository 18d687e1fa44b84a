package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

class HorizonChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String[] TABLES = {
        "CREATE TABLE plain (id int PRIMARY KEY, a int)",
        "CREATE TABLE parted (id int, a int) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000)",
        "CREATE SCHEMA \"My Schema\"",
        "CREATE TABLE \"My Schema\".\"Odd\" (id int)",
        "INSERT INTO plain SELECT generate_series(1, 100)"
    };

    /** Uses up transaction ids. */
    private static void age(Scene scene, int transactions) {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < transactions; i++) {
                statement.execute("SELECT pg_current_xact_id()");
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("xid-age")
    @Spares("xid-age")
    @Mends("xid-age")
    void an_old_database_is_found_and_critical_when_very_old(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        age(scene, 50);
        String name = scene.database().name();
        scene.findsAmongOthers("xid-age", List.of("warning_xids=50"), name);
        assertThat(scene.on(name, "xid-age", "warning_xids=50").severity()).isEqualTo(Severity.WARNING);
        assertThat(scene.on(name, "xid-age", "warning_xids=20", "critical_xids=50")
                        .severity())
                .isEqualTo(Severity.CRITICAL);
        scene.spares("xid-age");
        scene.mend("xid-age", finding -> finding.object().equals(name), "warning_xids=50");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("multixact-age")
    @Spares("multixact-age")
    @Mends("multixact-age")
    void a_database_with_old_multixacts_is_found(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES);
        shareLocks(scene, 5);
        String name = scene.database().name();
        scene.findsAmongOthers("multixact-age", List.of("warning_mxids=5"), name);
        scene.spares("multixact-age");
        scene.mend("multixact-age", finding -> finding.object().equals(name), "warning_mxids=5");
    }

    /** Locks rows by two transactions at once, which takes a multixact id each time. */
    private static void shareLocks(Scene scene, int times) throws SQLException {
        for (int i = 0; i < times; i++) {
            try (Connection one = scene.database().connect();
                    Connection other = scene.database().connect();
                    Statement first = one.createStatement();
                    Statement second = other.createStatement()) {
                one.setAutoCommit(false);
                other.setAutoCommit(false);
                first.execute("SELECT * FROM plain WHERE id = 1 FOR SHARE");
                second.execute("SELECT * FROM plain WHERE id = 1 FOR SHARE");
                one.commit();
                other.commit();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("freeze-overdue")
    @Spares("freeze-overdue")
    @Mends("freeze-overdue")
    void a_table_beyond_its_own_freeze_limit_is_found_until_it_is_frozen(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE SCHEMA \"My Schema\"",
                "CREATE TABLE relaxed (id int)",
                "CREATE TABLE plain (id int) WITH (autovacuum_freeze_max_age = 100000)",
                "CREATE TABLE parted (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000)"
                        + " WITH (autovacuum_freeze_max_age = 100000)",
                "CREATE TABLE \"My Schema\".\"Odd\" (id int) WITH (autovacuum_freeze_max_age = 100000)");
        age(scene, 210);
        // 0.2 % of the limit of 100,000.
        scene.finds("freeze-overdue", List.of("min_percent=0.2"), "public.plain", "public.parted_1", "My Schema.Odd");
        scene.spares("freeze-overdue");
        scene.mend("freeze-overdue", "min_percent=0.2");
        scene.spares("freeze-overdue", "min_percent=0.2");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("xmin-held")
    void everybody_who_holds_vacuum_back_is_named(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES);
        String slot = "held_" + scene.database().name();
        scene.plant("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        try (Connection reader = scene.database().connect();
                Statement statement = reader.createStatement()) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            statement.execute("SELECT * FROM plain");
            long pid = scene.database()
                    .number("SELECT pid FROM pg_stat_activity WHERE backend_xmin IS NOT NULL"
                            + " AND datname = current_database() AND pid <> pg_backend_pid()");
            scene.plant("BEGIN; INSERT INTO parted VALUES (1); PREPARE TRANSACTION 'Odd " + slot + "'");
            age(scene, 30);
            scene.findsAmongOthers("xmin-held", List.of("min_xids=25"), "pid " + pid, slot, "Odd " + slot);
            assertThat(scene.on("pid " + pid, "xmin-held", "min_xids=25").blocksVacuum())
                    .isTrue();
            // A logical slot keeps only system tables from being cleaned.
            assertThat(scene.on(slot, "xmin-held", "min_xids=25").blocksVacuum())
                    .isFalse();
            scene.plant(scene.on("pid " + pid, "xmin-held", "min_xids=25")
                    .remediation()
                    .orElseThrow());
        } finally {
            scene.plant("ROLLBACK PREPARED 'Odd " + slot + "'", "SELECT pg_drop_replication_slot('" + slot + "')");
        }
        scene.spares("xmin-held", "min_xids=25");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Mends("xmin-held")
    void ending_the_session_and_dropping_the_slot_lets_vacuum_go_on(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES);
        String slot = "mended_" + scene.database().name();
        scene.plant("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        try (Connection reader = scene.database().connect();
                Statement statement = reader.createStatement()) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            statement.execute("SELECT * FROM plain");
            age(scene, 30);
            String pid = "pid " + reader.unwrap(PGConnection.class).getBackendPID();
            scene.findsAmongOthers("xmin-held", List.of("min_xids=25"), pid, slot);
            scene.mend("xmin-held", finding -> List.of(pid, slot).contains(finding.object()), "min_xids=25");
        } finally {
            scene.plant("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + slot + "'");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("xmin-held")
    void a_snapshot_that_is_young_or_of_another_database_is_spared(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, TABLES);
        Scene other = Scene.on(server, TABLES);
        try (Connection young = scene.database().connect();
                Connection elsewhere = other.database().connect();
                Statement here = young.createStatement();
                Statement there = elsewhere.createStatement()) {
            elsewhere.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            elsewhere.setAutoCommit(false);
            there.execute("SELECT * FROM plain");
            age(scene, 30);
            young.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            young.setAutoCommit(false);
            here.execute("SELECT * FROM plain");
            scene.spares("xmin-held", "min_xids=25");
        }
    }
}
