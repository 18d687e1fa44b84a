package dev.caretaker.server.cleanup.policy;

import static dev.caretaker.server.cleanup.CleanupBench.NOW;
import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.policy.Contradictions.Contradiction;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContradictionsTest {

    private static Filter status(String... values) {
        List<Constant> constants = Arrays.stream(values)
                .map(value -> new Constant(Constant.Kind.INT64, value))
                .toList();
        return constants.size() == 1
                ? new Filter.Compare("status", Filter.Operator.EQUAL, constants.getFirst())
                : new Filter.In("status", constants);
    }

    private static List<Contradiction> find(Policy... policies) {
        return Contradictions.find(List.of(policies), NOW);
    }

    @Test
    void the_same_rows_removed_earlier_make_a_policy_pointless() {
        Policy keeps30 = policy("a", "events").days(30).build();
        Policy keeps90 = policy("b", "events").days(90).build();
        assertThat(find(keeps90, keeps30))
                .singleElement()
                .satisfies(found -> assertThat(found.pointless()).isEqualTo(keeps90));
    }

    @Test
    void a_filter_that_lets_more_through_makes_a_later_narrow_one_pointless() {
        Policy wide = policy("wide", "events").days(30).where(status("1", "2")).build();
        Policy narrow = policy("narrow", "events")
                .days(60)
                .where(new Filter.And(List.of(status("2"), new Filter.IsNull("x"))))
                .build();
        assertThat(find(wide, narrow)).hasSize(1);
    }

    @Test
    void some_rows_early_and_all_rows_late_is_no_contradiction() {
        assertThat(find(
                        policy("completed", "jobs").days(7).where(status("2")).build(),
                        policy("all", "jobs").days(30).build()))
                .isEmpty();
    }

    @Test
    void other_values_other_columns_and_other_tables_do_not_meet() {
        Policy one = policy("one", "jobs").days(7).where(status("1")).build();
        assertThat(find(one, policy("two", "jobs").days(9).where(status("2")).build()))
                .isEmpty();
        assertThat(find(one, policy("three", "other").days(9).where(status("1")).build()))
                .isEmpty();
        assertThat(find(
                        one,
                        policy("four", "jobs")
                                .days(9)
                                .by("ended", TimeColumn.Kind.TIMESTAMPTZ)
                                .where(status("1"))
                                .build()))
                .isEmpty();
    }
}
