package dev.caretaker.cli.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "100ms, PT0.1S",
        "90s, PT1M30S",
        "15m, PT15M",
        "12h, PT12H",
        "7d, PT168H",
        "2w, PT336H",
        "90 days, PT2160H",
        "1 week, PT168H",
        "1 hour and 30 minutes, PT1H30M",
        "'1 h, 30 min', PT1H30M",
        "PT1H30M, PT1H30M",
        "P2W, PT336H",
        "P1DT12H, PT36H",
        "1h30m, PT1H30M",
        "'1d 12h', PT36H",
        "1.5s, PT1.5S",
        "250us, PT0.00025S",
        "0s, PT0S",
        "7D, PT168H",
        "'1 Hour, 30 MIN', PT1H30M"
    })
    void people_write_durations(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
        assertThat(Durations.parse(Durations.exact(Durations.toProto(expected))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "d",
                "7 apples",
                "3 months",
                "1y",
                "P1M",
                "-PT1S",
                "PT-1S",
                "1h,",
                "1h and",
                "-1s",
                "1h x",
                "7dd",
                "15M",
                "1e3s",
                "99999999999w",
                "٣d"
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "16MB, 16777216",
        "512kB, 524288",
        "1.5GB, 1610612736",
        "32MB/s, 33554432",
        "0, 0",
        "7, 7",
        "1 TB, 1099511627776"
    })
    void sizes_count_in_1024(String text, long expected) {
        assertThat(ByteSizes.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "MB", "16 apples", "999999999999999999TB"})
    void other_sizes_are_refused(String text) {
        assertThatThrownBy(() -> ByteSizes.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
