package dev.caretaker.cli.policies.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.output.Json;
import dev.caretaker.cli.output.Yaml;
import dev.caretaker.v1.AppliedPolicy;
import dev.caretaker.v1.ApplyPoliciesResponse;
import dev.caretaker.v1.ArchiveProof;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.BucketUnit;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.MeasureKind;
import dev.caretaker.v1.NullTest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RollUp;
import dev.caretaker.v1.RollUpMeasure;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server may hold, shown as a file and read again, is the same policy. */
class PolicyRoundTripTest {
    private static Policy.Builder policy() {
        Policy.Builder policy = Policy.newBuilder()
                .setName("p")
                .setTarget("shop")
                .setTable(TableName.newBuilder().setSchema("public").setName("JobOccurrences"))
                .setAction(PolicyAction.POLICY_ACTION_DELETE);
        policy.getTimeColumnBuilder().setName("EndTime").setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ);
        policy.getRetentionBuilder().getDurationBuilder().setSeconds(604_800);
        return policy;
    }

    private static void comesBack(Policy.Builder policy) {
        Policy expected = policy.build();
        String file = PolicyWriter.file(List.of(expected), true);
        assertThat(PolicyFile.read(new InputFile("p.yml", file))).as(file).containsExactly(expected);
    }

    private static Value string(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }

    private static Filter compare(String column, ComparisonOperator operator, Value value) {
        return Filter.newBuilder()
                .setComparison(Comparison.newBuilder()
                        .setColumn(column)
                        .setOperator(operator)
                        .setValue(value))
                .build();
    }

    private static Filter equal(String column, Value value) {
        return compare(column, ComparisonOperator.COMPARISON_OPERATOR_EQUAL, value);
    }

    private static Filter isNull(String column) {
        return Filter.newBuilder()
                .setIsNull(NullTest.newBuilder().setColumn(column))
                .build();
    }

    private static Filter in(String column, Value... values) {
        return Filter.newBuilder()
                .setIn(InList.newBuilder().setColumn(column).addAllValues(List.of(values)))
                .build();
    }

    private static Filter and(Filter... filters) {
        return Filter.newBuilder()
                .setAnd(FilterList.newBuilder().addAllFilters(List.of(filters)))
                .build();
    }

    private static Filter or(Filter... filters) {
        return Filter.newBuilder()
                .setOr(FilterList.newBuilder().addAllFilters(List.of(filters)))
                .build();
    }

    @Test
    void an_archive() {
        TableName name = TableName.newBuilder()
                .setSchema("old")
                .setName("{table}_{yyyy}_{mm}")
                .build();
        comesBack(policy().setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                .setArchive(ArchiveTo.newBuilder()
                        .setTable(ArchiveTable.newBuilder().setName(name).setIndexes(true))
                        .setLoseChildren(true)));
        comesBack(policy().setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                .setArchive(ArchiveTo.newBuilder()
                        .setStore(ArchiveStore.newBuilder().setDestination("cold"))));
        comesBack(policy().setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                .setArchive(ArchiveTo.newBuilder()
                        .setStore(ArchiveStore.newBuilder()
                                .setDestination("cold")
                                .setFormat("ndjson")
                                .setCompression("none")
                                .addColumns("a b")
                                .addColumns("true")
                                .setPartBytes(1 << 20)
                                .setVerify(ArchiveProof.ARCHIVE_PROOF_STORED))));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"MEASURE_KIND_UNSPECIFIED", "UNRECOGNIZED"})
    void a_figure_of_a_roll_up(MeasureKind kind) {
        RollUpMeasure.Builder measure =
                RollUpMeasure.newBuilder().setName("a figure").setKind(kind);
        if (kind != MeasureKind.MEASURE_KIND_COUNT) {
            measure.setColumn("some column");
        }
        if (kind == MeasureKind.MEASURE_KIND_SAMPLES) {
            measure.setSamples(3);
        }
        RollUp.Builder rollUp = RollUp.newBuilder()
                .setInto(TableName.newBuilder().setName("sums"))
                .setBucket(BucketUnit.BUCKET_UNIT_QUARTER)
                .setZone("Europe/Berlin")
                .addBy("app")
                .addBy("type")
                .addMeasures(measure);
        comesBack(policy().setAction(PolicyAction.POLICY_ACTION_ROLL_UP).setRollUp(rollUp));
    }

    @Test
    void every_plain_field() {
        comesBack(policy().setDescription("two\nlines: # and signs")
                .setAllowCascade(true)
                .setSkipPinned(true)
                .setEtag("0123"));
        comesBack(
                policy().addCascadeTo(TableName.newBuilder().setSchema("public").setName("Kids"))
                        .addCascadeTo(TableName.newBuilder().setName("kids"))
                        .addCascadeTo(TableName.newBuilder().setSchema("a.b").setName("true")));
        comesBack(policy().setLimits(PolicyLimits.getDefaultInstance()));
        comesBack(policy().setLimits(PolicyLimits.newBuilder()
                .setMaxRows(Long.MAX_VALUE)
                .setMaxFraction(1.0 / 3)
                .setDeadline(Duration.newBuilder().setSeconds(5400))
                .setWindow(
                        RunWindow.newBuilder().setStart("22:00").setEnd("05:00").setZone("Europe/Berlin"))));
        comesBack(policy().setLimits(PolicyLimits.newBuilder()
                .setWindow(RunWindow.newBuilder().setStart("00:00").setEnd("06:30"))));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"TIME_COLUMN_KIND_UNSPECIFIED", "UNRECOGNIZED"})
    void every_kind_of_time_column(TimeColumnKind kind) {
        comesBack(policy().setTimeColumn(
                        TimeColumn.newBuilder().setName("no").setKind(kind).setZone("Europe/Berlin")));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "UNRECOGNIZED")
    void every_follow_up(FollowUp followUp) {
        comesBack(policy().setFollowUp(followUp));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", ".", "weird \"name\"", "日本", "null", "123", "true", "x: y", "- z", "tab\there", "'"})
    void every_name(String name) {
        comesBack(policy().setTable(TableName.newBuilder().setName(name)));
        comesBack(policy().setTable(TableName.newBuilder().setSchema(name).setName(name)));
        comesBack(policy().setTimeColumn(
                        TimeColumn.newBuilder().setName(name).setKind(TimeColumnKind.TIME_COLUMN_KIND_DATE)));
        comesBack(policy().setFilter(equal(name, string(name))));
    }

    static Stream<Retention> retentions() {
        return Stream.of(
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(1)),
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(5400)),
                        Retention.newBuilder()
                                .setDuration(
                                        Duration.newBuilder().setSeconds(90).setNanos(500_000_000)),
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(200L * 366 * 86_400)),
                        Retention.newBuilder()
                                .setCalendar(
                                        CalendarPeriod.newBuilder().setMonths(3).setZone("Europe/Berlin")),
                        Retention.newBuilder()
                                .setCalendar(CalendarPeriod.newBuilder()
                                        .setYears(1)
                                        .setMonths(2)
                                        .setDays(3)),
                        Retention.newBuilder()
                                .setCalendar(CalendarPeriod.newBuilder().setDays(1)),
                        Retention.newBuilder()
                                .setCalendar(CalendarPeriod.newBuilder().setZone("UTC")))
                .map(Retention.Builder::build);
    }

    @ParameterizedTest
    @MethodSource("retentions")
    void every_retention(Retention retention) {
        comesBack(policy().setRetention(retention));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"COMPARISON_OPERATOR_UNSPECIFIED", "UNRECOGNIZED"})
    void every_operator(ComparisonOperator operator) {
        comesBack(policy().setFilter(compare("a", operator, string("x"))));
        comesBack(policy().setFilter(compare("column", operator, string("x"))));
    }

    static Stream<Value> values() {
        Stream<Value> strings = Stream.of("", "2", "2.5", "true", "null", "~", "no", " x ", "a\nb", "2025-01-01", "é")
                .map(PolicyRoundTripTest::string);
        Stream<Value> numbers = Stream.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 9_007_199_254_740_993L)
                .map(value -> Value.newBuilder().setInt64Value(value).build());
        Stream<Value> doubles = Stream.of(
                        0.0,
                        -0.0,
                        2.0,
                        0.1,
                        1e300,
                        -1e-7,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)
                .map(value -> Value.newBuilder().setDoubleValue(value).build());
        Stream<Value> others = Stream.of(
                Value.newBuilder().setBoolValue(true).build(),
                Value.newBuilder().setBoolValue(false).build(),
                Value.newBuilder()
                        .setTimestampValue(
                                Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(123_456_000))
                        .build());
        return Stream.of(strings, numbers, doubles, others).flatMap(all -> all);
    }

    @ParameterizedTest
    @MethodSource("values")
    void every_value(Value value) {
        comesBack(policy().setFilter(equal("a", value)));
        comesBack(policy().setFilter(in("a", value, string("x"))));
        comesBack(policy().setFilter(compare("a", ComparisonOperator.COMPARISON_OPERATOR_LESS, value)));
    }

    static Stream<Filter> filters() {
        Value two = Value.newBuilder().setInt64Value(2).build();
        Filter not = Filter.newBuilder().setNot(equal("a", two)).build();
        return Stream.of(
                isNull("a"),
                isNull("not"),
                in("or", two),
                in("a"),
                equal("and", two),
                not,
                Filter.newBuilder().setNot(isNull("a")).build(),
                and(equal("a", two)),
                and(equal("a", two), in("b", two), isNull("c")),
                and(equal("a", two), equal("a", two)),
                and(equal("a", two), equal("and", two)),
                and(equal("a", two), not),
                and(equal("a", two), compare("b", ComparisonOperator.COMPARISON_OPERATOR_GREATER, two)),
                or(and(equal("a", two), isNull("b")), not, or(isNull("c"))),
                and(and(equal("a", two), equal("b", two)), or(isNull("c"), not)));
    }

    @Test
    void a_zone_that_was_left_out_stays_out() {
        Policy.Builder policy = policy();
        policy.getRetentionBuilder().getCalendarBuilder().setMonths(1).setZone("UTC");
        policy.getLimitsBuilder()
                .getWindowBuilder()
                .setStart("22:00")
                .setEnd("05:00")
                .setZone("UTC");
        assertThat(PolicyWriter.file(List.of(policy.build()), false))
                .contains("keep: 1 month\n")
                .contains("window: 22:00-05:00\n");
    }

    @Test
    void json_of_lists_and_answers_and_one_object_a_line_are_read_too() {
        Policy one = policy().setName("one").setFilter(in("a", string("}{"))).build();
        Policy two = policy().setName("two").build();
        var list = ListPoliciesResponse.newBuilder().addPolicies(one).addPolicies(two);
        var applied = ApplyPoliciesResponse.newBuilder()
                .addPolicies(AppliedPolicy.newBuilder().setPolicy(one).addWarnings("w"))
                .addPolicies(AppliedPolicy.newBuilder().setPolicy(two));
        String lines = Json.compact(one) + "\n" + Json.compact(two) + "\n";

        for (String text :
                List.of(Json.pretty(list), Json.compact(list), Json.pretty(applied), Yaml.print(list), lines)) {
            assertThat(PolicyFile.read(new InputFile("p", text))).as(text).containsExactly(one, two);
        }
        assertThatThrownBy(() -> PolicyFile.read(new InputFile("p.ndjson", lines + "{\"name\": 1, \"typo\": 2}\n")))
                .hasMessageStartingWith("p.ndjson:3: [2].typo: unknown key");
    }

    @ParameterizedTest
    @MethodSource("filters")
    void every_filter(Filter filter) {
        comesBack(policy().setFilter(filter));
        assertThat(FilterText.describe(filter)).isNotEmpty();
    }
}
