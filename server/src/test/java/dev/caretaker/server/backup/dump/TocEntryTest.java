package dev.caretaker.server.backup.dump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TocEntryTest {
    private static TocEntry entry(String line) {
        return TocEntry.read(line);
    }

    @Test
    void an_entry_is_told_with_the_name_of_its_kind() {
        assertThat(entry("2; 3079 16385 EXTENSION - postgis ").named()).isEqualTo("Extension postgis");
        assertThat(entry("7; 0 16385 TABLE DATA shop customer owner").named())
                .isEqualTo("Table data shop customer owner");
        assertThat(entry(";     Format: CUSTOM")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7; 0 16385 TABLE DATA shop customer owner   | true
            7; 1259 16385 TABLE DATA customer owner     | false
            7; 1259 16385 TABLE shop DATA owner         | false
            """)
    void a_table_in_a_schema_with_the_name_of_a_kind_is_a_table(String line, boolean rows) {
        assertThat(entry(line).isRows()).isEqualTo(rows);
    }

    @Test
    void grants_comments_of_extensions_and_states_of_sequences_are_known_by_their_kinds() {
        assertThat(entry("7; 0 0 ACL shop TABLE customer owner").isOfRights()).isTrue();
        assertThat(entry("7; 826 16390 DEFAULT ACL - DEFAULT PRIVILEGES FOR TABLES owner")
                        .isOfRights())
                .isTrue();
        assertThat(entry("7; 0 0 SEQUENCE SET shop customer_id_seq owner").isOfRights())
                .isTrue();
        assertThat(entry("7; 1259 16390 SEQUENCE SET customer owner").isOfRights())
                .isFalse();
        assertThat(entry("7; 0 0 COMMENT - EXTENSION pgcrypto ").isCommentOfExtension())
                .isTrue();
        assertThat(entry("7; 0 0 COMMENT shop TABLE t ").isCommentOfExtension()).isFalse();
    }
}
