package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caretaker.server.config.BackupToolsConfig.Source;
import dev.caretaker.server.config.BackupToolsConfig.Tool;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupToolsReaderTest {
    @TempDir
    Path folder;

    @Test
    void nothing_is_expected_and_no_tool_is_asked_unless_the_configuration_says_so() {
        BackupToolsConfig config = read(Map.of());
        assertThat(config).isEqualTo(BackupToolsConfig.DEFAULT);
        assertThat(config.of("app").sources()).isEmpty();
    }

    @Test
    void tools_and_what_is_expected_are_said_of_each_target() throws IOException {
        Path wal = Files.createFile(folder.resolve("wal-g.yaml"));
        Path rest = Files.createFile(folder.resolve("pgbackrest.conf"));
        BackupToolsConfig config = read(Map.of(
                "caretaker.backups.postgres-bin[0]", folder.toString(),
                "caretaker.backups.barman", "/bin/sh",
                "caretaker.backups.tool-timeout", "5s",
                "caretaker.targets.app.backups.expect-within", "26h",
                "caretaker.targets.app.backups.pgbackrest-stanza", "main",
                "caretaker.targets.app.backups.pgbackrest-config", rest.toString(),
                "caretaker.targets.app.backups.barman-server", "app.db_1",
                "caretaker.targets.app.backups.wal-g-config", wal.toString()));
        assertThat(config.postgresBin()).containsExactly(folder);
        assertThat(config.programs()).containsExactly(Map.entry(Tool.BARMAN, Path.of("/bin/sh")));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.of("app").expectWithin()).contains(Duration.ofHours(26));
        assertThat(config.of("app").sources())
                .isEqualTo(List.of(
                        new Source(Tool.PGBACKREST, "main", Optional.of(rest)),
                        new Source(Tool.BARMAN, "app.db_1", Optional.empty()),
                        new Source(Tool.WAL_G, "", Optional.of(wal))));
    }

    @ParameterizedTest
    @CsvSource({
        "caretaker.targets.app.backups.pgbackrest-stanza, --repo1-path=/x, has letters",
        "caretaker.targets.app.backups.barman-server, a b, has letters",
        "caretaker.targets.app.backups.wal-g-config, /no/such/file, cannot read the file /no/such/file",
        "caretaker.targets.app.backups.barman-config, /etc/passwd, backups.barman-server: is missing",
        "caretaker.targets.app.backups.expect-within, 5s, must lie between",
        "caretaker.backups.wal-g, wal-g, is not a program that can be run",
        "caretaker.backups.pgbackrest, /etc, is not a program that can be run",
        "caretaker.backups.postgres-bin, bin, is not a folder"
    })
    void what_is_wrong_is_told_with_its_key(String key, String value, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(Map.of(key, value)))
                .withMessageContaining(problem);
    }

    private static BackupToolsConfig read(Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("caretaker.targets.app.url", "jdbc:postgresql://db/app");
        try (ApplicationContext context = ApplicationContext.builder()
                .deduceEnvironment(false)
                .properties(all)
                .build()) {
            context.getEnvironment().start();
            CaretakerConfig config = ConfigReader.read(context.getEnvironment(), name -> null);
            return new BackupToolsReader().read(context.getEnvironment(), config);
        }
    }
}
