package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class UnmadeTest {
    @ParameterizedTest
    @CsvSource({
        "42501, REFUSED, true, true",
        "42P01, OTHER, true, true",
        "23503, REFERENCE, false, true",
        "23505, ROWS, false, false",
        "23514, ROWS, false, false",
        "22P02, ROWS, false, false"
    })
    void rows_that_lack_excuse_what_refers_to_them_and_nothing_else(
            String state, Unmade.Why why, boolean ifAllAreLoaded, boolean ifSomeLack) {
        Unmade one = new Unmade("It could not be made.", Unmade.Why.of(new SQLException("no", state)), "");
        assertThat(one.why()).isEqualTo(why);
        assertThat(one.isExcused(true)).isEqualTo(ifAllAreLoaded);
        assertThat(one.isExcused(false)).isEqualTo(ifSomeLack);
    }

    /** An error of a server as its fields have it: state, and the file of the server's source that found it. */
    private static SQLException found(String state, String file) {
        return new PSQLException(new ServerErrorMessage(
                "SERROR\0VERROR\0C" + state + "\0Mpermission denied for table t\0F" + file + "\0"));
    }

    @ParameterizedTest
    @CsvSource({"42501", "53100", "57014", "08006", "42P07", "23503", "40P01", "55P03", "58030", "XX000", "XX001"})
    void what_a_function_raises_is_a_fault_whatever_state_it_gives_it(String state) {
        for (String file : List.of("pl_exec.c", "plperl.c", "plpy_plpymodule.c", "pltcl.c", "dblink.c")) {
            SQLException raised = found(state, file);
            assertThat(Unmade.Why.of(raised)).isEqualTo(Unmade.Why.ROWS);
            assertThat(Unmade.endsAll(raised)).isFalse();
            assertThat(Unmade.isThere(raised)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "55P03, lock.c, true",
        "40P01, deadlock.c, true",
        "40001, heapam.c, true",
        "57P01, postgres.c, true",
        "58030, md.c, true",
        "XX001, bufmgr.c, true",
        "XX002, nbtpage.c, true",
        "58P01, extension.c, false",
        "XX000, elog.c, false",
        "55000, execMain.c, false"
    })
    void what_says_nothing_of_any_object_ends_all_of_it(String state, String file, boolean all) {
        assertThat(Unmade.endsAll(found(state, file))).isEqualTo(all);
    }

    @Test
    void a_failure_within_the_server_excuses_nothing_and_is_no_fault_of_the_rows() {
        Unmade one = new Unmade("It could not be made.", Unmade.Why.of(found("XX000", "elog.c")), "");
        assertThat(one.why()).isEqualTo(Unmade.Why.UNDECIDED);
        assertThat(one.isExcused(false)).isFalse();
    }

    @Test
    void what_the_server_has_found_itself_is_what_its_state_says() {
        assertThat(Unmade.Why.of(found("42501", "aclchk.c"))).isEqualTo(Unmade.Why.REFUSED);
        assertThat(Unmade.Why.of(found("42501", "planner.c"))).isEqualTo(Unmade.Why.REFUSED);
        assertThat(Unmade.Why.of(found("55000", "foreign.c")))
                .as("the handler that was taken away")
                .isEqualTo(Unmade.Why.REFUSED);
        assertThat(Unmade.Why.of(found("55000", "execMain.c")))
                .as("a materialized view called: has no handler")
                .isEqualTo(Unmade.Why.OTHER);
        assertThat(Unmade.endsAll(found("53100", "md.c"))).isTrue();
        assertThat(Unmade.isThere(found("42P07", "heap.c"))).isTrue();
    }
}
