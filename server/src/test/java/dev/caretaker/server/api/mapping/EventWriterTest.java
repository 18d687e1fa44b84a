package dev.caretaker.server.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunEvent;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventWriterTest {
    @ParameterizedTest
    @CsvSource({
        "BACKUP_STORED, true",
        "BACKUP_PROVEN, true",
        "BACKUP_RESTORED, true",
        "BACKUP_PARTLY_PROVEN, false",
        "NOT_RESTORED, false",
        "RESTORE_NOTE, false",
        "VERIFY_NOTE, false"
    })
    void only_what_was_done_is_a_note_and_not_what_was_left_out(String code, boolean note) {
        var event = EventWriter.write(
                UUID.randomUUID(), 1, Instant.EPOCH, new RunEvent.Warning(code, "It is so.", 0, Map.of()));
        assertThat(event.getWarning().getNote()).isEqualTo(note);
    }
}
