package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.run.job.OpenGate;
import dev.caretaker.server.store.RunStore.Guard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GuardsAtWorkTest {
    private static final UUID RUN = UUID.randomUUID();

    private final List<Guard> standing = new ArrayList<>();
    /** Targets that were asked whether they are the database of "main", and what they say. */
    private final Set<String> asked = new HashSet<>();

    private final Map<String, Boolean> answers = new HashMap<>(Map.of("main", true, "alias", true, "other", false));
    private final List<String> hurried = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private long nanos;

    private final GuardsAtWork.Watch watch = new GuardsAtWork(
                    () -> List.copyOf(standing),
                    (target, other) -> {
                        asked.add(other);
                        return answers.get(other);
                    },
                    (target, other) -> target.equals(other) || asked.contains(other)
                            ? Optional.of(answers.get(other))
                            : Optional.empty(),
                    hurried::add,
                    () -> nanos)
            .of("main");

    /** After some looks what stands goes, or time passes. */
    private Gate after(int looks, Runnable then) {
        return new OpenGate() {
            private int looked;

            @Override
            public void pass() {
                if (++looked == looks) {
                    then.run();
                }
            }

            @Override
            public void warn(String code, String message) {
                told.add(code + ": " + message);
            }
        };
    }

    @Test
    void a_backup_waits_for_a_run_that_goes_on_however_long_that_takes() {
        standing.add(new Guard(RUN, "main", true));
        nanos = GuardsAtWork.PATIENCE.multipliedBy(50).toNanos();

        watch.awaitNone(after(3, standing::clear));

        assertThat(told)
                .containsExactly("BACKUP_GAVE_WAY: The backup waits for run " + RUN
                        + ", whose constraint refuses rows of a partitioned table until it goes on.");
        assertThat(hurried).as("the run takes it away itself").isEmpty();
        assertThatCode(watch::requireNone).doesNotThrowAnyException();
    }

    @Test
    void what_an_ended_run_has_left_is_tried_at_once_and_waited_for() {
        standing.add(new Guard(RUN, "alias", false));

        watch.awaitNone(after(2, standing::clear));

        assertThat(hurried).containsExactly("alias");
        assertThat(told)
                .singleElement()
                .satisfies(sentence ->
                        assertThat(sentence).contains("until the constraint is taken away that run " + RUN));
    }

    @Test
    void it_is_not_waited_for_without_end() {
        standing.add(new Guard(RUN, "main", false));

        watch.awaitNone(after(2, () -> nanos += GuardsAtWork.PATIENCE.toNanos()));

        assertThat(told)
                .hasSize(2)
                .last()
                .satisfies(sentence -> assertThat(sentence)
                        .startsWith("CONSTRAINT_STAYS: The constraint that run " + RUN
                                + " has left could not be taken away within 2 minutes."));
        assertThat(hurried).containsExactly("main");
        assertThatCode(watch::requireNone).as("it is known, and stays").doesNotThrowAnyException();
        standing.add(new Guard(UUID.randomUUID(), "main", false));
        assertThatThrownBy(watch::requireNone).as("another one").isInstanceOf(GuardsAtWork.MetException.class);
    }

    @Test
    void with_locks_no_other_target_is_asked_anything() {
        watch.awaitNone(after(1, () -> {}));
        standing.add(new Guard(RUN, "other", true));

        assertThatThrownBy(watch::requireNone).as("it may be here").isInstanceOf(GuardsAtWork.MetException.class);
        assertThat(asked).isEmpty();

        watch.awaitNone(after(1, () -> {}));
        assertThat(asked).containsExactly("other");
        assertThat(told).as("it is not").isEmpty();
        assertThatCode(watch::requireNone).doesNotThrowAnyException();
    }
}
