package dev.caretaker.server.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarTest {
    @ParameterizedTest
    @CsvSource({
        "EndTime, endtime",
        "EndTime, EndTme",
        "EndTime, EndTiem",
        "public.orders, public.oders",
        "shop, shpo",
        "JobOccurrences, JobOccurences"
    })
    void slips_are_recognized(String meant, String written) {
        assertThat(Similar.to(written, List.of("something else", meant))).contains(meant);
    }

    @Test
    void what_is_merely_another_name_is_not() {
        assertThat(Similar.to("users", List.of("orders", "billing", "uses_of_ink")))
                .isEmpty();
        assertThat(Similar.question("shop", List.of("shop"))).isEmpty();
        assertThat(Similar.question("shp", List.of("shop"))).isEqualTo("; did you mean \"shop\"?");
    }
}
