package dev.caretaker.server.backup.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.backup.Unmade;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(Complaints.of(WORDS))
                .extracting(Complaints.Complaint::entry, Complaints.Complaint::sentence)
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
            FK CONSTRAINT t f postgres   | insert or update violates foreign key constraint  | ROWS
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

    private static Complaints.Complaint complaint(String entry, String words) {
        return Complaints.of("pg_restore: from TOC entry 7; 0 0 " + entry + "\npg_restore: error: could not execute"
                        + " query: ERROR:  " + words)
                .getFirst();
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
