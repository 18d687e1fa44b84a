package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.Json;
import dev.caretaker.server.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that read what {@link BackupFacts} tells, as it tells it. */
class BackupChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    private static Map<String, Object> facts(boolean expected) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("database", "app");
        facts.put("expected", expected);
        facts.put("within_seconds", Duration.ofHours(36).toSeconds());
        facts.put("verified_within_seconds", Duration.ofDays(35).toSeconds());
        facts.put("damaged", List.of());
        return facts;
    }

    private static Map<String, Object> with(Map<String, Object> facts, String name, Duration age) {
        facts.put(
                name,
                Map.of(
                        "maker",
                        "pgbackrest",
                        "id",
                        "50%F",
                        "time",
                        Instant.now().minus(age)));
        return facts;
    }

    private static Scene scene(TestPostgres server, Map<String, Object> facts) {
        return Scene.on(server).withBackups(Json.write(facts));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("backup-missing")
    @Spares("backup-missing")
    void no_backup_is_told_only_where_one_is_expected(TestPostgres server) {
        scene(server, facts(true)).finds("backup-missing", "app");
        scene(server, facts(false)).spares("backup-missing");
        scene(server, with(facts(true), "newest", Duration.ofDays(99))).spares("backup-missing");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("backup-overdue")
    @Spares("backup-overdue")
    void a_backup_is_too_old_when_it_is_older_than_expected_and_that_is_critical_when_twice_as_old(
            TestPostgres server) {
        Scene late = scene(server, with(facts(true), "newest", Duration.ofHours(40)));
        late.finds("backup-overdue", "app");
        RawFinding finding = late.on("app", "backup-overdue");
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.message())
                .isEqualTo("The newest backup (pgbackrest 50%F) is 40.0 hours old; it may be 36.0.");
        late.spares("backup-overdue", "grace_seconds=86400");
        assertThat(scene(server, with(facts(true), "newest", Duration.ofHours(73)))
                        .on("app", "backup-overdue")
                        .severity())
                .isEqualTo(Severity.CRITICAL);
        scene(server, with(facts(true), "newest", Duration.ofHours(35))).spares("backup-overdue");
        scene(server, facts(true)).spares("backup-overdue");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("backup-unverified")
    @Spares("backup-unverified")
    void a_backup_that_nobody_restored_of_late_is_told(TestPostgres server) {
        Scene never = scene(server, with(facts(true), "newest", Duration.ofHours(1)));
        never.finds("backup-unverified", "app");
        assertThat(never.on("app", "backup-unverified").message())
                .isEqualTo("No backup was ever proven by restoring it.");
        Map<String, Object> old =
                with(with(facts(true), "newest", Duration.ofHours(1)), "verified", Duration.ofDays(36));
        assertThat(scene(server, old).on("app", "backup-unverified").message())
                .isEqualTo(
                        "The newest backup that was proven by restoring it (pgbackrest 50%F) is 36.0 days old; it may"
                                + " be 35.0.");
        scene(server, old).spares("backup-unverified", "grace_seconds=864000");
        scene(server, with(with(facts(true), "newest", Duration.ofHours(1)), "verified", Duration.ofDays(34)))
                .spares("backup-unverified");
        scene(server, facts(true)).spares("backup-unverified");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("backup-damaged")
    @Spares("backup-damaged")
    void backups_that_did_not_come_out_as_they_went_in_are_told(TestPostgres server) {
        Map<String, Object> facts = facts(true);
        facts.put("damaged", List.of(Map.of("id", "7b0e", "time", Instant.parse("2026-11-29T02:00:00Z"))));
        Scene scene = scene(server, facts);
        scene.finds("backup-damaged", "7b0e");
        assertThat(scene.on("7b0e", "backup-damaged").message())
                .isEqualTo("Backup 7b0e of 2026-11-29 02:00 was found damaged when it was restored.");
        scene(server, facts(true)).spares("backup-damaged");
    }
}
