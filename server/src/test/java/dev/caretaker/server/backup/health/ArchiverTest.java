package dev.caretaker.server.backup.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.target.Target;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the figures of pg_stat_archiver say. */
class ArchiverTest {
    /** After three failures in a row the archiver rests for a minute, unless something wakes it. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final Instant EARLIER = Instant.parse("2026-11-29T02:00:00.000001Z");
    private static final Instant LATER = Instant.parse("2026-11-29T02:00:00.000002Z");

    private static Optional<Instant> at(String when) {
        return switch (when) {
            case "never" -> Optional.empty();
            case "earlier" -> Optional.of(EARLIER);
            default -> Optional.of(LATER);
        };
    }

    private static Archiver archiver(boolean enabled, Optional<Instant> archived, Optional<Instant> failed) {
        return new Archiver(
                enabled,
                archived.isPresent() ? 7 : 0,
                archived,
                archived.isPresent() ? "000000010000000000000007" : "",
                failed.isPresent() ? 3 : 0,
                failed,
                failed.isPresent() ? "000000010000000000000008" : "");
    }

    @ParameterizedTest
    @CsvSource({
        "never, never, false",
        "earlier, never, false",
        "never, earlier, true",
        "earlier, later, true",
        "later, earlier, false",
        "later, later, false"
    })
    void it_fails_if_the_latest_attempt_did_and_nothing_was_archived_at_the_same_moment_or_since(
            String archived, String failed, boolean fails) {
        assertThat(archiver(true, at(archived), at(failed)).fails()).isEqualTo(fails);
        assertThat(archiver(false, at(archived), at(failed)).fails())
                .as("where archive_mode is off the figures are those of another time")
                .isFalse();
    }

    private static List<BackupObjection> objections(Archiver archiver) {
        return new BackupHealth(
                        "shop",
                        LATER,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofHours(36),
                        Duration.ofDays(35),
                        false,
                        List.of(),
                        List.of(),
                        Optional.of(archiver),
                        "")
                .objections();
    }

    @Test
    void one_that_fails_is_critical_and_told_with_the_file_and_the_moment() {
        assertThat(objections(archiver(true, at("earlier"), at("later"))))
                .contains(new BackupObjection(
                        true,
                        "The server cannot archive its write-ahead log: 000000010000000000000008 failed at"
                                + " 2026-11-29T02:00:00Z and nothing was archived since."));
        assertThat(objections(archiver(true, at("later"), at("earlier"))))
                .noneMatch(objection -> objection.message().contains("write-ahead log"));
    }

    @Test
    void a_server_whose_command_fails_is_one_that_fails_until_a_file_was_archived(@TempDir Path folder)
            throws Exception {
        Path open = folder.resolve("open");
        Path command = Files.writeString(folder.resolve("archive"), "#!/bin/sh\ntest -e '" + open + "'\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(
                folder, PosixFilePermissions.fromString("rwxr-xr-x")); // a server is another user's
        try (EmbeddedPostgres postgres = EmbeddedServer.NEWEST
                .builder()
                .setPGStartupWait(Duration.ofMinutes(3))
                .setServerConfig("archive_mode", "on")
                .setServerConfig("archive_command", command.toString())
                .start()) {
            Database database = TestPostgres.embeddedAt(postgres.getPort()).postgres();
            Target target = TestTargets.of("shop", database);
            assertThat(Archiver.of(target))
                    .isEqualTo(new Archiver(true, 0, Optional.empty(), "", 0, Optional.empty(), ""));
            assertThat(Archiver.of(target).fails()).as("nothing was tried yet").isFalse();

            database.execute("CREATE TABLE t (id int)", "SELECT pg_switch_wal()");
            await().atMost(PATIENCE).until(() -> Archiver.of(target).fails());
            Files.createFile(open);
            database.execute("CREATE TABLE more (id int)", "SELECT pg_switch_wal()"); // wakes it
            await().atMost(PATIENCE).until(() -> !Archiver.of(target).fails());
            Archiver mended = Archiver.of(target);
            assertThat(mended.lastArchivedFile()).isGreaterThanOrEqualTo(mended.lastFailedFile());
            assertThat(mended.failed()).isPositive();
        }
    }
}
