package dev.caretaker.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkingHoursTest {
    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private static WorkingHours pausing(String start, String end, String zone) {
        return WorkingHours.pausing(new RunWindow(LocalTime.parse(start), LocalTime.parse(end), ZoneId.of(zone)));
    }

    @Test
    void a_run_works_only_while_all_of_its_windows_are_open() {
        List<WorkingHours> both = List.of(pausing("22:00", "05:00", "UTC"), pausing("02:00", "08:00", "UTC"));

        assertThat(WorkingHours.nextOpening(both, NOON)).contains(Instant.parse("2026-05-02T02:00:00Z"));
        assertThat(WorkingHours.areOpen(both, Instant.parse("2026-05-02T02:00:00Z")))
                .isTrue();
        assertThat(WorkingHours.areOpen(both, Instant.parse("2026-05-02T05:00:00Z")))
                .isFalse();
        assertThat(WorkingHours.closed(both, Instant.parse("2026-05-02T06:00:00Z")))
                .isEqualTo("its window 22:00-05:00 UTC is closed until 2026-05-02T22:00:00Z");
    }

    @Test
    void windows_that_meet_only_on_some_days_open_on_those() {
        // An hour before clocks change in Berlin, the same one afterwards.
        List<WorkingHours> winter =
                List.of(pausing("01:00", "02:00", "UTC"), pausing("02:00", "03:00", "Europe/Berlin"));

        assertThat(WorkingHours.nextOpening(winter, NOON)).contains(Instant.parse("2026-10-25T01:00:00Z"));
    }

    @Test
    void windows_that_never_meet_never_open() {
        List<WorkingHours> apart = List.of(pausing("01:00", "02:00", "UTC"), pausing("04:00", "05:00", "UTC"));

        assertThat(WorkingHours.nextOpening(apart, NOON)).isEmpty();
    }

    @Test
    void without_windows_a_run_always_works() {
        assertThat(WorkingHours.areOpen(List.of(), NOON)).isTrue();
        assertThat(WorkingHours.nextOpening(List.of(), NOON)).contains(NOON);
    }
}
