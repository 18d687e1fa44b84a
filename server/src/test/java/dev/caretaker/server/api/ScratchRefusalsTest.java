package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.VerifyBackupRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Backups are verified on the server that they were taken from only when that is allowed, and its disk is known and has room, whatever its
 * version.
 */
class ScratchRefusalsTest {
    @TempDir
    private static Path folder;

    private static final Map<Integer, String> BACKUPS = new HashMap<>();
    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Database> databases = new HashMap<>();
        Map<String, Object> further = new HashMap<>();
        TestPostgres.all().forEach((major, postgres) -> {
            Database scratch = BackupScene.of(postgres);
            databases.put(
                    "main-" + major,
                    BackupScene.of(
                            postgres, "CREATE TABLE t AS SELECT n, 'row ' || n AS v FROM generate_series(1, 1000) n"));
            databases.put("roomy-" + major, scratch);
            databases.put("small-" + major, scratch);
            further.put("caretaker.targets.small-" + major + ".free-disk-space", "1kB");
            String unknown = "caretaker.targets.unknown-" + major + ".";
            further.put(unknown + "url", scratch.url());
            further.put(unknown + "user", scratch.user());
            further.put(unknown + "password", scratch.password());
        });
        databases.put("main", databases.get("main-18"));
        scene = BackupScene.start(folder, databases, further);
        calls = scene.calls;
        for (int major : TestPostgres.all().keySet()) {
            BACKUPS.put(major, calls.made(backup().setTarget("main-" + major)));
        }
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static Set<Integer> majors() {
        return TestPostgres.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void the_server_of_the_backup_is_refused_unless_it_is_allowed(int major) {
        ErrorDetails refused = refused(major, "roomy-" + major, false);
        assertThat(refused.reason()).isEqualTo("SCRATCH_REFUSED");
        assertThat(refused.thrown()).hasMessageContaining("allow_same_server");
        String backup = BACKUPS.get(major);
        calls.complete(calls.verified(backup, "roomy-" + major));
        assertThat(calls.get(backup).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void it_is_refused_as_long_as_nobody_knows_how_much_room_its_disk_has(int major) {
        assertThat(refused(major, "unknown-" + major, false).reason()).isEqualTo("SCRATCH_REFUSED");
        ErrorDetails refused = refused(major, "unknown-" + major, true);
        assertThat(refused.reason()).isEqualTo("DISK_SPACE_UNKNOWN");
        assertThat(refused.thrown()).hasMessageContaining("free-disk-space of target unknown-" + major);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void it_is_refused_if_its_disk_has_too_little_room(int major) {
        ErrorDetails refused = refused(major, "small-" + major, true);
        assertThat(refused.reason()).isEqualTo("DISK_SPACE_SHORT");
        assertThat(refused.thrown())
                .hasMessageContaining("target small-" + major + " has")
                .hasMessageContaining("free");
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void an_older_server_is_refused(int major) {
        assertThat(refused(major, "main-" + (major - 1), false).reason()).isEqualTo("UNSUPPORTED_SERVER");
    }

    private static ErrorDetails refused(int major, String scratch, boolean allowSameServer) {
        ErrorDetails refused = ErrorDetails.of(() -> scene.server
                .backups()
                .verifyBackup(VerifyBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setBackupId(BACKUPS.get(major))
                        .setScratchTarget(scratch)
                        .setAllowSameServer(allowSameServer)
                        .setActor("test")
                        .build())
                .next());
        assertThat(scene.database("main-" + major)
                        .number("SELECT count(*) FROM pg_database WHERE datname LIKE 'caretaker_verify_%'"))
                .as("scratch databases")
                .isZero();
        return refused;
    }
}
