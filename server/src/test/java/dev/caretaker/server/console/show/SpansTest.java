package dev.caretaker.server.console.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {
    @ParameterizedTest
    @CsvSource({
        "PT2160H, 90d, 90 days",
        "PT24H, 1d, 1 day",
        "PT36H, 36h, 36 h",
        "PT60H, 60h, 2 days 12 h",
        "PT90M, 90m, 1 h 30 min",
        "PT1H, 1h, 1 h",
        "PT45S, 45s, 45 s",
        "PT0.25S, 0.25s, 250 ms",
        "PT1M1.5S, 61.5s, 1 min 1 s 500 ms",
        "PT0S, 0s, 0"
    })
    void a_span_is_written_as_people_write_it_and_read_back_as_it_was(Duration span, String written, String words) {
        assertThat(Spans.write(span)).isEqualTo(written);
        assertThat(Spans.read(written)).contains(span);
        assertThat(Spans.words(span)).isEqualTo(words);
    }
}
