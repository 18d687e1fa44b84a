package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            2        | int64_value: 2
            -2.5     | double_value: -2.5
            1.0E10   | double_value: 1.0E10
            -9223372036854775808 | int64_value: -9223372036854775808
            9223372036854775808  | string_value: "9223372036854775808"
            true     | bool_value: true
            done     | string_value: "done"
            '2'      | string_value: "2"
            'it''s'  | string_value: "it\\'\\'s"
            """)
    void a_value_is_a_number_or_a_text_as_it_is_written(String written, String value) {
        Filter filter =
                Condition.filter(List.of(new Condition("c", "=", written))).orElseThrow();

        assertThat(filter.getComparison().getValue().toString().strip()).isEqualTo(value);
    }

    @Test
    void a_filter_that_a_form_can_have_is_the_same_after_it() {
        Filter filter = Condition.filter(List.of(
                        new Condition("status", "in", "1, 2"),
                        new Condition("kind", "<>", "'7'"),
                        new Condition("ended", "is null", "")))
                .orElseThrow();
        Policy policy = Policy.newBuilder().setFilter(filter).build();

        List<Condition> conditions = Condition.of(policy).orElseThrow();

        assertThat(Condition.filter(conditions)).contains(filter);
        assertThat(conditions).hasSize(3);
    }

    @Test
    void numbers_of_any_size_are_the_same_after_a_form() {
        for (Value value : List.of(
                Value.newBuilder().setInt64Value(Long.MIN_VALUE).build(),
                Value.newBuilder().setInt64Value(Long.MAX_VALUE).build(),
                Value.newBuilder().setDoubleValue(12_345_678.5).build(),
                Value.newBuilder().setDoubleValue(-1e-7).build(),
                Value.newBuilder().setDoubleValue(Double.MAX_VALUE).build())) {
            Filter filter = Filter.newBuilder()
                    .setComparison(Comparison.newBuilder()
                            .setColumn("c")
                            .setOperator(ComparisonOperator.COMPARISON_OPERATOR_GREATER)
                            .setValue(value))
                    .build();

            List<Condition> conditions =
                    Condition.of(Policy.newBuilder().setFilter(filter).build()).orElseThrow();

            assertThat(Condition.filter(conditions)).contains(filter);
        }
    }

    @Test
    void a_filter_that_no_form_can_have_is_left_to_YAML() {
        Filter is = Filter.newBuilder()
                .setIn(Filter.getDefaultInstance().getIn().toBuilder()
                        .setColumn("c")
                        .addValues(Value.newBuilder().setStringValue("a, b")))
                .build();

        assertThat(Condition.of(Policy.newBuilder().setFilter(is).build())).isEmpty();
        assertThat(Condition.of(Policy.newBuilder()
                        .setFilter(Filter.newBuilder()
                                .setOr(FilterList.newBuilder().addFilters(is)))
                        .build()))
                .isEmpty();
        assertThat(Condition.of(Policy.getDefaultInstance())).contains(List.of());
    }
}
