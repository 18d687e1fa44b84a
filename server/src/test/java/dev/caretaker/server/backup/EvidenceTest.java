package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.Json;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    @Test
    void evidence_of_an_earlier_version_is_read_and_says_nothing_of_what_is_not_in_the_backup() {
        Evidence evidence = Json.read("""
                {"verdict": "PROVEN", "tables": 2, "rows": 30, "faults": [], "notes": ["a note"], "tools": {}}
                """, Evidence.class);
        assertThat(evidence.notes()).containsExactly("a note");
        assertThat(evidence.notContained()).isEmpty();
    }
}
