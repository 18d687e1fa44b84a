package dev.caretaker.cli.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNamesTest {
    @ParameterizedTest
    @CsvSource({
        "policies[0].time_column.name, policies[0].timeColumn.name",
        "policies[2].retention.calendar.zone, policies[2].keep.calendar.zone",
        "policies[0].filter.and.filters[1].comparison.value, policies[0].where.and.filters[1].comparison.value",
        "policies[0].limits.max_fraction, policies[0].limits.maxFraction",
        "policies[0].cascade_to[1].name, policies[0].allowCascade[1].name",
        "policies[1], POLICY",
        "plan_id, PLAN",
        "older_than, --older-than",
        "options.buffer_usage_limit_kb, --buffer-usage-limit-kb",
        "target, --target"
    })
    void fields_have_the_names_that_users_know(String field, String known) {
        assertThat(FieldNames.of(field)).isEqualTo(known);
    }
}
