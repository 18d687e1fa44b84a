package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentencesTest {
    @Test
    void as_many_as_there_may_be_are_all_told() {
        assertThat(Sentences.first(List.of("One.", "Two."), 2)).containsExactly("One.", "Two.");
    }

    @Test
    void of_more_the_last_one_says_how_many_there_are() {
        assertThat(Sentences.first(Collections.nCopies(101, "One."), 100))
                .hasSize(100)
                .endsWith("And 2 more.");
    }

    @Test
    void one_without_end_is_cut_and_no_character_of_it_is_halved() {
        String longest = "x".repeat(Sentences.LONGEST);
        String more = "x".repeat(Sentences.LONGEST - 2) + "😀" + "x".repeat(9);
        assertThat(Sentences.first(List.of(longest, longest + "y", more), 3))
                .containsExactly(
                        longest, "x".repeat(Sentences.LONGEST - 1) + "…", "x".repeat(Sentences.LONGEST - 2) + "…");
    }
}
