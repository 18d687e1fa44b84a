package dev.caretaker.server.partition.upkeep.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How keys denote positions: failure cases 12, 14, 15 and 17. */
class KeyEncodingTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMPTZ, 2025-03-30 01:00:00+00",
        "TIMESTAMPTZ, 2025-03-30 01:00:00.000001+00",
        "TIMESTAMPTZ, 10000-01-01 00:00:00+00",
        "TIMESTAMPTZ, 0044-03-15 00:00:00+00 BC",
        "TIMESTAMP, 2025-03-30 02:30:00",
        "DATE, 2025-03-30",
        "DATE, 0044-03-15 BC",
        "EPOCH_SECONDS, 1735689600",
        "EPOCH_SECONDS, -86400",
        "EPOCH_MILLIS, 1735689600000",
        "EPOCH_MILLIS, -1",
        "EPOCH_MICROS, 1735689600000001",
        "UUID_V7, 01941f29-7c00-0000-0000-000000000000",
        "INTEGER, -9223372036854775808"
    })
    void case_14_what_is_read_from_a_bound_is_written_again(KeyEncoding encoding, String text) {
        BigInteger position = encoding.read(text).orElseThrow().position();
        assertThat(encoding.write(position, false)).isEqualTo(text);
    }

    @Test
    void case_15_the_least_uuid_of_version_7_is_recognised_and_written() {
        String least = "01941f29-7c00-7000-8000-000000000000";
        assertThat(KeyEncoding.UUID_V7.isLeastV7(least)).isTrue();
        assertThat(KeyEncoding.UUID_V7.isLeastV7("01941f29-7c00-0000-0000-000000000000"))
                .isFalse();
        BigInteger position = KeyEncoding.UUID_V7.read(least).orElseThrow().position();
        assertThat(CalendarGrid.instant(position)).isEqualTo(Instant.parse("2025-01-01T00:00:00Z"));
        assertThat(KeyEncoding.UUID_V7.write(position, true)).isEqualTo(least);
    }

    @Test
    void infinite_bounds_lie_outside_of_all_keys() {
        assertThat(KeyEncoding.TIMESTAMPTZ.read("-infinity")).contains(KeyPoint.LOWEST);
        assertThat(KeyEncoding.DATE.read("infinity")).contains(KeyPoint.HIGHEST);
        assertThat(KeyEncoding.TIMESTAMPTZ.read("yesterday")).isEmpty();
    }

    @Test
    void local_keys_show_the_clocks_of_the_zone() {
        Instant summer = Instant.parse("2025-07-01T22:30:00Z");
        assertThat(KeyEncoding.TIMESTAMP.write(KeyEncoding.TIMESTAMP.position(summer, BERLIN), false))
                .isEqualTo("2025-07-02 00:30:00");
        assertThat(KeyEncoding.TIMESTAMPTZ.write(KeyEncoding.TIMESTAMPTZ.position(summer, BERLIN), false))
                .isEqualTo("2025-07-01 22:30:00+00");
    }

    @Test
    void case_17_a_day_of_25_hours_has_24_of_them_for_a_key_without_a_zone() {
        PartitionGrid hours = KeyEncoding.TIMESTAMP.effective(CalendarGrid.of(CalendarUnit.HOUR, BERLIN));
        BigInteger from =
                KeyEncoding.TIMESTAMP.read("2025-10-26 00:00:00").orElseThrow().position();
        BigInteger to =
                KeyEncoding.TIMESTAMP.read("2025-10-27 00:00:00").orElseThrow().position();
        int cells = 0;
        for (BigInteger line = from; line.compareTo(to) < 0; line = hours.next(line)) {
            cells++;
        }
        assertThat(cells).isEqualTo(24);
    }

    @Test
    void keys_coarser_than_a_line_are_cut_at_the_first_key_after_it() {
        BigInteger position = CalendarGrid.position(Instant.parse("1969-12-31T23:59:58.5Z"));
        assertThat(KeyEncoding.EPOCH_SECONDS.write(position, false)).isEqualTo("-1");
        assertThat(KeyEncoding.EPOCH_MILLIS.write(position, false)).isEqualTo("-1500");
    }
}
