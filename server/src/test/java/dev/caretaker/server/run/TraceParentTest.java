package dev.caretaker.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @Test
    void what_a_caller_says_of_its_trace_is_read_and_written_as_it_was() {
        String header = "00-" + TRACE + "-" + SPAN + "-01";

        assertThat(TraceParent.parse(header)).contains(new TraceParent(TRACE, SPAN, true));
        assertThat(TraceParent.parse(header).orElseThrow()).hasToString(header);
        assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-02")
                        .orElseThrow()
                        .sampled())
                .isFalse();
        assertThat(TraceParent.parse("cc-" + TRACE + "-" + SPAN + "-01-what-comes-later"))
                .as("a later version may say more")
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g"
            })
    void what_is_no_trace_is_none(String header) {
        assertThat(TraceParent.parse(header)).isEmpty();
    }

    @Test
    void a_new_trace_has_no_parent_and_is_stored_as_any_other() {
        TraceParent first = TraceParent.begin();

        assertThat(first.isRoot()).isTrue();
        assertThat(TraceParent.stored(first.toString())).isEqualTo(first);
        assertThat(first.at(SPAN).isRoot()).isFalse();
        assertThat(TraceParent.begin().traceId()).isNotEqualTo(first.traceId());
    }
}
