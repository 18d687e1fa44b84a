package dev.caretaker.server.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.store.Notice;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file has a whole event a line, whatever is done to it in between. */
class LinesFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private static void tell(Path file, String summary) throws NotDeliveredException {
        new LinesFile(file, URI.create("/caretaker"))
                .deliver(
                        new Notice(
                                UUID.randomUUID(),
                                "run.failed",
                                Severity.CRITICAL,
                                "shop",
                                "schedules/nightly/shop",
                                summary,
                                Map.of(),
                                Optional.empty(),
                                Instant.parse("2026-11-30T02:00:00Z")),
                        1);
    }

    private static List<String> summaries(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> {
                    try {
                        return JSON.readTree(line).at("/data/summary").asText();
                    } catch (IOException e) {
                        return "no event: " + line;
                    }
                })
                .toList();
    }

    @Test
    void what_is_told_next_is_a_line_at_its_end_and_one_of_several_lines_is_one() throws Exception {
        Path file = folder.resolve("book.jsonl");
        tell(file, "first");
        tell(file, "second\nof two \u2028lines");
        assertThat(summaries(file)).containsExactly("first", "second\nof two \u2028lines");
        assertThat(Files.readString(file)).endsWith("\n");
    }

    @Test
    void a_file_that_is_moved_away_is_followed_by_another_one() throws Exception {
        Path file = folder.resolve("book.jsonl");
        tell(file, "before");
        Files.move(file, folder.resolve("book.jsonl.1"));
        tell(file, "after");
        assertThat(summaries(folder.resolve("book.jsonl.1"))).containsExactly("before");
        assertThat(summaries(file)).containsExactly("after");
    }

    @Test
    void half_a_line_of_somebody_who_died_while_writing_spoils_no_other() throws Exception {
        Path file = folder.resolve("book.jsonl");
        tell(file, "before");
        Files.writeString(file, "{\"specversion\": \"1.", StandardOpenOption.APPEND);
        tell(file, "after");
        assertThat(summaries(file)).containsExactly("before", "no event: {\"specversion\": \"1.", "after");
    }

    @Test
    void a_folder_that_is_not_there_is_told_and_tried_again() {
        NotDeliveredException failed = catchThrowableOfType(
                NotDeliveredException.class, () -> tell(folder.resolve("missing/book.jsonl"), "lost"));
        assertThat(failed).hasMessageContaining("cannot write");
        assertThat(failed.isLasting()).isFalse();
    }
}
