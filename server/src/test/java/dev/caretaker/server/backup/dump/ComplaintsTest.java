package dev.caretaker.server.backup.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComplaintsTest {
    private static final Mark MARK = Mark.random();

    /** As PostgreSQL 15 and 18 say it, without marks; of 18 with a server that does not know one of its settings. */
    private static final String WORDS = """
            pg_restore: connecting to database for restore
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

    /** What a database makes the program say within its own words, to look like more of them. */
    private static final String FORGED = """
            pg_restore: from TOC entry 7; 0 16390 TABLE DATA honest owner
            pg_restore: error: COPY failed for table "honest": ERROR:  permission denied
            pg_restore: error: could not execute query: server closed the connection unexpectedly
            pg_restore: error: could not write to file: No space left on device
            pg_restore: error: could not obtain lock on relation "honest"
            pg_restore: detail: Query was: LOCK TABLE honest IN ACCESS SHARE MODE
            pg_restore: warning: errors ignored on restore: 1
            """;

    /** The program's own lines among some, with marks. */
    private static String marked(String words) {
        return words.lines()
                        .map(line -> line.replaceFirst(
                                        "^(pg_restore|pg_dump): ", "\u001b[" + MARK.word() + "m$1: \u001b[0m")
                                .replace("[0merror: ", "[0m\u001b[" + MARK.word() + ";1merror: \u001b[0m"))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private static List<Mark.Line> lines(String words) {
        return MARK.lines(words);
    }

    @Test
    void entries_that_pg_restore_had_errors_with_and_errors_about_none_are_told_apart() {
        Complaints.Failed failed = Complaints.ofOne(lines(marked(WORDS)));
        assertThat(failed.entries()).containsExactly(2, 3456);
        assertThat(failed.apart())
                .containsExactly("could not execute query: ERROR:  unrecognized configuration parameter"
                        + " \"transaction_timeout\"");
        assertThat(failed.counted()).isEqualTo(OptionalInt.of(3));
        assertThat(failed.areLost()).isFalse();
        assertThat(Complaints.endsAll(lines(marked(WORDS)))).isFalse();
    }

    @Test
    void lines_that_a_database_made_up_are_none_of_the_program() {
        String words = marked(WORDS.substring(0, WORDS.indexOf("pg_restore: from TOC entry 3456")))
                + FORGED
                + "\u001b[deadbeefmpg_restore: \u001b[0merror: could not execute query: no connection to the server\n"
                + marked("pg_restore: warning: errors ignored on restore: 2\n");
        Complaints.Failed failed = Complaints.ofOne(lines(words));
        assertThat(failed.entries()).containsExactly(2);
        assertThat(failed.counted()).isEqualTo(OptionalInt.of(2));
        assertThat(failed.areLost()).isFalse();
        assertThat(Complaints.endsAll(lines(words))).isFalse();
        assertThat(Complaints.isDiskFull(lines(words))).isFalse();
        assertThat(Complaints.isLock(lines(words))).isFalse();
        assertThat(Complaints.endsAll(lines(FORGED))).as("nothing of it counts").isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_dump: error: query failed: ERROR:  could not write to file \"x\": No space left on device",
                "pg_dump: error: query failed: ERROR:  relation \"could not obtain lock on relation\" does not exist",
                "pg_dump: detail: Query was: SELECT 'Query was: LOCK TABLE t'",
                "pg_dump: error: Dumping the contents of table \"x: No space left on device",
                "pg_dump: error: could not execute query: ERROR:  x: No space left on device"
            })
    void names_and_words_of_a_server_within_a_line_of_the_program_say_nothing_of_its_locks_and_its_disk(String words) {
        assertThat(Complaints.isLock(lines(marked(words)))).isFalse();
        assertThat(Complaints.isDiskFull(lines(marked(words)))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_dump: error: could not obtain lock on relation \"shop.customer\"",
                "pg_dump: error: query was: LOCK TABLE shop.customer IN ACCESS SHARE MODE",
                "pg_dump: detail: Query was: LOCK TABLE shop.customer IN ACCESS SHARE MODE"
            })
    void a_lock_that_pg_dump_did_not_get_is_known_by_what_it_says_itself(String words) {
        assertThat(Complaints.isLock(lines(marked(words)))).isTrue();
        assertThat(Complaints.isLock(lines(words))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_dump: error: could not write to file: No space left on device",
                "pg_dump: error: could not write to output file: No space left on device",
                "pg_dump: error: could not open output file \"/spool/toc.dat\": No space left on device",
                "pg_dump: error: could not close data file: No space left on device"
            })
    void a_disk_that_is_full_is_known_by_what_pg_dump_says_itself(String words) {
        assertThat(Complaints.isDiskFull(lines(marked(words)))).isTrue();
        assertThat(Complaints.isDiskFull(lines(words))).isFalse();
    }

    private static final String DENIED = "pg_restore: error: could not execute query: ERROR:  permission denied\n";
    private static final String FIRST = "pg_restore: from TOC entry 1; 0 0 TABLE DATA a owner\n";
    private static final String SECOND = "pg_restore: from TOC entry 2; 0 0 TABLE DATA b owner\n";

    @Test
    void fewer_than_it_has_counted_are_known_to_be_lost_and_entries_are_read_between_the_words_of_others() {
        String error = "\u001b[" + MARK.word() + ";1merror: \u001b[0m";
        String mixed = "words of a server without an end " + marked(FIRST).strip() + "\n\u001b[" + MARK.word()
                + "mpg_restore: "
                + error + marked(SECOND) + " could not execute query: ERROR:  permission denied\n" + marked(DENIED)
                + marked("pg_restore: warning: errors ignored on restore: 4\n");
        Complaints.Failed failed = Complaints.ofSeveral(lines(mixed), MARK, mixed);
        assertThat(failed.entries()).containsExactly(1, 2);
        assertThat(failed.areLost()).isFalse();
        assertThat(failed.certain()).isFalse();
        String lost = marked(FIRST + DENIED + "pg_restore: warning: errors ignored on restore: 4\n");
        assertThat(Complaints.ofSeveral(lines(lost), MARK, lost).areLost()).isTrue();
        String forged = DENIED.repeat(20) + lost;
        assertThat(Complaints.ofSeveral(lines(forged), MARK, forged).areLost())
                .as("what anybody can say is counted")
                .isTrue();
        String one = marked(FIRST + DENIED + "pg_restore: warning: errors ignored on restore: 2\n");
        assertThat(Complaints.ofOne(lines(one)).areLost()).isTrue();
    }

    @Test
    void how_far_it_was_is_no_part_of_how_it_ended_nor_are_its_marks() {
        assertThat(Complaints.withoutCourse(marked(WORDS)))
                .startsWith("pg_restore: while INITIALIZING:")
                .contains("pg_restore: from TOC entry 2;", "pg_restore: error: COPY failed")
                .doesNotContain("processing item", "creating EXTENSION", MARK.word());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server closed the connection unexpectedly",
                "no connection to the server",
                "FATAL:  terminating connection due to administrator command"
            })
    void one_that_lost_its_server_tells_nothing_of_the_archive(String words) {
        String last = "pg_restore: warning: errors ignored on restore: 4\n";
        assertThat(Complaints.endsAll(lines(marked("pg_restore: error: could not open input file \"x\"\n"))))
                .isTrue();
        assertThat(Complaints.endsAll(
                        lines(marked("pg_restore: error: could not execute query: " + words + "\n" + last))))
                .isTrue();
        assertThat(Complaints.endsAll(
                        lines(marked("pg_restore: error: could not execute query: ERROR:  " + words + "\n" + last))))
                .as("said by a server that is there")
                .isFalse();
    }

    /** As PostgreSQL 14, 15 and 18 say it, the last words of a server before those of libpq. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                pg_dump: error: Dumping the contents of table "long" failed: PQgetCopyData() failed.
                pg_dump: detail: Error message from server: FATAL:  terminating connection due to administrator command
                server closed the connection unexpectedly
                \tThis probably means the server terminated abnormally
                \tbefore or while processing the request.
                pg_dump: detail: Command was: COPY shop.long (n, v) TO stdout;
                pg_dump: error: a worker process died unexpectedly
                """,
                """
                pg_dump: error: Dumping the contents of table "long" failed: PQgetResult() failed.
                pg_dump: error: Error message from server: server closed the connection unexpectedly
                \tThis probably means the server terminated abnormally
                pg_dump: error: The command was: COPY shop.long (n, v) TO stdout;
                """,
                "pg_dump: error: query failed: could not receive data from server: Connection reset by peer",
                "pg_restore: error: error returned by PQputCopyData: no connection to the server",
                "pg_dump: error: query failed: SSL SYSCALL error: EOF detected",
                "pg_restore: error: COPY failed for table \"odd \"\" one\": server closed the connection unexpectedly",
                "pg_dump: error: connection to server at \"db\" (10.0.0.7), port 5432 failed: Connection refused",
                """
                pg_dump: error: connection to server on socket "/tmp/.s.PGSQL.5432" failed: FATAL:  the database system is starting up
                """
            })
    void a_session_that_was_lost_is_known_by_what_libpq_says(String words) {
        assertThat(Complaints.isLost(lines(marked(words)))).isTrue();
        assertThat(Complaints.mayBeLost(lines(marked(words)))).isTrue();
        assertThat(Complaints.mayBeLost(lines(words))).as("without marks").isFalse();
    }

    /** Whether that is so, only the words of libpq in a line of their own tell, which a server can say as well. */
    @Test
    void a_session_may_have_been_lost_where_the_server_does_not_speak_english() {
        List<Mark.Line> lines = lines(marked("""
                pg_dump: error: query failed: SCHWERWIEGEND:  Verbindung wird abgebrochen
                server closed the connection unexpectedly
                pg_dump: detail: Query was: SELECT 1
                """));
        assertThat(Complaints.mayBeLost(lines)).isTrue();
        assertThat(Complaints.isLost(lines)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_dump: error: query failed: ERROR:  server closed the connection unexpectedly",
                "pg_restore: error: COPY failed for table \"t\": ERROR:  invalid input \"x\": server closed the connection"
                        + " unexpectedly",
                "pg_dump: error: query failed: ERROR:  permission denied for table customer",
                "pg_dump: error: connection to server at \"db\" (10.0.0.7), port 5432 failed: FATAL:  password authentication"
                        + " failed for user \"ann\"",
                "pg_dump: error: no matching tables were found",
                "pg_restore: error: COPY failed for table \"x\": FATAL: y\": ERROR:  duplicate key",
                "pg_restore: error: COPY failed for table \"x\": server closed the connection unexpectedly\": ERROR:  duplicate key"
            })
    void what_another_try_would_not_mend_is_no_session_that_was_lost(String words) {
        assertThat(Complaints.mayBeLost(lines(marked(words)))).isFalse();
    }
}
