package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Findings in pages. */
class FindingsViewTest {
    @Test
    void each_finding_is_on_one_page() {
        FindingsView first = view(0);
        FindingsView second = view(100);
        FindingsView last = view(200);

        assertThat(List.of(first, second, last))
                .flatExtracting(FindingsView::findings)
                .hasSize(250)
                .doesNotHaveDuplicates();
        assertThat(first.first()).isEmpty();
        assertThat(first.leftOut()).isEqualTo(150);
        assertThat(first.next()).isEqualTo("/console/findings?target=main&from=100");
        assertThat(second.first()).isEqualTo("/console/findings?target=main");
        assertThat(second.next()).endsWith("from=200");
        assertThat(last.next()).isEmpty();
        assertThat(last.leftOut()).isZero();
    }

    @Test
    void beyond_the_last_page_there_is_nothing_and_no_page_after_it() {
        FindingsView beyond = view(Integer.MAX_VALUE);

        assertThat(beyond.findings()).isEmpty();
        assertThat(beyond.next()).isEmpty();
        assertThat(beyond.first()).isNotEmpty();
    }

    private static FindingsView view(int from) {
        DetectIssuesResponse.Builder found = DetectIssuesResponse.newBuilder();
        for (int i = 0; i < 250; i++) {
            found.addFindings(Finding.newBuilder().setFindingId("f" + i));
        }
        return new FindingsView("main", List.of("main"), false, from, found.build(), "");
    }
}
