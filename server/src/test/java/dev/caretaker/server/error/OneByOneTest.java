package dev.caretaker.server.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OneByOneTest {
    private final OneByOne oneByOne = new OneByOne(LoggerFactory.getLogger(OneByOneTest.class));
    private final List<String> done = new ArrayList<>();

    @Test
    void one_that_fails_keeps_no_other_from_its_turn() {
        oneByOne.each(List.of("a", "b", "c", "d"), one -> {
            if (one.equals("b")) {
                throw new IllegalStateException("a fault");
            }
            if (one.equals("c")) {
                throw CaretakerException.of(Reason.TARGET_UNREACHABLE, "It is away.");
            }
            done.add(one);
        });
        assertThat(done).containsExactly("a", "d");
    }

    @Test
    void without_a_control_store_nothing_is_tried_further() {
        assertThatThrownBy(() -> oneByOne.each(List.of("a", "b"), one -> {
                    done.add(one);
                    throw CaretakerException.of(Reason.CONTROL_STORE_UNREACHABLE, "It is away.");
                }))
                .isInstanceOf(CaretakerException.class);
        assertThat(done).containsExactly("a");
    }
}
