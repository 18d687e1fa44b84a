package dev.caretaker.server.backup.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.config.BackupToolsConfig.Source;
import dev.caretaker.server.config.BackupToolsConfig.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The answers are those of the projects' own tests and programs. */
class ReaderTest {
    private static final Source STANZA = new Source(Tool.PGBACKREST, "stanza1", Optional.empty());
    private static final Source SERVER = new Source(Tool.BARMAN, "main", Optional.of(Path.of("/etc/barman.conf")));
    private static final Source WAL_G = new Source(Tool.WAL_G, "", Optional.of(Path.of("/etc/wal-g.yaml")));

    @Test
    void pgbackrest_tells_backups_of_all_repositories_and_of_which_cluster_they_are() throws IOException {
        SeenBackups seen = new PgBackRest().read(text("pgbackrest"), STANZA);
        assertThat(seen.problem()).isEmpty();
        assertThat(seen.backups()).extracting(SeenBackup::id).hasSize(6).contains("20181119-152138F_20181119-152155I");
        assertThat(seen.newest()).hasValueSatisfying(newest -> {
            assertThat(newest.id()).isEqualTo("20201116-155000F_20201119-152100I");
            assertThat(newest.kind()).isEqualTo("incr");
            assertThat(newest.finished()).contains(Instant.ofEpochSecond(1_605_799_263));
            assertThat(newest.systemIdentifier()).isEqualTo("6626363367545678089");
        });
        assertThat(seen.backups())
                .filteredOn(backup -> !backup.problem().isEmpty())
                .extracting(SeenBackup::id, SeenBackup::problem)
                .containsExactly(tuple("20201116-200000F", "has pages with wrong checksums"));
    }

    @Test
    void backups_of_another_cluster_do_not_count() throws IOException {
        SeenBackups seen = new PgBackRest().read(text("pgbackrest"), STANZA).of("6625592122879095702");
        assertThat(seen.newest()).map(SeenBackup::id).contains("20181119-152138F_20181119-152155I");
        assertThat(seen.backups().getLast().problem()).isEqualTo("was made of another cluster, 6626363367545678089");
        assertThat(seen.of("7").newest()).isEmpty();
    }

    @Test
    void a_stanza_that_is_unknown_or_not_well_is_told() throws IOException {
        assertThat(new PgBackRest()
                        .read(text("pgbackrest"), new Source(Tool.PGBACKREST, "other", Optional.empty()))
                        .problem())
                .isEqualTo("knows no stanza other");
        assertThat(new PgBackRest()
                        .read(text("pgbackrest"), new Source(Tool.PGBACKREST, "stanza2", Optional.empty()))
                        .problem())
                .isEqualTo("says: different across repos");
        assertThat(new PgBackRest().read("[]", STANZA).problem()).isEqualTo("knows no stanza stanza1");
    }

    @Test
    void of_barman_only_what_is_done_counts() throws IOException {
        SeenBackups seen = new Barman().read(text("barman"), SERVER);
        assertThat(seen.backups())
                .extracting(SeenBackup::id, SeenBackup::problem)
                .containsExactly(
                        tuple("20261129T020004", "is WAITING_FOR_WALS"),
                        tuple("20261128T020003", ""),
                        tuple("20261127T020002", "is FAILED"));
        assertThat(seen.newest()).hasValueSatisfying(newest -> {
            assertThat(newest.finished()).contains(Instant.parse("2026-11-28T02:08:57Z"));
            assertThat(newest.bytes()).hasValue(1_845_493_760L);
        });
        assertThat(new Barman()
                        .read("{\"_ERROR\": [\"Unknown server 'main'\"]}", SERVER)
                        .problem())
                .isEqualTo("says: Unknown server 'main'");
    }

    @Test
    void wal_g_tells_when_backups_were_finished() throws IOException {
        SeenBackups seen = new WalG().read(text("wal-g"), WAL_G);
        SeenBackup first = seen.backups().getFirst();
        assertThat(first.id()).isEqualTo("base_000000430000030600000060");
        assertThat(first.finished()).contains(Instant.parse("2025-12-20T02:00:18.538578Z"));
        assertThat(first.systemIdentifier()).isEqualTo("7507672962298572862");
        assertThat(first.bytes()).hasValue(858_502_390L);
        assertThat(seen.backups()).allMatch(SeenBackup::counts);
        assertThat(new WalG().read("\n", WAL_G).backups()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Tool.class)
    void what_is_not_an_answer_is_refused(Tool tool) {
        Source source = new Source(tool, "x", Optional.empty());
        for (String answer : new String[] {"oops", "\"text\"", "7", "{\"a\": [", "[{\"backup_name\": "}) {
            assertThatExceptionOfType(IOException.class)
                    .as(answer)
                    .isThrownBy(() -> Reader.of(tool).read(answer, source))
                    .withMessageStartingWith("its answer is not");
        }
    }

    @ParameterizedTest
    @EnumSource(Tool.class)
    void fields_that_are_missing_or_of_another_kind_make_a_backup_that_does_not_count(Tool tool) throws IOException {
        String answer = switch (tool) {
            case PGBACKREST -> "[{\"name\": \"x\", \"backup\": [{\"label\": 7, \"timestamp\": \"now\"}, null, 3]}]";
            case BARMAN -> "{\"x\": [{\"status\": \"DONE\", \"end_time_timestamp\": \"soon\"}, null, 3]}";
            case WAL_G -> "[{\"backup_name\": null, \"finish_time\": \"0001-01-01T00:00:00Z\"}, null, 3]";
        };
        SeenBackups seen = Reader.of(tool).read(answer, new Source(tool, "x", Optional.empty()));
        assertThat(seen.backups()).hasSize(3);
        assertThat(seen.newest()).isEmpty();
    }

    @Test
    void arguments_are_fixed() {
        assertThat(new PgBackRest().arguments(STANZA))
                .containsExactly("--stanza=stanza1", "--output=json", "--log-level-console=off", "info");
        assertThat(new Barman().arguments(SERVER))
                .containsExactly("--config", "/etc/barman.conf", "--format", "json", "list-backups", "main");
        assertThat(new WalG().arguments(WAL_G))
                .containsExactly("--config", "/etc/wal-g.yaml", "backup-list", "--detail", "--json");
    }

    private static String text(String tool) throws IOException {
        try (InputStream in = ReaderTest.class.getResourceAsStream("/backup/" + tool + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
