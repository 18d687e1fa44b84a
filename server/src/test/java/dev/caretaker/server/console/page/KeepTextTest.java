package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.Retention;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepTextTest {
    @ParameterizedTest
    @CsvSource({"90d, 7776000", "36h, 129600", "90m, 5400", "45s, 45"})
    void a_span_is_so_many_hours_in_form_and_file_alike(String text, long seconds) {
        Retention kept = Retention.newBuilder()
                .setDuration(Duration.newBuilder().setSeconds(seconds))
                .build();

        assertThat(KeepText.write(kept)).isEqualTo(text);
        assertThat(KeepText.read(text)).isEqualTo(kept);
        assertThat(PolicyYaml.write(policy(kept))).contains("duration: " + text);
        assertThat(PolicyYaml.read(PolicyYaml.write(policy(kept)))).isEqualTo(policy(kept));
    }

    @ParameterizedTest
    @CsvSource({
        "90 days, 0, 0, 90, ''",
        "3 months in Europe/Berlin, 0, 3, 0, Europe/Berlin",
        "1 year 2 months 3 days, 1, 2, 3, ''",
        "2 years, 2, 0, 0, ''"
    })
    void days_months_and_years_count_on_the_calendar(String text, int years, int months, int days, String zone) {
        Retention kept = Retention.newBuilder()
                .setCalendar(CalendarPeriod.newBuilder()
                        .setYears(years)
                        .setMonths(months)
                        .setDays(days)
                        .setZone(zone))
                .build();

        assertThat(KeepText.write(kept)).isEqualTo(text);
        assertThat(KeepText.read(text)).isEqualTo(kept);
        assertThat(PolicyYaml.read(PolicyYaml.write(policy(kept)))).isEqualTo(policy(kept));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "90", "3 moons", "90d in Europe/Berlin", "9999999999 days", "-3d"})
    void what_is_no_span_is_refused_with_what_would_be_one(String text) {
        assertThatThrownBy(() -> KeepText.read(text))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("90d");
    }

    @Test
    void all_spans_of_a_policy_are_written_as_people_write_them() {
        Policy policy = Policy.newBuilder()
                .setLimits(PolicyLimits.newBuilder()
                        .setDeadline(Duration.newBuilder().setSeconds(5_400)))
                .build();

        assertThat(PolicyYaml.write(policy)).contains("deadline: 90m");
        assertThat(PolicyYaml.read("limits: {deadline: 1h30m}")).isEqualTo(policy);
        assertThat(PolicyYaml.read("limits: {deadline: 5400s}")).isEqualTo(policy);
        assertThatThrownBy(() -> PolicyYaml.read("limits: {deadline: soon}")).hasMessageContaining("soon");
    }

    private static Policy policy(Retention kept) {
        return Policy.newBuilder().setName("kept").setRetention(kept).build();
    }
}
