package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchiveChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    private static String archive(String state, String sealed, String verified, String fault) {
        return "[{\"archive\": \"a-1\", \"schema\": \"public\", \"relation\": \"Odd Table\", \"destination\": \"cold\", \"state\": \""
                + state + "\", \"rows\": 12345, \"sealed\": " + sealed + ", \"verified\": " + verified
                + ", \"problem\": \"It answers 403.\", \"fault\": \"" + fault + "\"}]";
    }

    private static String ago(Duration time) {
        return "\"" + Instant.now().minus(time) + "\"";
    }

    @Finds("archive-part-missing")
    @Spares("archive-part-missing")
    @ParameterizedTest
    @MethodSource(BOTH)
    void a_damaged_archive_is_found_by_its_latest_look(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.archives(archive("STORED", ago(Duration.ofDays(1)), ago(Duration.ofDays(1)), ""));
        scene.spares("archive-part-missing");
        scene.archives(archive("STORED", ago(Duration.ofDays(1)), ago(Duration.ofDays(1)), "A part is missing."));
        RawFinding found = scene.only("archive-part-missing");
        assertThat(found.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(found.message())
                .isEqualTo("A part is missing. It holds 12,345 rows of public.\"Odd Table\", at cold.");
    }

    @Finds("archive-unverified")
    @Spares("archive-unverified")
    @ParameterizedTest
    @MethodSource(BOTH)
    void what_is_not_stored_or_was_not_read_for_long_is_found(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.archives(archive("STORED", ago(Duration.ofDays(400)), ago(Duration.ofDays(100)), ""));
        scene.spares("archive-unverified");
        scene.archives(archive("SEALED", ago(Duration.ofMinutes(10)), "null", ""));
        scene.spares("archive-unverified");
        scene.archives(archive("STORED", ago(Duration.ofDays(400)), ago(Duration.ofDays(200)), ""));
        assertThat(scene.only("archive-unverified").message()).contains("was verified 200 days ago");
        scene.archives(archive("STORED", ago(Duration.ofDays(400)), "null", ""));
        assertThat(scene.only("archive-unverified").message()).contains("was never verified");
        scene.archives(archive("SEALED", ago(Duration.ofHours(2)), "null", ""));
        RawFinding waiting = scene.only("archive-unverified");
        assertThat(waiting.severity()).isEqualTo(Severity.WARNING);
        assertThat(waiting.message()).contains("waiting to be stored at cold for 2.0 hours. It answers 403.");
        scene.archives(archive("SEALED", ago(Duration.ofHours(30)), "null", ""));
        assertThat(scene.only("archive-unverified").severity()).isEqualTo(Severity.CRITICAL);
    }
}
