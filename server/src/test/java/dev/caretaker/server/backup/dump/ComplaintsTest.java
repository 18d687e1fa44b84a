package dev.caretaker.server.backup.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.backup.Unmade;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComplaintsTest {
    private static final String WORDS = """
            pg_restore: while INITIALIZING:
            pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"
            Command was: SET transaction_timeout = 0;

            pg_restore: processing item 2 EXTENSION postgis
            pg_restore: creating EXTENSION "postgis"
            pg_restore: while PROCESSING TOC:
            pg_restore: from TOC entry 2; 3079 16385 EXTENSION postgis (no owner)
            pg_restore: error: could not execute query: ERROR:  extension "postgis" is not available
            DETAIL:  Could not open extension control file.
            HINT:  The extension must first be installed.
            Command was: CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;


            pg_restore: from TOC entry 3456; 0 16390 TABLE DATA place owner
            pg_restore: error: COPY failed for table "place": ERROR:  duplicate key
            CONTEXT:  COPY place, line 1
            pg_restore: warning: errors ignored on restore: 3
            """;

    @Test
    void what_pg_restore_could_not_do_is_told_by_the_entry_it_was_about() {
        assertThat(Complaints.of(WORDS, false))
                .extracting(Complaint::entry, Complaint::sentence)
                .containsExactly(
                        tuple(
                                OptionalInt.empty(),
                                "ERROR:  unrecognized configuration parameter \"transaction_timeout\""),
                        tuple(
                                OptionalInt.of(2),
                                "Extension postgis (no owner) could not be made: ERROR:  extension \"postgis\" is not"
                                        + " available DETAIL:  Could not open extension control file."),
                        tuple(
                                OptionalInt.of(3456),
                                "Table data place owner could not be made: COPY failed for table \"place\": ERROR: "
                                        + " duplicate key"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EVENT TRIGGER guard postgres | permission denied to create event trigger "guard" | REFUSED
            FUNCTION f() postgres        | permission denied for language c                  | REFUSED
            OPERATOR CLASS o postgres    | must be superuser to create an operator class     | REFUSED
            TABLE t postgres             | must be able to SET ROLE "pg_monitor"             | REFUSED
            AGGREGATE a(integer) owner   | aggregate transition data type cannot be internal | REFUSED
            MATERIALIZED VIEW DATA v one | foreign-data wrapper "fdw" has no handler         | REFUSED
            ACL SCHEMA s postgres        | permission denied for schema s                    | REFUSED_APART
            INDEX i postgres             | could not create unique index "i"                 | ROWS
            FK CONSTRAINT t f postgres   | insert or update on table "t" violates foreign key constraint "f" | REFERENCE
            CHECK CONSTRAINT t c owner   | check constraint "c" of relation "t" is violated by some row      | ROWS
            CONSTRAINT t unique owner    | could not create unique index "permission denied"                 | ROWS
            TABLE t postgres             | type "geometry" does not exist                    | OTHER
            """)
    void what_was_in_the_way_is_told_by_the_words_of_the_server(String entry, String words, Unmade.Why why) {
        assertThat(complaint(entry, words).why()).isEqualTo(why);
    }

    @Test
    void a_schema_that_is_there_and_the_comment_that_an_extension_has_made_are_no_loss() {
        assertThat(complaint("SCHEMA ext postgres", "schema \"ext\" already exists")
                        .isNoLoss())
                .isTrue();
        assertThat(complaint("TABLE ext postgres", "relation \"ext\" already exists")
                        .isNoLoss())
                .isFalse();
        assertThat(complaint("COMMENT EXTENSION pgcrypto ", "must be owner of extension pgcrypto")
                        .isNoLoss())
                .isTrue();
        assertThat(complaint("COMMENT TABLE t ", "must be owner of table t").isNoLoss())
                .isFalse();
    }

    private static Complaint complaint(String entry, String words) {
        return Complaints.of(
                        "pg_restore: from TOC entry 7; 0 0 " + entry + "\npg_restore: error: could not execute"
                                + " query: ERROR:  " + words,
                        false)
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            invalid input value for enum s: "must be owner"                                         | ROWS
            new row for relation "t" violates check constraint "permission denied"                  | ROWS
            new row for relation "t" violates check constraint "violates foreign key constraint"    | ROWS
            value "only superuser" is out of range for type integer                                 | ROWS
            permission denied for function f                                                        | REFUSED
            """)
    void words_of_rows_and_of_their_constraints_are_no_words_of_the_server(String words, Unmade.Why why) {
        String detail = "DETAIL:  Failing row contains (permission denied).";
        Complaint complaint = rows("TABLE DATA t owner", "t", words + "\n" + detail);
        assertThat(complaint.why()).isEqualTo(why);
        assertThat(complaint.words()).endsWith(" " + detail);
    }

    private static Complaint rows(String entry, String table, String words) {
        return Complaints.of(
                        "pg_restore: from TOC entry 7; 0 16390 " + entry
                                + "\npg_restore: error: COPY failed for table \"" + table + "\": ERROR:  " + words,
                        false)
                .getFirst();
    }

    @Test
    void rows_that_are_told_of_another_table_than_that_of_the_entry_are_a_fault_whatever_they_are_told() {
        assertThat(rows("TABLE DATA t owner", "t", "permission denied").isCertain())
                .isTrue();
        assertThat(rows("TABLE DATA odd\": ERROR: x owner", "odd\": ERROR: x", "permission denied")
                        .why())
                .isEqualTo(Unmade.Why.REFUSED);
        Complaint other = rows("TABLE DATA t owner", "u", "permission denied for function f");
        assertThat(other.isCertain()).isFalse();
        assertThat(other.why()).isEqualTo(Unmade.Why.ROWS);
        assertThat(other.sentence()).startsWith("Something could not be made, and it is not certain what: COPY failed");
    }

    private static final String DENIED = "pg_restore: error: could not execute query: ERROR:  permission denied\n";
    private static final String FIRST = "pg_restore: from TOC entry 1; 0 0 TABLE DATA a owner\n";
    private static final String SECOND = "pg_restore: from TOC entry 2; 0 0 TABLE DATA b owner\n";
    private static final String COUNTED = "pg_restore: warning: errors ignored on restore: 4\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                FIRST + SECOND + DENIED + DENIED,
                FIRST + DENIED + DENIED,
                FIRST + "pg_restore: while PROCESSING TOC:\n" + DENIED
            })
    void of_sessions_that_speak_at_once_it_is_not_certain_what_they_are_about(String words) {
        assertThat(Complaints.of(words, true)).extracting(Complaint::isCertain).contains(false);
        assertThat(Complaints.of(words, true))
                .filteredOn(complaint -> !complaint.isCertain())
                .allSatisfy(complaint -> {
                    assertThat(complaint.entry()).isEmpty();
                    assertThat(complaint.why()).isEqualTo(Unmade.Why.ROWS);
                });
        assertThat(Complaints.of(words, false)).allMatch(Complaint::isCertain);
    }

    @Test
    void of_sessions_that_speak_one_after_the_other_it_is_certain() {
        String publication = "pg_restore: from TOC entry 3; 0 0 PUBLICATION p owner\n";
        assertThat(Complaints.of(WORDS + FIRST + DENIED + SECOND + DENIED + publication + DENIED + DENIED, true))
                .allMatch(Complaint::isCertain)
                .extracting(complaint -> complaint.entry().orElse(0))
                .containsExactly(0, 2, 3456, 1, 2, 3, 3);
    }

    @Test
    void fewer_than_it_has_counted_are_known_to_be_lost_and_what_they_are_about_is_read_between_the_words_of_others() {
        String whole = FIRST + DENIED + SECOND + DENIED + COUNTED;
        assertThat(Complaints.areLost(whole, Complaints.of(whole, true), true)).isFalse();
        String mixed = "pg_restore:" + FIRST + "pg_restore: error:" + SECOND
                + " could not execute query: ERROR:  permission denied\n" + DENIED + COUNTED;
        assertThat(Complaints.areLost(mixed, Complaints.of(mixed, true), true)).isTrue();
        assertThat(Complaints.areLost(whole, Complaints.of(whole, false), false))
                .as("one session counts errors alone")
                .isTrue();
        assertThat(Complaints.areLost(WORDS, Complaints.of(WORDS, false), false))
                .isFalse();
        assertThat(Complaints.entries(mixed)).contains(Set.of(1, 2));
        assertThat(Complaints.entries(FIRST + DENIED + COUNTED)).isEmpty();
        assertThat(Complaints.entries(mixed + "pg_restore: from TOC entry 9; 0 0 TABLE DATA c owner\n"))
                .as("words of a row may look like it")
                .isEmpty();
    }

    @Test
    void what_the_first_attempt_has_made_is_no_complaint_of_the_second() {
        String there = "pg_restore: error: could not execute query: ERROR:  publication \"p\" already exists\n";
        String entry = "; 0 0 PUBLICATION p owner\n";
        String first = "pg_restore: from TOC entry 1" + entry + there + DENIED;
        String second = "pg_restore: from TOC entry 2" + entry + there;
        List<Complaint> complaints = Complaints.of(first + second, false);
        assertThat(Complaints.ofSecond(complaints))
                .extracting(complaint -> complaint.entry().orElse(0), Complaint::what)
                .containsExactly(
                        tuple(1, "ERROR:  permission denied"), tuple(2, "ERROR:  publication \"p\" already exists"));
    }

    @Test
    void how_far_it_was_is_no_part_of_how_it_ended() {
        assertThat(Complaints.withoutCourse(WORDS))
                .startsWith("pg_restore: while INITIALIZING:")
                .contains("pg_restore: from TOC entry 2;", "pg_restore: error: COPY failed")
                .doesNotContain("processing item", "creating EXTENSION");
    }

    @Test
    void one_that_lost_its_server_tells_nothing_of_the_archive() {
        assertThat(Complaints.endsAll(WORDS)).isFalse();
        assertThat(Complaints.endsAll("pg_restore: error: could not open input file \"x\""))
                .isTrue();
        assertThat(Complaints.endsAll(WORDS
                        + "pg_restore: error: could not execute query: server closed the connection unexpectedly"))
                .isTrue();
    }
}
