package dev.caretaker.server.cleanup.policy;

import static dev.caretaker.server.cleanup.CleanupBench.NOW;
import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.policy.Contradictions.Contradiction;
import dev.caretaker.server.run.RunWindow;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    static List<Limits> limits() {
        return List.of(
                new Limits(10, 0, Optional.empty(), Optional.empty()),
                new Limits(0, 0.5, Optional.empty(), Optional.empty()),
                new Limits(0, 0, Optional.of(Duration.ofHours(1)), Optional.empty()),
                new Limits(
                        0,
                        0,
                        Optional.empty(),
                        Optional.of(new RunWindow(LocalTime.of(22, 0), LocalTime.of(5, 0), ZoneOffset.UTC))));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void a_policy_with_limits_may_leave_rows_to_another_of_the_same_retention(Limits limits) {
        Policy limited = policy("limited", "events").days(30).limits(limits).build();
        Policy free = policy("free", "events").days(30).build();
        Policy narrow = policy("narrow", "events").days(30).where(status("2")).build();
        assertThat(find(limited, narrow)).isEmpty();
        assertThat(find(
                        limited,
                        policy("also", "events").days(30).limits(limits).build()))
                .isEmpty();
        assertThat(find(limited, free)).singleElement().satisfies(found -> {
            assertThat(found.pointless()).isEqualTo(limited);
            assertThat(found.message()).contains("already removes every row");
        });
    }

    @ParameterizedTest
    @MethodSource("limits")
    void limits_do_not_keep_rows_for_as_long_as_another_policy_says(Limits limits) {
        Policy limited = policy("limited", "events").days(30).limits(limits).build();
        assertThat(find(limited, policy("longer", "events").days(90).build()))
                .singleElement()
                .satisfies(found -> assertThat(found.message())
                        .contains("after 30 days that policy longer would keep for 90 days"));
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
