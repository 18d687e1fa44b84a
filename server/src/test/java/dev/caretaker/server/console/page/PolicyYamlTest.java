package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyYamlTest {
    @Test
    void what_is_written_is_read_back_whatever_it_holds() {
        Policy policy = Policy.newBuilder()
                .setName("odd")
                .setDescription("yes: no # 2026-01-01\n- </textarea> \u05D9 on")
                .setTable(TableName.newBuilder().setSchema("1e3").setName("jobs\u202Egnihton"))
                .setFilter(comparison(Value.newBuilder()
                        .setTimestampValue(Timestamp.newBuilder().setSeconds(1_700_000_000))
                        .build()))
                .build();

        String text = PolicyYaml.write(policy);

        assertThat(PolicyYaml.read(text)).isEqualTo(policy);
        assertThat(text).as("nothing turns what is shown around").doesNotContain("\u202E");
    }

    @Test
    void whole_numbers_keep_all_of_their_digits() {
        Policy policy = Policy.newBuilder()
                .setFilter(comparison(
                        Value.newBuilder().setInt64Value(Long.MAX_VALUE).build()))
                .build();

        assertThat(PolicyYaml.read(PolicyYaml.write(policy))).isEqualTo(policy);
        assertThat(PolicyYaml.read("limits: {maxRows: 1000}").getLimits().getMaxRows())
                .isEqualTo(1_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            just words            | map
            [1, 2]                | map
            {name: a, name: b}    | duplicate
            {nmae: a}             | nmae
            {action: SOMETHING}   | SOMETHING
            {name: [a}            | Line 1
            """)
    void what_is_no_policy_is_refused_with_what_is_wrong(String text, String named) {
        assertThatThrownBy(() -> PolicyYaml.read(text))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining(named);
    }

    private static Filter comparison(Value value) {
        return Filter.newBuilder()
                .setComparison(Comparison.newBuilder()
                        .setColumn("at")
                        .setOperator(ComparisonOperator.COMPARISON_OPERATOR_LESS)
                        .setValue(value))
                .build();
    }
}
