package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.SchedulePause;
import dev.caretaker.v1.ScheduleStanding;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page of a schedule says of targets where there are many. */
class ScheduleViewTest {
    @Test
    void of_targets_that_are_not_listed_it_is_told_at_how_many_something_is_wrong() {
        Schedule.Builder schedule = Schedule.newBuilder().setName("all");
        for (int i = 0; i < 150; i++) {
            ScheduleStanding.Builder standing = standing(i, 150 - i);
            if (i < 110) {
                standing.setPause(SchedulePause.getDefaultInstance());
            } else if (i < 115) {
                standing.setFailures(9);
            }
            schedule.addStanding(standing);
        }

        ScheduleView view = view(schedule.build());

        assertThat(view.standing()).hasSize(100).allMatch(ScheduleStanding::hasPause);
        assertThat(view.standingLeftOut()).isEqualTo("50 more; at 15 of them it failed or paused itself.");
    }

    @Test
    void where_all_is_well_it_says_so_and_of_few_targets_nothing_is_left_out() {
        Schedule.Builder schedule = Schedule.newBuilder().setName("all");
        for (int i = 0; i < 101; i++) {
            schedule.addStanding(standing(i, i));
        }

        assertThat(view(schedule.build()).standingLeftOut()).isEqualTo("1 more; it failed at none of them.");
        assertThat(view(schedule.removeStanding(0).build()).standingLeftOut()).isEmpty();
    }

    @Test
    void of_many_targets_the_one_that_is_due_first_is_asked_and_of_few_all() {
        Schedule.Builder schedule = Schedule.newBuilder();
        schedule.addStanding(ScheduleStanding.newBuilder().setTarget("never"));
        for (int i = 0; i < OneOfMany.FEW - 1; i++) {
            schedule.addStanding(standing(i, 100 - i));
        }

        assertThat(OneOfMany.of(schedule.build())).isEmpty();
        assertThat(OneOfMany.of(schedule.addStanding(standing(77, 1)).build())).isEqualTo("t077");
    }

    private static ScheduleStanding.Builder standing(int number, long next) {
        return ScheduleStanding.newBuilder()
                .setTarget("t%03d".formatted(number))
                .setNextTime(Timestamp.newBuilder().setSeconds(next));
    }

    private static ScheduleView view(Schedule schedule) {
        return new ScheduleView(ScheduleLine.of(schedule, Instant.EPOCH), false, List.of(), "", false, "", List.of());
    }
}
