package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    @Test
    void everything_has_a_default_but_the_url_of_a_target() throws IOException {
        CaretakerConfig config = read("caretaker: {targets: {app: {url: 'jdbc:postgresql://db/app'}}}");
        assertThat(config.listen().host()).isEqualTo("127.0.0.1");
        assertThat(config.listen().port()).isEqualTo(7420);
        assertThat(config.listen().tls()).isEmpty();
        assertThat(config.controlStore()).isEmpty();
        assertThat(config.storeConnections()).isEqualTo(8);
        assertThat(config.dataDir()).isEqualTo(Path.of("./caretaker-data"));
        TargetConfig target = config.targets().get("app");
        assertThat(target.lockTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(target.schemas()).isEmpty();
        assertThat(target.credentials().password()).isEmpty();
        assertThat(read("other: {}").targets()).isEmpty();
    }

    @Test
    void a_target_takes_all_its_settings() throws IOException {
        TargetConfig target = read("""
                        caretaker:
                          targets:
                            app-1:
                              url: jdbc:postgresql://db:5433/app
                              replica-url: jdbc:postgresql://replica/app
                              user: caretaker
                              password: secret
                              schemas: [public, "My Schema"]
                              driver-properties: {sslmode: verify-full, sslrootcert: /etc/ca.pem, socketTimeout: 60}
                              lock-timeout: 500ms
                              statement-timeout: PT2H
                              tuning:
                                batch-target: 200ms
                                max-rows-per-second: 5000
                                pause-ratio: 0.5
                                max-replication-lag: 64MB
                                max-wal-per-second: 8 MiB
                                max-lock-waiters: 3
                        """).targets().get("app-1");
        assertThat(target.replicaUrl()).contains("jdbc:postgresql://replica/app");
        assertThat(target.credentials().user()).contains("caretaker");
        assertThat(target.credentials().password().orElseThrow().reveal()).isEqualTo("secret");
        assertThat(target.schemas()).containsExactly("public", "My Schema");
        assertThat(target.driverProperties())
                .isEqualTo(Map.of("sslmode", "verify-full", "sslrootcert", "/etc/ca.pem", "socketTimeout", "60"));
        assertThat(target.lockTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(target.statementTimeout()).isEqualTo(Duration.ofHours(2));
        assertThat(target.tuning().batchTarget()).contains(Duration.ofMillis(200));
        assertThat(target.tuning().maxRowsPerSecond()).hasValue(5000);
        assertThat(target.tuning().pauseRatio()).hasValue(0.5);
        assertThat(target.tuning().maxReplicationLagBytes()).hasValue(64L << 20);
        assertThat(target.tuning().maxWalBytesPerSecond()).hasValue(8L << 20);
        assertThat(target.tuning().maxLockWaiters()).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen: {prot: 1}                         | caretaker.listen.prot: is not known; known here are allow-insecure, host, port, tls, tokens-file; did you mean \"port\"?",
                "listen: {port: 70000}                     | caretaker.listen.port: must lie between 0 and 65535",
                "listen: {port: http}                      | caretaker.listen.port: is not a whole number: http",
                "listen: {allow-insecure: maybe}           | caretaker.listen.allow-insecure: must be true or false, not maybe",
                "listen: {tls: {key: /nowhere/key.pem}}    | caretaker.listen.tls.key: cannot read the file /nowhere/key.pem",
                "listen: {tokens-file: /nowhere}           | caretaker.listen.tokens-file: cannot read the file /nowhere",
                "http: {host: localhost}                   | caretaker.http.port: is missing",
                "http: {api: true}                         | caretaker.http.port: is missing",
                "http: {console: read-only}                | caretaker.http.port: is missing",
                "http: {tls: true}                         | caretaker.http.port: is missing",
                "http: {port: 0, tls: true}                | caretaker.http.tls: takes the certificate of caretaker.listen.tls, which is missing",
                "http: {port: 0, console: maybe}           | caretaker.http.console: has to be true, false or read-only",
                "http: {port: 0, host: 0.0.0.0, allow-insecure: true, console: read-only} | caretaker.http.console: 0.0.0.0 is reachable from other machines: set caretaker.listen.tokens-file, or caretaker.listen.tls.client-ca with caretaker.http.tls: true, or say caretaker.listen.allow-insecure: true if anybody may delete your rows",
                "http: {port: 0, host: 0.0.0.0, allow-insecure: true, api: true} | caretaker.http.api: 0.0.0.0 is reachable from other machines: set caretaker.listen.tokens-file, or caretaker.listen.tls.client-ca with caretaker.http.tls: true, or say caretaker.listen.allow-insecure: true if anybody may delete your rows",
                "http: {port: 0, host: 0.0.0.0}            | caretaker.http.host: 0.0.0.0 is reachable from other machines, and this port has neither TLS nor authentication: set caretaker.http.tls and caretaker.http.metrics-tokens-file, put a proxy in front of it that has both, or say caretaker.http.allow-insecure: true if anybody may read the names and figures of your targets",
                "http: {prot: 1}                           | caretaker.http.prot: is not known; known here are allow-insecure, api, console, host, hsts, metrics-tokens-file, port, tls; did you mean \"port\"?",
                "control-store: {user: me}                 | caretaker.control-store.url: is missing",
                "control-store: {connections: 33}          | caretaker.control-store.connections: must lie between 2 and 32",
                "control-store: {url: 'jdbc:postgresql://h/d', connections: 1} | caretaker.control-store.connections: must lie between 2 and 500",
                "control-store: {url: 'http://x'}          | caretaker.control-store.url: not a Postgres URL; write jdbc:postgresql://host:5432/database",
                "targets: {app: {user: me}}                | caretaker.targets.app.url: is missing",
                "targets: {My App: {url: x}}               | caretaker.targets.My App: a target's name has lower-case letters, digits and inner hyphens, at most 63",
                "targets: {app: {urll: x}}                 | caretaker.targets.app.urll: is not known; known here are act-as, backups, disk-size, driver-properties, free-disk-space, lock-timeout, password, password-env, password-file, replica-url, schemas, statement-timeout, table-limit, table-limits, tuning, url, user; did you mean \"url\"?",
                "target: {app: {url: x}}                   | caretaker.target: is not known; known here are archives, backups, checks, connections-per-server, control-store, data-dir, engine, growth, http, listen, log, notifications, reports, retention, routines, schedules, targets, tracing; did you mean \"targets\"?",
                "checks: {threshold: {a: {b: 1}}}          | caretaker.checks.threshold: is not known; known here are directory, disabled, login, parallelism, role, statement-timeout, targets, thresholds; did you mean \"thresholds\"?",
                "routines: {mine: {vacum: {min-rows: 5}}}  | caretaker.routines.mine.vacum: is not known; known here are archive-verify, backup, backup-verify, cancel-queries, deadline, parts, reindex, report, vacuum, window; did you mean \"vacuum\"?",
                "notifications: {rule: {a: {channels: b}}} | caretaker.notifications.rule: is not known; known here are attempts, channels, paused-after, retention, retry-after, rules, source, unreachable-after; did you mean \"rules\"?",
                "archives: {destinations: {nas: {type: directory, pth: /mnt}}} | caretaker.archives.destinations.nas.pth: is not known; known here are access-key, access-key-env, access-key-file, bucket, checksums, conditional-writes, endpoint, indexes, kms-key-id, multipart-size, path, path-style, prefix, region, schema, secret-key-env, secret-key-file, server-side-encryption, session-token-env, session-token-file, table-name, type; did you mean \"path\"?",
                "archives: {destinations: {nas: /mnt}}     | caretaker.archives.destinations.nas: needs keys below it: access-key, access-key-env, access-key-file, bucket, checksums, conditional-writes, endpoint, indexes, kms-key-id, multipart-size, path, path-style, prefix, region, schema, secret-key-env, secret-key-file, server-side-encryption, session-token-env, session-token-file, table-name, type",
                "archives: {destinations: {cold: {type: s3, bucket: b, server-side-encryption: aes}}} | caretaker.archives.destinations.cold.server-side-encryption: give one of AES256, aws:kms, aws:kms:dsse, not aes",
                "archives: {destinations: {cold: {type: s3, bucket: b, server-side-encryption: AES256, kms-key-id: k}}} | caretaker.archives.destinations.cold.kms-key-id: needs server-side-encryption: aws:kms",
                "archives: {spol: /mnt}                    | caretaker.archives.spol: is not known; known here are destinations, parquet-driver, parquet-memory, seal-wait, spool, spool-limit; did you mean \"spool\"?",
                "archives: {parquet-memory: 1MB}           | caretaker.archives.parquet-memory: must be at least 64MB",
                "archives: {destinations: {nas: {type: directory, path: /no/such}}} | caretaker.archives.destinations.nas.path: is not a folder that is there: /no/such",
                "notifications: {rules: {all: {chanels: mail}}} | caretaker.notifications.rules.all.chanels: is not known; known here are at, channels, day, digest, events, group-by, group-wait, repeat, resolved, severity, targets, when-empty, zone; did you mean \"channels\"?",
                "reports: {retention: 1d}                  | caretaker.reports.directory: is missing",
                "reports: {directory: /dev/null}           | caretaker.reports.directory: is not a directory: /dev/null",
                "routines: {mine: {vacuum: {min: 5}}}      | caretaker.routines.mine.vacuum.min: is not known; known here are changed-percent, dead-percent, forced-percent, freeze-percent, inserted-percent, min-rows",
                "engine: {parallel-runs: 0}                | caretaker.engine.parallel-runs: must lie between 1 and 32767",
                "engine: {run-retention: long}             | caretaker.engine.run-retention: is not a duration such as 500ms, 2s, 1h30m or 90 days: long",
                "checks: {statement-timeout: 0s}           | caretaker.checks.statement-timeout: must lie between 1ms and 86400s",
                "checks: {parallelism: two}                | caretaker.checks.parallelism: is not a whole number: two",
                "targets: {app: }                          | caretaker.targets.app: has no url",
                "listen: {host: 0.0.0.0}                   | caretaker.listen.host: 0.0.0.0 is reachable from other machines: set caretaker.listen.tls and either caretaker.listen.tls.client-ca or caretaker.listen.tokens-file, or say caretaker.listen.allow-insecure: true if anybody may delete your rows",
                "targets: {app: {url: 'jdbc:postgresql://h/d', lock-timeout: 2}}          | caretaker.targets.app.lock-timeout: is not a duration such as 500ms, 2s, 1h30m or 90 days: 2",
                "targets: {app: {url: 'jdbc:postgresql://h/d', lock-timeout: 0s}}         | caretaker.targets.app.lock-timeout: must lie between 10ms and 60s",
                "targets: {app: {url: 'jdbc:postgresql://h/d', password-env: NO_SUCH}}    | caretaker.targets.app.password-env: the environment has no variable NO_SUCH",
                "targets: {app: {url: 'jdbc:postgresql://h/d', password-file: /nowhere}}  | caretaker.targets.app.password-file: cannot read the file /nowhere",
                "targets: {app: {url: 'jdbc:postgresql://h/d', password: a, password-env: PASSWORD}} | caretaker.targets.app.password: give only one of password, password-env and password-file",
                "targets: {app: {url: 'jdbc:postgresql://h/d', driver-properties: {sslmod: x}}}      | caretaker.targets.app.driver-properties.sslmod: is not a connection property of the PostgreSQL JDBC driver",
                "targets: {app: {url: 'jdbc:postgresql://h/d', driver-properties: {password: x}}}    | caretaker.targets.app.driver-properties.password: belongs one level higher",
                "targets: {app: {url: 'jdbc:postgresql://h/d', tuning: {pause-ratio: -1}}}           | caretaker.targets.app.tuning.pause-ratio: must lie between 0.0 and 100.0",
                "targets: {app: {url: 'jdbc:postgresql://h/d', tuning: {max-wal-per-second: much}}}  | caretaker.targets.app.tuning.max-wal-per-second: is not a size such as 64MB: much",
                "targets: {app: {url: 'jdbc:postgresql://h/d', user: '${NO_SUCH_THING}'}}            | caretaker.targets.app.user: cannot be resolved: it refers to something that is not set"
            })
    void what_is_wrong_is_told_in_one_line_that_begins_with_the_key(String yaml, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("caretaker: {" + yaml + "}"))
                .withMessage(message);
    }

    @Test
    void sections_without_a_line_are_as_if_they_were_not_there() throws IOException {
        assertThat(
                        read("caretaker: {targets: , control-store: {}, listen: {tls: }, checks: {thresholds: }, routines: {}}")
                                .targets())
                .isEmpty();
        assertThat(read("""
                caretaker:
                  targets: {app: {url: 'jdbc:postgresql://h/d', tuning: , driver-properties: {}}}
                  routines: {standard: , full: {vacuum: {}}}
                """).targets()).containsOnlyKeys("app");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caretaker:#  targets:#    a: {url: x}#    b: {url: x}#    a: {url: y} | 5 | a",
                "caretaker:#  targets: {}#  listen: {port: 1}#  targets: {}           | 4 | targets"
            })
    void a_key_that_is_given_twice_is_refused_with_its_line(String yaml, int line, String key, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("caretaker.yml"), yaml.replace('#', '\n'));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.read(file))
                .withMessage(file + ":" + line + ": is given twice: " + key);
    }

    @Test
    void passwords_come_from_the_environment_or_a_file_that_is_read_anew(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("password");
        Files.writeString(file, "first\n");
        CaretakerConfig config = read("""
                caretaker:
                  targets:
                    a: {url: 'jdbc:postgresql://h/d', password-env: PASSWORD}
                    b: {url: 'jdbc:postgresql://h/d', password-file: %s}
                """.formatted(file));
        assertThat(config.targets()
                        .get("a")
                        .credentials()
                        .password()
                        .orElseThrow()
                        .reveal())
                .isEqualTo("from env");
        Secret inFile = config.targets().get("b").credentials().password().orElseThrow();
        assertThat(inFile.reveal()).isEqualTo("first");
        Files.writeString(file, "second");
        assertThat(inFile.reveal()).isEqualTo("second");
        Files.delete(file);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(inFile::reveal)
                .withMessageStartingWith("caretaker.targets.b.password-file: cannot read");
    }

    @Test
    void nothing_prints_a_password() throws IOException {
        CaretakerConfig config = read("""
                caretaker:
                  control-store: {url: 'jdbc:postgresql://h/d?user=u&password=hidden-1', password: hidden-2}
                  targets:
                    a: {url: 'jdbc:postgresql://h/d?password=hidden-3', password: hidden-4}
                """);
        assertThat(config.toString()).contains("h:5432/d").doesNotContain("hidden");
    }

    @Test
    void the_environment_overrides_the_file_and_may_add_a_target() throws IOException {
        CaretakerConfig config = read(
                "caretaker: {listen: {port: 1}, targets: {my-app: {url: 'jdbc:postgresql://file/d'}}}",
                Map.of(
                        "CARETAKER_LISTEN_PORT", "2",
                        "CARETAKER_TARGETS_MY_APP_URL", "jdbc:postgresql://env/d",
                        "CARETAKER_TARGETS_MY_APP_LOCK_TIMEOUT", "3s",
                        "CARETAKER_TARGETS_OTHER_URL", "jdbc:postgresql://other/d"));
        assertThat(config.listen().port()).isEqualTo(2);
        assertThat(config.targets()).containsOnlyKeys("my-app", "other");
        assertThat(config.targets().get("my-app").url()).isEqualTo("jdbc:postgresql://env/d");
        assertThat(config.targets().get("my-app").lockTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    private static CaretakerConfig read(String yaml) throws IOException {
        return read(yaml, Map.of());
    }

    private static CaretakerConfig read(String yaml, Map<String, Object> variables) throws IOException {
        Map<String, Object> file = new YamlPropertySourceLoader()
                .read("test", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
        try (ApplicationContext context = ApplicationContext.builder()
                .environmentPropertySource(false)
                .propertySources(
                        PropertySource.of("file", file, -250),
                        PropertySource.of("env", variables, PropertySource.PropertyConvention.ENVIRONMENT_VARIABLE))
                .build()) {
            context.getEnvironment().start();
            Environment environment = context.getEnvironment();
            new EngineReader().read(environment);
            new ChecksReader().read(environment);
            CaretakerConfig config =
                    ConfigReader.read(environment, name -> name.equals("PASSWORD") ? "from env" : null);
            new HttpReader().read(environment, config);
            new ReportsReader().read(environment);
            new ArchivesReader().read(environment, config);
            return config;
        }
    }
}
