package dev.caretaker.server.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormat.ParseException;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyReaderTest {
    private static final String GOOD = """
            name: "old-jobs"
            target: "main"
            table { schema: "public" name: "JobOccurrences" }
            time_column { name: "EndTime" kind: TIME_COLUMN_KIND_TIMESTAMPTZ }
            retention { duration { seconds: 604800 } }
            action: POLICY_ACTION_DELETE
            """;

    @Test
    void utc_is_the_same_zone_whether_it_is_named_or_left_out() {
        String policy = "retention { calendar { months: 1 %s } } limits { window { start: '22:00' end: '05:00' %s } }";
        dev.caretaker.v1.Policy.Builder good =
                parse(GOOD).toBuilder().clearRetention().clearLimits();
        assertThat(read(merged(good.clone(), policy.formatted("zone: 'UTC'", "zone: 'UTC'"))))
                .isEqualTo(read(merged(good.clone(), policy.formatted("", ""))));
    }

    @Test
    void a_policy_survives_the_way_in_and_out() {
        String cascades = "cascade_to { schema: 'public' name: 'a' } cascade_to { schema: 'B' name: 'a' }";
        for (String text : List.of(
                GOOD + "follow_up: FOLLOW_UP_AUTO", GOOD + "follow_up: FOLLOW_UP_AUTO " + cascades, everything())) {
            dev.caretaker.v1.Policy message = parse(text);
            assertThat(PolicyWriter.write(read(message)).build()).isEqualTo(message);
        }
    }

    @Test
    void cascades_are_listed_once_and_not_beside_all() {
        String list = "cascade_to { name: 'a' } cascade_to { schema: 'public' name: 'a' } cascade_to {}";
        assertThat(violations(parse(GOOD + list + " allow_cascade: true")))
                .extracting(FieldViolation::field)
                .containsExactly(
                        "policies[0].cascade_to", "policies[0].cascade_to[1]", "policies[0].cascade_to[2].name");
    }

    @Test
    void what_is_left_out_takes_the_documented_default() {
        Policy policy = read(parse(GOOD.replace("schema: \"public\"", "")));
        assertThat(policy.table().schema()).isEqualTo("public");
        assertThat(policy.followUp()).isEqualTo(Policy.FollowUp.AUTO);
        assertThat(policy.filter()).isEmpty();
    }

    @Test
    void an_empty_policy_is_told_all_that_is_required_at_once() {
        assertThat(violations(dev.caretaker.v1.Policy.getDefaultInstance()))
                .extracting(FieldViolation::field)
                .containsExactlyInAnyOrder(
                        "policies[0].name",
                        "policies[0].target",
                        "policies[0].action",
                        "policies[0].table",
                        "policies[0].time_column",
                        "policies[0].retention");
    }

    static Stream<List<String>> mistakes() {
        return Stream.of(
                List.of("name: 'Jobs'", "name"),
                List.of("name: '" + "a".repeat(64) + "'", "name"),
                List.of("name: '1st'", "name"),
                List.of("table { name: '' }", "table.name"),
                List.of("table { name: '" + "ä".repeat(32) + "' }", "table.name"),
                List.of("table { schema: 'a\\000b' }", "table.schema"),
                List.of("time_column { name: '' }", "time_column.name"),
                List.of("time_column { kind: TIME_COLUMN_KIND_UNSPECIFIED }", "time_column.kind"),
                List.of("time_column { kind: 99 }", "time_column.kind"),
                List.of("time_column { kind: TIME_COLUMN_KIND_TIMESTAMP }", "time_column.zone"),
                List.of("time_column { kind: TIME_COLUMN_KIND_DATE zone: 'Europe/Nowhere' }", "time_column.zone"),
                List.of("time_column { kind: TIME_COLUMN_KIND_DATE zone: 'UTC+3' }", "time_column.zone"),
                List.of("time_column { zone: 'UTC' }", "time_column.zone"),
                List.of("retention { duration { seconds: 0 } }", "retention.duration"),
                List.of("retention { duration { seconds: -5 } }", "retention.duration"),
                List.of("retention { duration { seconds: 7000000000 } }", "retention.duration"),
                List.of("retention { duration { seconds: 5 nanos: -1 } }", "retention.duration"),
                List.of("retention { duration { seconds: 9223372036854775807 } }", "retention.duration"),
                List.of("retention { duration { seconds: -9223372036854775808 } }", "retention.duration"),
                List.of("retention { calendar { } }", "retention.calendar"),
                List.of("retention { calendar { days: -1 } }", "retention.calendar.days"),
                List.of("retention { calendar { months: 2147483647 } }", "retention.calendar.months"),
                List.of("retention { calendar { years: 1 zone: 'Mars' } }", "retention.calendar.zone"),
                List.of("action: POLICY_ACTION_UNSPECIFIED", "action"),
                List.of("follow_up: 17", "follow_up"),
                List.of("limits { max_rows: -1 }", "limits.max_rows"),
                List.of("limits { max_fraction: 1.5 }", "limits.max_fraction"),
                List.of("limits { max_fraction: nan }", "limits.max_fraction"),
                List.of("limits { deadline { seconds: 0 } }", "limits.deadline"),
                List.of("limits { window { start: '22:00' end: '5:00' } }", "limits.window.end"),
                List.of("limits { window { start: '24:00' end: '05:00' } }", "limits.window.start"),
                List.of("limits { window { start: '05:00' end: '05:00' } }", "limits.window.end"),
                List.of("description: '" + "d".repeat(1_001) + "'", "description"),
                List.of("filter { }", "filter"),
                List.of("filter { and { } }", "filter.and.filters"),
                List.of("filter { not { } }", "filter.not"),
                List.of("filter { is_null { } }", "filter.is_null.column"),
                List.of("filter { in { column: 'a' } }", "filter.in.values"),
                List.of("filter { in { column: 'a' values { int64_value: 1 } values { } } }", "filter.in.values[1]"),
                List.of(
                        "filter { and { filters { is_null { column: 'a' } } filters { comparison { column: 'b'"
                                + " operator: COMPARISON_OPERATOR_EQUAL } } } }",
                        "filter.and.filters[1].comparison.value"),
                List.of("filter { comparison { column: 'b' value { int64_value: 1 } } }", "filter.comparison.operator"),
                List.of(comparedWith("double_value: nan"), "filter.comparison.value.double_value"),
                List.of(comparedWith("double_value: inf"), "filter.comparison.value.double_value"),
                List.of(comparedWith("string_value: 'a\\000'"), "filter.comparison.value.string_value"),
                List.of(comparedWith("timestamp_value { nanos: 1 }"), "filter.comparison.value.timestamp_value"),
                List.of(
                        comparedWith("timestamp_value { seconds: 999999999999 }"),
                        "filter.comparison.value.timestamp_value"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_told_with_the_exact_path_of_its_field(List<String> mistake) {
        dev.caretaker.v1.Policy.Builder policy = parse(GOOD).toBuilder();
        assertThat(violations(merged(policy, mistake.getFirst())))
                .extracting(FieldViolation::field)
                .containsExactly("policies[0]." + mistake.getLast());
    }

    @Test
    void all_mistakes_are_told_together() {
        dev.caretaker.v1.Policy policy = merged(
                parse(GOOD).toBuilder(), "name: 'X' limits { max_rows: -1 } filter { or { filters { } filters { } } }");
        assertThat(violations(policy))
                .extracting(FieldViolation::field)
                .containsExactly(
                        "policies[0].name",
                        "policies[0].filter.or.filters[0]",
                        "policies[0].filter.or.filters[1]",
                        "policies[0].limits.max_rows");
    }

    @ParameterizedTest
    @CsvSource({"15, 0", "16, 1"})
    void filters_nest_sixteen_levels_and_no_deeper(int nots, int mistakes) {
        String filter = "filter { " + "not { ".repeat(nots) + "is_null { column: 'a' }" + " }".repeat(nots) + " }";
        assertThat(violations(merged(parse(GOOD).toBuilder(), filter))).hasSize(mistakes);
    }

    @ParameterizedTest
    @CsvSource({"1000, 0", "1001, 1"})
    void an_IN_list_holds_a_thousand_values_and_no_more(int values, int mistakes) {
        String list =
                Stream.generate(() -> "values { int64_value: 1 }").limit(values).collect(Collectors.joining(" "));
        assertThat(violations(merged(parse(GOOD).toBuilder(), "filter { in { column: 'a' " + list + " } }")))
                .hasSize(mistakes);
    }

    @Test
    void int64_values_are_exact_over_the_whole_range() {
        Policy policy = read(merged(parse(GOOD).toBuilder(), comparedWith("int64_value: 9007199254740993")));
        assertThat(policy.filter().orElseThrow().toString()).contains("9007199254740993");
    }

    private static String comparedWith(String value) {
        return "filter { comparison { column: 'b' operator: COMPARISON_OPERATOR_EQUAL value { " + value + " } } }";
    }

    private static String everything() {
        return """
                name: "a-1_b"
                target: "main"
                table { schema: "My Schema" name: "weird \\"table\\"" }
                time_column { name: "d" kind: TIME_COLUMN_KIND_DATE zone: "Europe/Berlin" }
                retention { calendar { years: 1 months: 2 days: 3 zone: "America/New_York" } }
                filter {
                  or {
                    filters { and { filters { in { column: "a" values { bool_value: true } values { double_value: 0.5 } } } } }
                    filters { not { is_null { column: "b" } } }
                    filters { comparison { column: "c" operator: COMPARISON_OPERATOR_LESS_OR_EQUAL value { int64_value: -9223372036854775808 } } }
                    filters { comparison { column: "c" operator: COMPARISON_OPERATOR_NOT_EQUAL value { string_value: "'; DROP TABLE x" } } }
                    filters { comparison { column: "e" operator: COMPARISON_OPERATOR_GREATER value { timestamp_value { seconds: -1 nanos: 1000 } } } }
                  }
                }
                action: POLICY_ACTION_DELETE
                allow_cascade: true
                skip_pinned: true
                follow_up: FOLLOW_UP_NEVER
                limits {
                  max_rows: 5
                  max_fraction: 0.25
                  deadline { seconds: 60 nanos: 5 }
                  window { start: "22:00" end: "05:00" zone: "UTC" }
                }
                description: "why"
                """;
    }

    private static Policy read(dev.caretaker.v1.Policy message) {
        Violations violations = new Violations();
        Policy policy = PolicyReader.read(violations, "policies[0]", message);
        violations.check();
        return policy;
    }

    private static List<FieldViolation> violations(dev.caretaker.v1.Policy message) {
        CaretakerException refused = catchThrowableOfType(CaretakerException.class, () -> read(message));
        return refused == null ? List.of() : refused.violations();
    }

    private static dev.caretaker.v1.Policy parse(String text) {
        return merged(dev.caretaker.v1.Policy.newBuilder(), text);
    }

    private static dev.caretaker.v1.Policy merged(dev.caretaker.v1.Policy.Builder builder, String text) {
        try {
            TextFormat.Parser.newBuilder().build().merge(text, builder);
            return builder.build();
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }
}
