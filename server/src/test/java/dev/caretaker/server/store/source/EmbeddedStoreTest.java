package dev.caretaker.server.store.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One data folder through its life: the tests come one after the other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedStoreTest {
    @TempDir(cleanup = CleanupMode.ALWAYS)
    private static Path temporary;

    private static Path folder;

    @Test
    @Order(1)
    void what_was_written_is_there_after_a_restart() throws Exception {
        // A space and a quote, because programs and settings get this path.
        folder = temporary.resolve("it's data");
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            execute(store, "CREATE TABLE kept AS SELECT 1 AS id");
        }
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            assertThat(count(store)).isEqualTo(1);
        }
        assertThat(folder.resolve("control-store").resolve("postmaster.pid")).doesNotExist();
    }

    @Test
    @Order(2)
    void what_was_committed_is_flushed_and_nobody_gets_in_without_the_password() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            assertThat(text(store, "SHOW fsync")).isEqualTo("on");
            assertThat(text(store, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> DriverManager.getConnection(store.url(), EmbeddedStore.USER, "wrong"))
                    .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("control-store.password"))))
                .isEqualTo("rw-------");
    }

    /** The driver does it; that it still does with a target's way of connecting is what is tested. */
    @Test
    @Order(3)
    void a_target_without_a_password_asks_the_password_file() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            Target target = new Targets(List.of(TargetConfig.of(
                            "app", store.url(), new Credentials(Optional.of(EmbeddedStore.USER), Optional.empty()))))
                    .get("app");
            assertThatExceptionOfType(CaretakerException.class)
                    .isThrownBy(() -> target.openSession("caretaker/x").close());
            Path file = Files.writeString(
                    temporary.resolve("pgpass"), "127.0.0.1:*:*:" + EmbeddedStore.USER + ":" + store.password() + "\n");
            System.setProperty("org.postgresql.pgpassfile", file.toString());
            try {
                target.openSession("caretaker/x").close();
            } finally {
                System.clearProperty("org.postgresql.pgpassfile");
            }
        }
    }

    @Test
    @Order(3)
    void two_servers_cannot_start_on_one_folder() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            refused("Another Caretaker server uses the data folder " + folder);
            assertThat(count(store)).isEqualTo(1);
        }
    }

    @Test
    @Order(4)
    void the_postgres_of_a_killed_server_is_stopped_and_started_anew() throws Exception {
        EmbeddedStore killed = EmbeddedStore.start(folder);
        long orphan = postmaster();
        // A killed process loses its lock and leaves its Postgres.
        killed.abandon();
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            assertThat(count(store)).isEqualTo(1);
            assertThat(postmaster()).isNotEqualTo(orphan);
            assertThat(isRunning(orphan)).isFalse();
        }
    }

    @Test
    @Order(5)
    void a_postgres_that_was_killed_itself_recovers() throws Exception {
        EmbeddedStore killed = EmbeddedStore.start(folder);
        execute(killed, "INSERT INTO kept VALUES (2)");
        long postmaster = postmaster();
        ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).until(() -> !isRunning(postmaster));
        killed.abandon();
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            assertThat(count(store)).isEqualTo(2);
        }
    }

    @Test
    @Order(6)
    void a_note_of_a_process_that_is_not_postgres_is_no_obstacle() throws Exception {
        Path note = folder.resolve("control-store").resolve("postmaster.pid");
        Files.writeString(note, ProcessHandle.current().pid() + "\n" + note.getParent() + "\n");
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            assertThat(count(store)).isEqualTo(2);
        }
    }

    @Test
    @Order(6)
    void the_postgres_of_somebody_else_whose_pid_the_note_has_goes_on() throws Exception {
        try (EmbeddedStore other = EmbeddedStore.start(temporary.resolve("other"))) {
            execute(other, "CREATE TABLE kept AS SELECT 1 AS id");
            Path note = folder.resolve("control-store").resolve("postmaster.pid");
            Path theirs = temporary.resolve("other").resolve("control-store").resolve("postmaster.pid");
            Files.writeString(note, Files.readAllLines(theirs).getFirst() + "\n" + note.getParent() + "\n");
            try (EmbeddedStore store = EmbeddedStore.start(folder)) {
                assertThat(count(store)).isEqualTo(2);
                assertThat(count(other)).isEqualTo(1);
            }
        }
    }

    @Test
    @Order(7)
    void data_of_another_major_version_are_refused_and_left_alone() throws Exception {
        Path version = folder.resolve("control-store").resolve("PG_VERSION");
        Files.writeString(version, "17\n");
        refused("was made by PostgreSQL 17, this Caretaker carries 18");
        Files.writeString(version, "18\n");
        try (EmbeddedStore store = EmbeddedStore.start(folder)) {
            assertThat(count(store)).isEqualTo(2);
        }
    }

    @Test
    @Order(8)
    void a_server_that_cannot_start_says_why() throws Exception {
        Path control = folder.resolve("control-store").resolve("global").resolve("pg_control");
        Path away = control.resolveSibling("pg_control.away");
        Files.move(control, away);
        refused("The embedded control store does not start: ");
        Files.move(away, control);
        Path settings = folder.resolve("control-store").resolve("postgresql.conf");
        Path hidden = settings.resolveSibling("postgresql.away");
        Files.move(settings, hidden);
        refused("could not access the server configuration file");
        Files.move(hidden, settings);
        Files.writeString(temporary.resolve("file"), "");
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> EmbeddedStore.start(temporary.resolve("file")))
                .withMessageContaining("is not a folder");
    }

    private static void refused(String message) {
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> EmbeddedStore.start(folder).close())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CONTROL_STORE_UNREACHABLE))
                .withMessageContaining(message);
    }

    /** A process that ended but that nobody has waited for has no command any more. */
    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .isPresent();
    }

    private static long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(folder.resolve("control-store").resolve("postmaster.pid"))
                .getFirst()
                .strip());
    }

    private static void execute(EmbeddedStore store, String sql) throws Exception {
        try (Connection connection = connect(store)) {
            Sql.of(sql).update(connection);
        }
    }

    private static long count(EmbeddedStore store) throws Exception {
        return Long.parseLong(text(store, "SELECT count(*)::text FROM kept"));
    }

    private static String text(EmbeddedStore store, String sql) throws Exception {
        try (Connection connection = connect(store)) {
            return Sql.of(sql).one(connection, row -> row.getString(1));
        }
    }

    private static Connection connect(EmbeddedStore store) throws Exception {
        return DriverManager.getConnection(store.url(), EmbeddedStore.USER, store.password());
    }
}
