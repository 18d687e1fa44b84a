package dev.caretaker.server.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListTargetsRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTest {
    private static final ListRunsRequest REQUEST =
            ListRunsRequest.newBuilder().setTarget("main").build();

    @Test
    void a_token_brings_back_where_the_page_ended() {
        String token = Paging.of(REQUEST).next(Optional.of("größe/1"));
        assertThat(page(REQUEST.toBuilder().setPageSize(7).build(), 7, token).after())
                .contains("größe/1");
    }

    @Test
    void the_last_page_has_no_token() {
        assertThat(Paging.of(REQUEST).next(Optional.empty())).isEmpty();
    }

    @Test
    void a_token_is_refused_with_other_filters_and_at_other_lists() {
        String token = Paging.of(REQUEST).next(Optional.of("key"));
        for (Message other : new Message[] {
            ListRunsRequest.newBuilder().setTarget("other").build(),
            ListPoliciesRequest.newBuilder().setTarget("main").build(),
            ListTargetsRequest.getDefaultInstance()
        }) {
            assertThatThrownBy(() -> page(other, 0, token)).hasMessageContaining("page_token");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "!!!!", "AAAAAAAAAAAA", "AAAAAAAAAAA"})
    void a_made_up_token_is_refused(String token) {
        assertThatThrownBy(() -> page(REQUEST, 0, token)).hasMessageContaining("page_token");
    }

    @ParameterizedTest
    @CsvSource({"0, 50", "1, 1", "1000, 1000", "1001, 1000", "2147483647, 1000"})
    void sizes_are_as_documented(int asked, int given) {
        assertThat(page(REQUEST, asked, "").size()).isEqualTo(given);
    }

    @Test
    void a_negative_size_is_refused() {
        assertThatThrownBy(() -> page(REQUEST, -1, "")).hasMessageContaining("page_size");
    }

    private static Paging.Page page(Message request, int size, String token) {
        Violations violations = new Violations();
        Paging.Page page = Paging.of(request).page(violations, size, token, 50, 1_000);
        violations.check();
        return page;
    }
}
