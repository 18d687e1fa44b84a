package dev.caretaker.server.cleanup.plan.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.policy.TimeColumn.Kind;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeBoundTest {

    @ParameterizedTest(name = "{0} {1} of {2} is {3}")
    @CsvSource({
        "TIMESTAMPTZ, , 2026-01-01T00:00:00.123456789Z, 2026-01-01 00:00:00.123456+00",
        "TIMESTAMP, Europe/Berlin, 2026-01-01T00:00:00Z, 2026-01-01 01:00:00.000000",
        // The hour from 02:00 to 03:00 comes twice on 25 October; it changes at 01:00Z.
        "TIMESTAMP, Europe/Berlin, 2026-10-24T23:59:00Z, 2026-10-25 01:59:00.000000",
        "TIMESTAMP, Europe/Berlin, 2026-10-25T00:30:00Z, 2026-10-25 02:00:00.000000",
        "TIMESTAMP, Europe/Berlin, 2026-10-25T01:00:00Z, 2026-10-25 02:00:00.000000",
        "TIMESTAMP, Europe/Berlin, 2026-10-25T01:30:00Z, 2026-10-25 02:30:00.000000",
        "TIMESTAMP, Europe/Berlin, 2026-10-25T02:00:00Z, 2026-10-25 03:00:00.000000",
        // The hour from 02:00 to 03:00 does not come on 29 March; it changes at 01:00Z.
        "TIMESTAMP, Europe/Berlin, 2026-03-29T00:59:00Z, 2026-03-29 01:59:00.000000",
        "TIMESTAMP, Europe/Berlin, 2026-03-29T01:00:00Z, 2026-03-29 02:00:00.000000",
        "TIMESTAMP, Europe/Berlin, 2026-03-29T01:20:00Z, 2026-03-29 02:20:00.000000",
        "TIMESTAMP, Europe/Berlin, 2026-03-29T02:00:00Z, 2026-03-29 04:00:00.000000",
        "DATE, Europe/Berlin, 2026-01-01T22:59:00Z, 2026-01-01",
        "DATE, Europe/Berlin, 2026-01-01T23:00:00Z, 2026-01-02",
        // At 00:01 the clock went back to 23:01 of the day before: that day was not over yet.
        "DATE, America/St_Johns, 2010-11-07T02:30:30Z, 2010-11-06",
        "EPOCH_SECONDS, , 2026-01-01T00:00:00Z, 1767225600",
        "EPOCH_SECONDS, , 2026-01-01T00:00:00.000000001Z, 1767225601",
        "EPOCH_MILLIS, , 2026-01-01T00:00:00.0005Z, 1767225600001",
        "EPOCH_MICROS, , 2026-01-01T00:00:00.0005Z, 1767225600000500",
        "UUID_V7, , 2026-01-01T00:00:00.0019Z, 019b76da-a801-0000-0000-000000000000"
    })
    void a_cutoff_becomes_the_first_value_that_is_kept(Kind kind, String zone, Instant cutoff, String bound) {
        TimeColumn column = new TimeColumn("at", kind, Optional.ofNullable(zone).map(ZoneId::of));
        assertThat(TimeBound.of(column, "bigint", cutoff)).isEqualTo(bound);
    }

    @Test
    void seconds_after_2038_fit_an_integer_column() {
        TimeColumn column = new TimeColumn("at", Kind.EPOCH_SECONDS, Optional.empty());
        Instant cutoff = Instant.parse("2040-01-01T00:00:00Z");
        assertThat(TimeBound.of(column, "integer", cutoff)).isEqualTo("2147483647");
        assertThat(TimeBound.of(column, "bigint", cutoff)).isEqualTo("2208988800");
    }
}
