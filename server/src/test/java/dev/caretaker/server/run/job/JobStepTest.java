package dev.caretaker.server.run.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.RunState;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Jobs that lose their connection, and begin again each time. */
class JobStepTest {
    private static final int RETRIES = 2;
    private static final JobCursor BEGUN = new JobCursor(true);

    private final UUID run = UUID.randomUUID();
    private final Jobs jobs =
            new Jobs(id -> Optional.of(new Jobs.Standing(RunState.RUNNING, 1)), System::nanoTime, RETRIES);

    private JobStep failing(Exception exception) {
        StepContext context = (StepContext) Proxy.newProxyInstance(
                StepContext.class.getClassLoader(),
                new Class<?>[] {StepContext.class},
                (_, method, _) -> switch (method.getName()) {
                    case "runId" -> run;
                    case "epoch" -> 1L;
                    case "target" -> "shop";
                    default -> null;
                });
        Job job = _ -> {
            switch (exception) {
                case SQLException sql -> throw sql;
                case RuntimeException other -> throw other;
                default -> throw new AssertionError(exception);
            }
        };
        return new JobStep(job, context, jobs, 1, Optional.empty(), JobStep.Around.NOTHING);
    }

    @Test
    void the_last_attempt_that_loses_its_connection_ends_the_step_for_good() {
        JobStep step = failing(new SQLException("the wire was cut", "08006"));
        for (int i = 0; i < RETRIES; i++) {
            assertThatThrownBy(() -> step.next(null, BEGUN, 1))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08006"));
        }
        assertThatThrownBy(() -> step.next(null, BEGUN, 1))
                .hasNoCause()
                .hasMessage(
                        "It was begun 3 times, and its connection was lost each time. At last: Target shop cannot be"
                                + " reached: the wire was cut.")
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TARGET_UNREACHABLE));
    }

    @Test
    void that_of_a_program_counts_as_well_and_keeps_its_reason() {
        JobStep step = failing(CaretakerException.of(
                Reason.TOOL_FAILED,
                "pg_dump ended with code 1.",
                Map.of(),
                new SQLException("pg_dump ended with code 1.", "08006")));
        for (int i = 0; i < RETRIES; i++) {
            assertThatThrownBy(() -> step.next(null, BEGUN, 1)).hasMessage("pg_dump ended with code 1.");
        }
        assertThatThrownBy(() -> step.next(null, BEGUN, 1))
                .hasNoCause()
                .hasMessageStartingWith("It was begun 3 times")
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOOL_FAILED));
    }

    @Test
    void other_failures_are_for_the_engine_to_count() {
        JobStep step = failing(new SQLException("a lock was not had", "55P03"));
        for (int i = 0; i < 3 * RETRIES; i++) {
            assertThatThrownBy(() -> step.next(null, BEGUN, 1)).hasMessage("a lock was not had");
        }
    }
}
