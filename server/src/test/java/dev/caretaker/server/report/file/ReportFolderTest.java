package dev.caretaker.server.report.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.ReportFormat;
import dev.caretaker.server.config.ReportsConfig;
import dev.caretaker.server.report.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports that start by themselves become whole files, and go when they were kept long enough. */
class ReportFolderTest {
    private static final Instant NOW = Instant.parse("2026-11-30T06:00:00Z");

    @TempDir
    private Path folder;

    private ReportFolder folder(Path directory) {
        return new ReportFolder(new ReportsConfig(Optional.of(directory), Duration.ofDays(30)));
    }

    private static Document document(String name, String text) {
        return new Document(ReportFormat.HTML, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return String.join(
                    " ",
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void a_file_takes_the_place_of_one_of_its_name_and_leaves_nothing_beside_it() throws IOException {
        Path deep = folder.resolve("not/there/yet");
        Path file = folder(deep).write(document("caretaker-a.html", "first"));
        assertThat(folder(deep).write(document("caretaker-a.html", "second"))).isEqualTo(file);
        assertThat(Files.readString(file)).isEqualTo("second");
        assertThat(names(deep)).isEqualTo("caretaker-a.html");
    }

    @Test
    void a_folder_that_cannot_be_written_to_or_is_not_configured_is_told() throws IOException {
        Path occupied = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> folder(occupied).write(document("caretaker-a.html", "")))
                .hasMessageContaining("could not be written to " + occupied);
        ReportFolder none = new ReportFolder(new ReportsConfig(Optional.empty(), Duration.ofDays(30)));
        assertThat(none.isThere()).isFalse();
        assertThatThrownBy(() -> none.write(document("caretaker-a.html", "")))
                .hasMessageContaining("caretaker.reports.directory is not configured");
    }

    @Test
    void old_reports_go_and_files_of_others_stay() throws IOException {
        old("caretaker-shop-2026-10-01T0600Z-to-2026-10-08T0600Z.html", 31);
        old("caretaker-shop-run-0f1e2d3c-0000-4000-8000-0123456789ab.md", 400);
        old(".caretaker-0f1e2d3c-0000-4000-8000-0123456789ab.part", 31);
        old("caretaker-shop-2026-11-01T0600Z-to-2026-11-08T0600Z.json", 29);
        old("budget.html", 400);
        old("caretaker-notes.md", 400);
        old("caretaker-runbook.html", 400);
        new ReportPruner(
                        folder(folder),
                        new ReportsConfig(Optional.of(folder), Duration.ofDays(30)),
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .prune();
        assertThat(names(folder))
                .isEqualTo("budget.html caretaker-notes.md caretaker-runbook.html"
                        + " caretaker-shop-2026-11-01T0600Z-to-2026-11-08T0600Z.json");
        assertThat(folder(folder.resolve("nothing")).prune(NOW)).isZero();
    }

    private void old(String name, int days) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "");
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(days))));
    }
}
