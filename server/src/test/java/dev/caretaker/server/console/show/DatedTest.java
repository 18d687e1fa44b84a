package dev.caretaker.server.console.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatedTest {
    @Test
    void moments_in_a_sentence_are_told_apart_from_its_words() {
        assertThat(Dated.of("On hold since 2026-12-01T14:05:06.5Z by ada until 2026-12-02T16:00:00+02:00: month end"))
                .containsExactly(
                        said("On hold since "),
                        new Dated("2026-12-01T14:05:06.5Z", at("2026-12-01T14:05:06.5Z")),
                        said(" by ada until "),
                        new Dated("2026-12-02T16:00:00+02:00", at("2026-12-02T14:00:00Z")),
                        said(": month end"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12 rows of 2026-12-01",
                "until 2026-12-01T14:05:06",
                "jobs_2026-12-01T14:05:06Z",
                "2026-13-41T14:05:06Z",
                "12026-12-01T14:05:06Z"
            })
    void what_is_no_moment_stays_as_it_is(String sentence) {
        assertThat(Dated.of(sentence)).containsExactly(said(sentence));
    }

    private static Dated said(String text) {
        return new Dated(text, Optional.empty());
    }

    private static Optional<Timestamp> at(String iso) {
        return Optional.of(Moments.timestamp(Instant.parse(iso)));
    }
}
