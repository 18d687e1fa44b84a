package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListPartTest {
    private static final List<Integer> ALL = IntStream.range(0, 250).boxed().toList();

    @Test
    void each_is_on_one_page() {
        ListPart<Integer> first = ListPart.of("/plans/p", 0, ALL);
        ListPart<Integer> second = ListPart.of("/plans/p", 100, ALL);
        ListPart<Integer> last = ListPart.of("/plans/p", 200, ALL);

        assertThat(List.of(first, second, last)).flatExtracting(ListPart::shown).isEqualTo(ALL);
        assertThat(first.first()).isEmpty();
        assertThat(first.next()).isEqualTo("/console/plans/p?from=100");
        assertThat(first.left()).isEqualTo("150 more of 250");
        assertThat(second.first()).isEqualTo("/console/plans/p");
        assertThat(last.next()).isEmpty();
    }

    @Test
    void a_hundred_are_one_page_and_beyond_the_last_there_is_nothing() {
        assertThat(ListPart.of("/plans/p", 0, ALL.subList(0, 100)).next()).isEmpty();
        assertThat(ListPart.of("/plans/p", Integer.MAX_VALUE, ALL).shown()).isEmpty();
        assertThat(ListPart.of("/plans/p", Integer.MAX_VALUE, ALL).next()).isEmpty();
    }
}
