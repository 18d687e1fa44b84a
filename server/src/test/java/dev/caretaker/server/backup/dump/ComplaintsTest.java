package dev.caretaker.server.backup.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
    private static final String WORDS = """
            pg_restore: while INITIALIZING:
            pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"
            Command was: SET transaction_timeout = 0;

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
                .containsExactly(
                        new Complaints.Complaint(
                                OptionalInt.empty(),
                                "ERROR:  unrecognized configuration parameter \"transaction_timeout\""),
                        new Complaints.Complaint(
                                OptionalInt.of(2),
                                "Extension postgis (no owner) could not be made: ERROR:  extension \"postgis\" is not"
                                        + " available DETAIL:  Could not open extension control file."),
                        new Complaints.Complaint(
                                OptionalInt.of(3456),
                                "Table data place owner could not be made: COPY failed for table \"place\": ERROR: "
                                        + " duplicate key"));
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
