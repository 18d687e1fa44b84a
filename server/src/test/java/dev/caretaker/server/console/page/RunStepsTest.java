package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunStep;
import org.junit.jupiter.api.Test;

/** Which steps are listed of a run that has very many. */
class RunStepsTest {
    @Test
    void all_of_a_hundred_are_listed() {
        RunSteps steps = RunSteps.of(run(100, 40, 0));

        assertThat(steps.shown()).extracting(RunStep::getOrdinal).hasSize(100).isSorted();
        assertThat(steps.leftOut()).isEmpty();
    }

    @Test
    void the_step_at_work_is_listed_however_many_have_failed() {
        RunSteps steps = RunSteps.of(run(1_000, 600, 600));

        assertThat(steps.shown())
                .hasSize(RunSteps.MOST)
                .extracting(RunStep::getOrdinal)
                .contains(1, 50, 601, 602, 650);
        assertThat(steps.shown()).extracting(RunStep::getOrdinal).doesNotContain(51, 600);
        assertThat(steps.leftOut()).isEqualTo("900 more; 600 of 1,000 steps are done.");
    }

    @Test
    void of_those_that_went_well_the_last_are_listed() {
        RunSteps steps = RunSteps.of(run(1_000, 990, 2));

        assertThat(steps.shown())
                .hasSize(RunSteps.MOST)
                .extracting(RunStep::getOrdinal)
                .isSorted()
                .contains(1, 2, 990, 991, 1_000)
                .doesNotContain(3, 500);
    }

    @Test
    void where_nothing_else_is_there_those_that_failed_take_all_places() {
        RunSteps steps = RunSteps.of(run(150, 150, 150));

        assertThat(steps.shown()).extracting(RunStep::getOrdinal).hasSize(100).contains(1, 100);
        assertThat(steps.leftOut()).isEqualTo("50 more; 150 of 150 steps are done.");
    }

    /** Steps of which the first have ended, the first of these with a failure; the one after them is at work. */
    private static Run run(int steps, int ended, int failed) {
        Run.Builder run = Run.newBuilder();
        for (int ordinal = 1; ordinal <= steps; ordinal++) {
            RunStep.Builder step = RunStep.newBuilder().setOrdinal(ordinal).setStarted(ordinal <= ended + 1);
            if (ordinal <= ended) {
                step.setEndTime(Timestamp.newBuilder().setSeconds(ordinal))
                        .setOutcome(
                                ordinal <= failed ? RunOutcome.RUN_OUTCOME_FAILED : RunOutcome.RUN_OUTCOME_COMPLETE);
            }
            run.addSteps(step);
        }
        return run.build();
    }
}
