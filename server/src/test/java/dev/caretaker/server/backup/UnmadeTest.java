package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        Unmade one = new Unmade("It could not be made.", Unmade.Why.of(new SQLException("no", state)));
        assertThat(one.why()).isEqualTo(why);
        assertThat(one.isExcused(true)).isEqualTo(ifAllAreLoaded);
        assertThat(one.isExcused(false)).isEqualTo(ifSomeLack);
    }
}
