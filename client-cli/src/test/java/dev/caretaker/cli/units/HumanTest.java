package dev.caretaker.cli.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "999, 999",
        "1000, '1,000'",
        "1234567, '1,234,567'",
        "-1000, '-1,000'",
        "-999, -999",
        "9223372036854775807, '9,223,372,036,854,775,807'"
    })
    void counts_have_thousands_separators(long value, String expected) {
        assertThat(Human.count(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, true, 0 rows", "1, true, 1 row", "1, false, ~1 row", "2000, false, '~2,000 rows'"})
    void one_row_is_no_rows(long value, boolean exact, String expected) {
        assertThat(Human.rows(value, exact)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 kB",
        "1536, 1.5 kB",
        "1048575, 1 MB",
        "16777216, 16 MB",
        "158334976, 151 MB",
        "9223372036854775807, 8 EB",
        "-1024, -1 kB",
        "-9223372036854775808, -8 EB"
    })
    void bytes_have_units(long value, String expected) {
        assertThat(Human.bytes(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.085S, 85 ms",
        "PT1S, 1 s",
        "PT12.34S, 12.3 s",
        "PT59.99S, 60 s",
        "PT2M5S, 2m 05s",
        "PT3H20M, 3h 20m",
        "PT102H, 4d 6h",
        "PT-2M, -2m 00s"
    })
    void durations_have_two_units_at_most(Duration duration, String expected) {
        assertThat(Human.duration(duration)).isEqualTo(expected);
    }

    @Test
    void estimates_wear_a_tilde() {
        assertThat(Human.count(1200, false)).isEqualTo("~1,200");
        assertThat(Human.count(1200, true)).isEqualTo("1,200");
    }
}
