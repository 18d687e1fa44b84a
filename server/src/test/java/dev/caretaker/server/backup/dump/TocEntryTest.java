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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7; 826 16390 DEFAULT ACL - DEFAULT PRIVILEGES FOR TABLES owner | true
            7; 2604 16390 DEFAULT ACL t n owner                            | false
            """)
    void default_privileges_are_told_from_a_default_of_a_column_in_a_schema_called_acl(String line, boolean rights) {
        assertThat(entry(line).isOfRights()).isEqualTo(rights);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7; 2613 16390 BLOB - 16390 owner                 | true  | false
            7; 2613 16390 BLOB METADATA - 16390..16395 owner | true  | false
            7; 0 0 BLOBS - BLOBS                             | false | true
            7; 0 16390 BLOBS - 16390..16395 owner            | false | true
            7; 0 16390 TABLE DATA BLOBS t owner              | false | false
            """)
    void large_objects_and_what_they_hold_are_told_apart(String line, boolean object, boolean contents) {
        assertThat(entry(line).isLargeObject()).isEqualTo(object);
        assertThat(entry(line.strip()).isContentsOfLargeObjects()).isEqualTo(contents);
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
