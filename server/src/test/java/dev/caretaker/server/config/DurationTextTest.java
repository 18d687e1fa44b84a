package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "1h30m, PT1H30M",
        "'1 hour, 30 minutes', PT1H30M",
        "90 days, PT2160H",
        "1.5h, PT1H30M",
        "2 Hours, PT2H",
        "2w, PT336H",
        "PT1H30M, PT1H30M",
        "0s, PT0S"
    })
    void people_write_durations(String text, Duration expected) {
        assertThat(DurationText.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "soon", "7 apples", "1 month", "-1s", "1h,", "999999999999999w"})
    void anything_else_is_none(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }
}
