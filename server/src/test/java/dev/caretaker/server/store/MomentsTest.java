package dev.caretaker.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentsTest {
    @Test
    void a_moment_is_told_to_the_second() {
        assertThat(Moments.second(Instant.parse("2026-12-01T14:05:06.123456Z"))).hasToString("2026-12-01T14:05:06Z");
    }

    @ParameterizedTest
    @CsvSource({"PT168H, 7 days", "PT24H, 24 h", "PT26H, 26 h", "PT90M, 90 min", "PT45S, 45 s"})
    void a_span_is_told_in_the_largest_unit_that_tells_it_exactly(Duration span, String told) {
        assertThat(Moments.span(span)).isEqualTo(told);
    }
}
