package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program itself, in a process of its own. */
class ServerCommandTest {
    @TempDir
    private Path folder;

    @Test
    void it_starts_on_an_embedded_store_and_stops_on_sigterm_with_nothing_left_behind() throws Exception {
        Process server = start(config("data-dir: " + folder.resolve("data"), "listen: {port: 0}"));
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> log().contains("Listening on 127.0.0.1:"));
            assertThat(log())
                    .contains("targets: none; control store: embedded PostgreSQL 18 in " + folder.resolve("data"));
            server.destroy();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("data/control-store/PG_VERSION")).exists();
            assertThat(folder.resolve("data/control-store/postmaster.pid")).doesNotExist();
            assertThat(log()).doesNotContain("ERROR").doesNotContain("Exception");
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void it_names_its_targets_and_its_store_and_no_password() throws Exception {
        Database store = TestPostgres.newest().database();
        Process server = start(config(
                "listen: {port: 0}",
                "control-store: {url: '" + store.url() + "?password=hidden-1', user: " + store.user() + "}",
                "targets: {b: {url: 'jdbc:postgresql://h/d', password: hidden-2}, a: {url: 'jdbc:postgresql://h/d'}}"));
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> log().contains("Listening on"));
            assertThat(log())
                    .contains("targets: a, b; control store: localhost:"
                            + store.server().port() + "/" + store.name())
                    .doesNotContain("hidden");
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void asked_for_JSON_it_logs_an_object_a_line_from_the_first_on() throws Exception {
        Database store = TestPostgres.newest().database();
        Process server = start(config(
                "listen: {port: 0}",
                "log: {format: json}",
                "control-store: {url: '" + store.url() + "', user: " + store.user() + ", password: postgres}"));
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> log().contains("Listening on"));
            server.destroy();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            List<String> messages = new ArrayList<>();
            for (String line : log().strip().lines().toList()) {
                messages.add(new ObjectMapper()
                        .readTree(line)
                        .required("formattedMessage")
                        .asText());
            }
            assertThat(messages).anyMatch(message -> message.startsWith("Listening on 127.0.0.1:"));
        } finally {
            server.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen: {port: many}                    | 2 | caretaker.listen.port: is not a whole number: many",
                "lisen: {port: 1}                        | 2 | caretaker.lisen: is not known; known here are archives, backups, checks, connections-per-server, control-store, data-dir, engine, growth, http, listen, log, notifications, reports, retention, routines, schedules, targets, tracing",
                "listen: {                               | 2 | is not YAML",
                "log: {format: xml}                      | 2 | caretaker.log.format: must be text or json",
                "control-store: {url: 'jdbc:postgresql://localhost:1/x'} | 1 | The control store cannot be used: Connection to localhost:1 refused"
            })
    void what_is_wrong_at_the_start_is_one_line_and_an_exit_code(String yaml, int code, String message)
            throws Exception {
        Process server = start(config(yaml));
        try {
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(log()).contains(message).doesNotContain("\tat ");
            assertThat(log().strip().lines()).hasSize(1);
            assertThat(server.exitValue()).isEqualTo(code);
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void all_that_is_wrong_is_told_at_once() throws Exception {
        Process server = start(config(
                "listen: {port: many}",
                "lisen: {port: 1}",
                "targets: {a: {url: nonsense}, b: {user: x}}",
                "engine: {parallel-runs: none}",
                "notifications: {channels: {ops: {type: pigeon}, book: {type: file, path: "
                        + folder.resolve("missing/book.jsonl") + "}}, rules: {one: {channels: [ops, nobody]}}}"));
        try {
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(log().strip().lines())
                    .extracting(line -> line.substring(0, line.indexOf(':')))
                    .containsExactlyInAnyOrder(
                            "caretaker.lisen",
                            "caretaker.listen.port",
                            "caretaker.targets.a.url",
                            "caretaker.targets.b.url",
                            "caretaker.engine.parallel-runs",
                            "caretaker.notifications.channels.ops.type",
                            "caretaker.notifications.rules.one.channels");
            assertThat(server.exitValue()).isEqualTo(2);
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void a_port_that_is_taken_is_named() throws Exception {
        Database store = TestPostgres.newest().database();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process server = start(config(
                    "listen: {port: " + taken.getLocalPort() + "}",
                    "control-store: {url: '" + store.url() + "', user: " + store.user() + ", password: postgres}"));
            try {
                assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(log())
                        .contains("Cannot listen on 127.0.0.1:" + taken.getLocalPort())
                        .doesNotContain("\tat ");
                assertThat(server.exitValue()).isEqualTo(1);
            } finally {
                server.destroyForcibly();
            }
        }
    }

    @Test
    void a_second_port_is_there_only_if_asked_for_and_named_if_it_is_taken() throws Exception {
        Database store = TestPostgres.newest().database();
        String controlStore =
                "control-store: {url: '" + store.url() + "', user: " + store.user() + ", password: postgres}";
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process server =
                    start(config("listen: {port: 0}", "http: {port: " + taken.getLocalPort() + "}", controlStore));
            try {
                assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(log())
                        .contains("Cannot listen on 127.0.0.1:" + taken.getLocalPort() + " (caretaker.http): ")
                        .doesNotContain("\tat ");
                assertThat(server.exitValue()).isEqualTo(1);
            } finally {
                server.destroyForcibly();
            }
        }
        Process server = start(config("listen: {port: 0}", "http: {host: 0.0.0.0, port: 0}", controlStore));
        try {
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(log()).startsWith("caretaker.http.host: 0.0.0.0 is reachable from other machines");
            assertThat(server.exitValue()).isEqualTo(2);
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void a_missing_file_or_word_is_a_usage_error() throws Exception {
        Process missing = start(folder.resolve("nowhere.yml"));
        assertThat(missing.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(missing.exitValue()).isEqualTo(2);
        assertThat(log()).contains("nowhere.yml: cannot be read: there is no such file");
    }

    @Test
    void a_control_store_of_another_version_is_told_in_one_line() throws Exception {
        Database store = TestPostgres.newest().database();
        Path config = config(
                "listen: {port: 0}",
                "control-store: {url: '" + store.url() + "', user: " + store.user() + ", password: postgres}");
        Process first = start(config);
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> log().contains("Listening on"));
        } finally {
            first.destroyForcibly().waitFor();
        }
        store.execute("UPDATE caretaker.flyway_schema_history SET checksum = 1 WHERE version = '1'");
        Process second = start(config);
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(log().strip().lines()).singleElement().asString().contains("made by another version of Caretaker");
    }

    @Test
    void a_root_that_nothing_reads_is_named() throws Exception {
        Process server = start(Files.writeString(folder.resolve("caretaker.yml"), "caretakr: {listen: {port: 0}}"));
        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isEqualTo(2);
        assertThat(log()).contains("has the key caretakr, which is not known; everything lives under caretaker");
    }

    private Path config(String... entries) throws IOException {
        Path file = folder.resolve("caretaker.yml");
        StringBuilder yaml = new StringBuilder("caretaker:\n");
        for (String entry : entries) {
            yaml.append("  ").append(entry).append('\n');
        }
        return Files.writeString(file, yaml);
    }

    private Process start(Path config) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(List.of("dev.caretaker.server.Main", "server", "--config", config.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
    }
}
