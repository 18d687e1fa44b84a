package dev.caretaker.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunWindowTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static RunWindow window(String start, String end, ZoneId zone) {
        return new RunWindow(LocalTime.parse(start), LocalTime.parse(end), zone);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-05-01T21:59:59.999Z, false, 2026-05-01T22:00:00Z",
        "2026-05-01T22:00:00Z,     true,  2026-05-01T22:00:00Z",
        "2026-05-02T04:59:59.999Z, true,  2026-05-02T04:59:59.999Z",
        "2026-05-02T05:00:00Z,     false, 2026-05-02T22:00:00Z",
        "2026-05-02T12:00:00Z,     false, 2026-05-02T22:00:00Z"
    })
    void a_window_over_midnight_opens_and_closes(Instant now, boolean open, Instant next) {
        RunWindow night = window("22:00", "05:00", ZoneOffset.UTC);

        assertThat(night.isOpen(now)).isEqualTo(open);
        assertThat(night.nextOpening(now)).isEqualTo(next);
    }

    @Test
    void a_window_by_day_opens_the_next_day_once_it_is_over() {
        RunWindow day = window("09:00", "17:00", ZoneOffset.UTC);

        assertThat(day.nextOpening(Instant.parse("2026-05-01T17:00:00Z")))
                .isEqualTo(Instant.parse("2026-05-02T09:00:00Z"));
        assertThat(day.nextOpening(Instant.parse("2026-05-01T08:59:00Z")))
                .isEqualTo(Instant.parse("2026-05-01T09:00:00Z"));
    }

    @Test
    void a_window_that_starts_when_it_ends_is_always_open() {
        RunWindow always = window("00:00", "00:00", BERLIN);

        assertThat(always.isOpen(Instant.parse("2026-03-29T01:00:00Z"))).isTrue();
        assertThat(always.isOpen(Instant.parse("2026-05-01T22:00:00Z"))).isTrue();
    }

    @Test
    void a_closed_window_says_which_it_is_and_when_it_opens_next() {
        assertThat(window("22:00", "05:00", BERLIN).closedUntil(Instant.parse("2026-05-02T12:00:00Z")))
                .isEqualTo("its window 22:00-05:00 Europe/Berlin is closed until 2026-05-02T20:00:00Z");
    }

    /** On 29 March 2026 Berlin skips 02:00 to 03:00, at 01:00 UTC. */
    @Test
    void a_start_that_is_skipped_in_spring_is_the_change_itself() {
        RunWindow window = window("02:30", "04:00", BERLIN);
        Instant change = Instant.parse("2026-03-29T01:00:00Z");

        assertThat(window.nextOpening(change.minusSeconds(600))).isEqualTo(change);
        assertThat(window.isOpen(change)).isTrue();
        assertThat(window.isOpen(change.minusSeconds(1))).isFalse();
    }

    @Test
    void a_window_that_is_skipped_wholly_does_not_open_that_day() {
        RunWindow window = window("02:10", "02:50", BERLIN);

        assertThat(window.nextOpening(Instant.parse("2026-03-29T00:00:00Z")))
                .isEqualTo(Instant.parse("2026-03-30T00:10:00Z"));
    }

    /** On 25 October 2026 Berlin has 02:00 to 03:00 twice, from 00:00 and from 01:00 UTC. */
    @Test
    void in_autumn_the_earlier_of_two_equal_times_counts() {
        RunWindow opening = window("02:30", "05:00", BERLIN);
        RunWindow closing = window("22:00", "02:30", BERLIN);

        assertThat(opening.nextOpening(Instant.parse("2026-10-24T20:00:00Z")))
                .isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
        assertThat(opening.isOpen(Instant.parse("2026-10-25T01:10:00Z"))).isTrue();
        assertThat(closing.isOpen(Instant.parse("2026-10-25T00:29:59Z"))).isTrue();
        assertThat(closing.isOpen(Instant.parse("2026-10-25T01:10:00Z"))).isFalse();
    }
}
