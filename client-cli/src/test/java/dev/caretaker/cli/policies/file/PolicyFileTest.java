package dev.caretaker.cli.policies.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.output.Json;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.TimeColumnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFileTest {
    private static final String HEAD = """
            name: p
            target: shop
            table: JobOccurrences
            timeColumn: {name: EndTime, kind: timestamptz}
            """;

    private static Policy read(String more) {
        return PolicyFile.read(new InputFile("p.yml", HEAD + more)).get(0);
    }

    private static Filter where(String where) {
        return read("keep: 7d\nwhere: " + where).getFilter();
    }

    private static String complaint(String text) {
        try {
            PolicyFile.read(new InputFile("p.yml", text));
        } catch (CommandFailure e) {
            assertThat(e.exitCode()).isEqualTo(2);
            return e.getMessage();
        }
        throw new AssertionError("no complaint about " + text);
    }

    @Test
    void a_full_policy_is_read_as_written() {
        Policy policy = PolicyFile.read(new InputFile("p.yml", """
                policies:
                  - name: occurrences-completed
                    description: "done: and dusted"
                    target: shop
                    table: public.JobOccurrences
                    timeColumn: {name: EndTime, kind: timestamp, zone: Europe/Berlin}
                    keep: 3 months in Europe/Berlin
                    where: {Status: 2, Kind: [a, b]}
                    allowCascade: true
                    skipPinned: true
                    followUp: never
                    limits: {maxRows: 1000000, maxFraction: 0.5, deadline: 1h, window: "22:00-05:00 Europe/Berlin"}
                """)).get(0);
        assertThat(policy.getTable().getSchema()).isEqualTo("public");
        assertThat(policy.getTable().getName()).isEqualTo("JobOccurrences");
        assertThat(policy.getTimeColumn().getKind()).isEqualTo(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMP);
        assertThat(policy.getTimeColumn().getZone()).isEqualTo("Europe/Berlin");
        assertThat(policy.getRetention().getCalendar())
                .isEqualTo(CalendarPeriod.newBuilder()
                        .setMonths(3)
                        .setZone("Europe/Berlin")
                        .build());
        assertThat(policy.getFilter().getAnd().getFiltersList()).hasSize(2);
        assertThat(policy.getAction()).isEqualTo(PolicyAction.POLICY_ACTION_DELETE);
        assertThat(policy.getAllowCascade()).isTrue();
        assertThat(policy.getSkipPinned()).isTrue();
        assertThat(policy.getFollowUp()).isEqualTo(FollowUp.FOLLOW_UP_NEVER);
        assertThat(policy.getLimits().getMaxRows()).isEqualTo(1_000_000);
        assertThat(policy.getLimits().getMaxFraction()).isEqualTo(0.5);
        assertThat(policy.getLimits().getDeadline().getSeconds()).isEqualTo(3600);
        assertThat(policy.getLimits().getWindow().getStart()).isEqualTo("22:00");
        assertThat(policy.getLimits().getWindow().getZone()).isEqualTo("Europe/Berlin");
    }

    @Test
    void a_file_may_be_a_list_one_policy_json_or_several_documents() {
        assertThat(PolicyFile.read(new InputFile("p.yml", HEAD + "keep: 7d\n---\n" + HEAD + "keep: 8d")))
                .hasSize(2);
        assertThat(PolicyFile.read(new InputFile("p.json", """
                [{"name": "p", "target": "shop", "table": {"schema": "a.b", "name": "c.d"},
                  "timeColumn": {"name": "t", "kind": "uuid-v7"}, "keep": "2w"}]
                """))
                        .get(0)
                        .getTable()
                        .getName())
                .isEqualTo("c.d");
    }

    @Test
    void cascades_are_allowed_to_all_tables_to_none_or_by_table() {
        assertThat(read("keep: 7d\nallowCascade: false").getAllowCascade()).isFalse();
        assertThat(read("keep: 7d\nallowCascade: []").getCascadeToList()).isEmpty();
        Policy policy = read("keep: 7d\nallowCascade: [items, sales.Items, {schema: a.b, name: c.d}]");
        assertThat(policy.getAllowCascade()).isFalse();
        assertThat(policy.getCascadeToList())
                .extracting(table -> table.getSchema() + "|" + table.getName())
                .containsExactly("|items", "sales|Items", "a.b|c.d");
        assertThat(complaint(HEAD + "keep: 7d\nallowCascade: items")).contains("true, false, or a list of tables");
    }

    @Test
    void the_canonical_json_of_the_api_is_read_too() {
        Policy policy = read("keep: 7d\nwhere: {Status: 9007199254740993}\nlimits: {maxRows: 9223372036854775807}");
        String json = Json.pretty(policy);
        assertThat(PolicyFile.read(new InputFile("p.json", json))).containsExactly(policy);
        assertThat(complaint(json.replace("allowCascade", "allowCascades"))).contains("p.yml:1: ", "allowCascades");
    }

    @ParameterizedTest
    @CsvSource({
        "7d, 604800, ''",
        "90s, 90, ''",
        "'3 months in Europe/Berlin', 0, 0y3m0d Europe/Berlin",
        "'1 year, 2 months and 3 days', 0, 1y2m3d",
        "2 weeks in UTC, 0, 0y0m14d UTC",
        "P1Y2M, 0, 1y2m0d",
        "P90D, 0, 0y0m90d",
        "PT36H, 129600, ''",
        "90 minutes, 5400, ''",
        "'{calendar: {months: 3, zone: UTC}}', 0, 0y3m0d UTC",
        "'{duration: 12h}', 43200, ''"
    })
    void retention_is_a_span_or_a_calendar_period(String keep, long seconds, String calendar) {
        Policy policy = read("keep: " + keep);
        assertThat(policy.getRetention().getDuration().getSeconds()).isEqualTo(seconds);
        if (!calendar.isEmpty()) {
            CalendarPeriod period = policy.getRetention().getCalendar();
            assertThat((period.getYears() + "y" + period.getMonths() + "m" + period.getDays() + "d " + period.getZone())
                            .strip())
                    .isEqualTo(calendar);
        }
    }

    @Test
    void values_keep_their_kind_exactly() {
        assertThat(where("{a: 9223372036854775807}").getComparison().getValue().getInt64Value())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(where("{a: \"2\"}").getComparison().getValue().getStringValue())
                .isEqualTo("2");
        assertThat(where("{a: no}").getComparison().getValue().getStringValue()).isEqualTo("no");
        assertThat(where("{a: 2.0}").getComparison().getValue().getDoubleValue())
                .isEqualTo(2.0);
        assertThat(where("{a: true}").getComparison().getValue().getBoolValue()).isTrue();
        assertThat(where("{a: 2025-01-31}").getComparison().getValue().getStringValue())
                .isEqualTo("2025-01-31");
        assertThat(where("{a: {timestamp: 2025-01-31T12:00:00.000001+01:00}}")
                        .getComparison()
                        .getValue()
                        .getTimestampValue()
                        .getNanos())
                .isEqualTo(1000);
    }

    @Test
    void filters_have_a_short_and_a_full_form() {
        assertThat(where("{a: null}").getIsNull().getColumn()).isEqualTo("a");
        assertThat(where("{a: [1, x]}").getIn().getValuesCount()).isEqualTo(2);
        assertThat(where("{not: {a: 1}}").getNot().getComparison().getColumn()).isEqualTo("a");
        assertThat(where("{or: [{a: 1}, {column: b, op: \">=\", value: 2}]}")
                        .getOr()
                        .getFilters(1)
                        .getComparison()
                        .getOperator())
                .isEqualTo(ComparisonOperator.COMPARISON_OPERATOR_GREATER_OR_EQUAL);
        assertThat(where("{column: and, is: null}").getIsNull().getColumn()).isEqualTo("and");
        assertThat(where("{column: a, is: not null}").getNot().getIsNull().getColumn())
                .isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keep: 7d\\nkeeep: 8d | p.yml:6: keeep: unknown key; known here: name,",
                "keep: 7d\\nlimits: {maxRows: 5, maxRow: 6} | p.yml:6: limits.maxRow: unknown key, did you mean 'maxRows'?; known here: maxRows,",
                "keep: 7d\\nkeep: 8d | p.yml:6: keep: given twice",
                "keep: 7d\\ndescription: \"\\uD83D\" | p.yml:6: description: holds half of a surrogate pair",
                "keep: soon | p.yml:5: keep: 'soon' is not a duration such as",
                "keep: [7d] | p.yml:5: keep: must be a text",
                "skipPinned: true | p.yml:1: the policy lacks 'keep'",
                "keep: 7d\\nskipPinned: yes | p.yml:6: skipPinned: must be true or false",
                "keep: 7d\\nlimits: {maxRows: many} | p.yml:6: limits.maxRows: must be a whole number",
                "keep: 7d\\nlimits: {maxRows: 0} | p.yml:6: limits.maxRows: 0 bounds nothing; leave it out",
                "keep: 7d\\nlimits: {maxFraction: 0.0} | p.yml:6: limits.maxFraction: 0 bounds nothing; leave it out",
                "keep: 99999999999d | p.yml:5: keep: '99999999999d' is longer than 10,000 years; a calendar period is",
                "keep: 7d\\nlimits: {window: at night} | p.yml:6: limits.window: 'at night' is not a window such as",
                "keep: 7d\\nfollowUp: maybe | p.yml:6: followUp: 'maybe' is none of auto, never, always",
                "keep: 7d\\naction: move | p.yml:6: action: 'move' is none of delete",
                "keep: 7d\\nwhere: {a: 92233720368547758070} | p.yml:6: where.a: does not fit into 64 bits",
                "keep: 7d\\nwhere: {} | p.yml:6: where: says nothing",
                "keep: 7d\\nwhere: {a: 1, or: [{b: 1}]} | p.yml:6: where.or: 'or' must stand alone",
                "keep: 7d\\nwhere: {column: a, op: like, value: x} | p.yml:6: where.op: 'like' is none of =,",
                "keep: 7d\\nwhere: {column: a} | p.yml:6: where: needs exactly one of value, in, is",
                "keep: 7d\\nwhere: {a: {x: 1}} | p.yml:6: where.a.x: unknown key; known here: timestamp",
                "keep: 7d\\nwhere: {a: [null]} | p.yml:6: where.a[0]: must not be null",
                "keep: 7d\\nwhere: a = 1 or true | p.yml:6: where: must be a map",
                "keep: 7d\\nwhere: {a: [1 | p.yml:6: not YAML:",
                "keep: {calendar: {months: -3}} | p.yml:5: keep.calendar.months: must be between 0"
            })
    void what_is_wrong_is_named_with_line_and_key(String more, String expected) {
        assertThat(complaint(HEAD + more.replace("\\n", "\n"))).startsWith(expected);
    }

    @Test
    void a_name_with_two_dots_must_be_split_by_the_writer() {
        assertThat(complaint(HEAD.replace("JobOccurrences", "a.b.c") + "keep: 7d"))
                .startsWith("p.yml:3: table: must be table or schema.table");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing", "policies: []", "---\n---\n"})
    void an_empty_file_is_an_error(String text) {
        assertThat(complaint(text)).isEqualTo("p.yml: holds no policies");
    }

    @Test
    void a_file_that_refers_to_itself_is_refused() {
        assertThat(complaint(HEAD + "keep: 7d\nwhere: &w {not: *w}")).contains("nested too deeply");
    }
}
