package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.Backups;
import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.backup.tool.Script;
import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.VerifyBackupRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server of a target is upgraded from 14 to 15: the same URL leads to the newer one. There are programs of both versions; those of 14
 * are called so here. Skipped where there is no pg_dump.
 */
class ServerUpgradesTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String OLD_DUMP = "pg_dump (PostgreSQL) 14.99";
    private static final String OLD_RESTORE = "pg_restore (PostgreSQL) 14.99";
    private static final String NEW_DUMP = "pg_dump (PostgreSQL) 15.99";
    private static final String NEW_RESTORE = "pg_restore (PostgreSQL) 15.99";

    @TempDir
    private Path folder;

    private Database newer;
    private TcpProxy wire;
    private BackupScene scene;
    private BackupCalls calls;

    @BeforeEach
    void start() throws IOException {
        PostgresTools.Tools tools = Installed.assume(15, folder.resolve("installed"));
        programs("15", tools, NEW_DUMP, NEW_RESTORE);
        programs("14", tools, OLD_DUMP, OLD_RESTORE);
        Database older = BackupScene.of(TestPostgres.oldest(), OneOfEverything.STATEMENTS);
        newer = TestPostgres.dumped().database(older.name());
        wire = new TcpProxy(older.server().host(), older.server().port());
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main",
                        older,
                        "next",
                        newer,
                        "empty",
                        BackupScene.of(TestPostgres.dumped()),
                        "older",
                        BackupScene.of(TestPostgres.oldest())),
                Map.of(
                        "caretaker.targets.main.url", wire.url(older.name()),
                        "caretaker.backups.postgres-bin", folder.resolve("15") + "," + folder.resolve("14"),
                        "caretaker.data-dir", folder.resolve("data").toString()));
        calls = scene.calls;
    }

    @AfterEach
    void stop() throws IOException {
        if (scene != null) {
            scene.close();
            wire.close();
        }
    }

    private void programs(String version, PostgresTools.Tools tools, String dump, String restore) throws IOException {
        Script.in(folder.resolve(version), "pg_dump", """
                [ "$1" = --version ] && echo '%1$s' && exit
                touch %2$s/began-%3$s
                while [ -e %2$s/hold ]; do sleep 0.1; done
                exec %4$s "$@"
                """.formatted(dump, folder, version, tools.dump()));
        Script.in(folder.resolve(version), "pg_restore", """
                [ "$1" = --version ] && echo '%s' && exit
                exec %s "$@"
                """.formatted(restore, tools.restore()));
    }

    private static RunBackupRequest.Builder dump() {
        return backup().setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP);
    }

    private void upgrade() {
        wire.leadTo(newer.server().host(), newer.server().port());
    }

    private void isOf(String id, String major, String program) {
        assertThat(calls.get(id).getServerVersion()).startsWith(major + ".");
        Backups backups = scene.server.bean(Backups.class);
        assertThat(backups.manifest(backups.get(UUID.fromString(id))).copied().tools())
                .containsOnlyKeys("caretaker", "pg_dump")
                .containsEntry("pg_dump", program);
    }

    /** At the server of the target, whichever that is now. */
    private void isProven(String id, String... programs) {
        calls.complete(calls.verified(id, "main"));
        Backup proven = calls.get(id);
        assertThat(proven.getEvidence().getFaultsList()).isEmpty();
        assertThat(proven.getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(proven.getEvidence().getRows()).isEqualTo(proven.getRows());
        assertThat(proven.getEvidence().getServerVersion()).startsWith("15.");
        assertThat(proven.getEvidence().getToolsList())
                .filteredOn(tool -> !tool.startsWith("caretaker "))
                .containsExactly(programs);
        assertThat(proven.getEvidence().getJson())
                .contains(proven.getServerVersion())
                .contains(proven.getEvidence().getServerVersion());
    }

    @Test
    void what_was_dumped_before_is_proven_and_restored_by_the_newer_server_and_programs_are_chosen_anew()
            throws IOException {
        String before = calls.made(dump());
        isOf(before, "14", OLD_DUMP);
        calls.complete(calls.restored(restore(before).setTarget("next"))); // as many do who upgrade
        upgrade();

        String after = calls.made(dump());
        isOf(after, "15", NEW_DUMP);
        isProven(after, NEW_DUMP, NEW_RESTORE);
        for (String same : List.of("main", "empty")) {
            ErrorDetails unwanted = ErrorDetails.of(() -> scene.server
                    .backups()
                    .verifyBackup(VerifyBackupRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setBackupId(before)
                            .setScratchTarget(same)
                            .setActor("test")
                            .build())
                    .next());
            assertThat(unwanted.reason()).isEqualTo("SCRATCH_REFUSED");
            assertThat(unwanted.thrown()).hasMessageContaining("is on the server that target main leads to;");
        }
        isProven(before, OLD_DUMP, OLD_RESTORE);

        Files.delete(folder.resolve("14/pg_dump"));
        Files.delete(folder.resolve("14/pg_restore"));
        isProven(before, OLD_DUMP, NEW_RESTORE);
        calls.complete(calls.restored(restore(before)));
        assertThat(calls.faults(before)).isEmpty();

        ErrorDetails refused = ErrorDetails.of(() -> calls.verified(after, "older"));
        assertThat(refused.reason()).isEqualTo("UNSUPPORTED_SERVER");
        assertThat(refused.thrown())
                .hasMessageContaining("The backup was taken from PostgreSQL 15; target older runs 14, which is older.");
    }

    @Test
    void a_dump_that_the_upgrade_cuts_short_is_made_anew_by_newer_programs_and_is_of_the_newer_server_alone()
            throws IOException {
        newer.execute(OneOfEverything.STATEMENTS);
        newer.execute("INSERT INTO shop.customer (name) VALUES ('newer')");
        Path hold = Files.writeString(folder.resolve("hold"), "");
        Iterator<RunBackupResponse> stream = scene.server.backups().runBackup(dump().build());
        String id = stream.next().getEvent().getRunId();
        await().atMost(LONG).until(() -> Files.exists(folder.resolve("began-14")));

        upgrade();
        Files.delete(hold);

        calls.complete(calls.ended(stream, message -> message.getEvent()));
        isOf(id, "15", NEW_DUMP);
        assertThat(calls.get(id).getRows()).isEqualTo(OneOfEverything.ROWS + 1);
        isProven(id, NEW_DUMP, NEW_RESTORE);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(scene.spool().resolve("dumps")).isEmptyDirectory());
    }
}
