package dev.caretaker.server.console.show;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnedTest {
    private static final String DIARY = "\u05D9\u05D5\u05DE\u05DF";
    private static final String JOBS = "\u0645\u0647\u0627\u0645";

    @Test
    void a_sentence_without_such_names_is_one_piece() {
        assertThat(Turned.of("Table jobs has 12 rows.")).containsExactly(new Turned("Table jobs has 12 rows.", false));
        assertThat(Turned.of("")).extracting(Turned::text).containsExactly("");
    }

    @Test
    void a_name_is_isolated_with_its_own_digits_and_without_what_stands_beside_it() {
        assertThat(Turned.of("\"" + DIARY + "_2026\": 12 rows, " + JOBS + "."))
                .containsExactly(
                        new Turned("\"", false),
                        new Turned(DIARY + "_2026", true),
                        new Turned("\": 12 rows, ", false),
                        new Turned(JOBS, true),
                        new Turned(".", false));
    }

    @Test
    void words_of_one_name_keep_their_order() {
        assertThat(Turned.of("of " + DIARY + " " + JOBS + " 7"))
                .containsExactly(
                        new Turned("of ", false), new Turned(DIARY + " " + JOBS, true), new Turned(" 7", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {DIARY, "a " + DIARY, DIARY + " z", "-" + JOBS + DIARY + "\n" + DIARY + "--"})
    void nothing_is_lost(String text) {
        assertThat(Turned.of(text).stream().map(Turned::text).reduce("", String::concat))
                .isEqualTo(text);
    }

    @Test
    void what_somebody_wrote_from_the_right_is_left_whole() {
        assertThat(Turned.isAll(DIARY + " " + JOBS + " 4.2")).isTrue();
        assertThat(Turned.isAll("Table " + DIARY + " has no primary key.")).isFalse();
        assertThat(Turned.isAll("12")).isFalse();
    }
}
