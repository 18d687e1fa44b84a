package dev.caretaker.server.target.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionBoundTest {
    @Test
    void a_range_has_limits_for_every_column() {
        assertThat(PartitionBound.parse("FOR VALUES FROM ('2025-01-01 00:00:00+00', MINVALUE) TO (MAXVALUE, 5)"))
                .isEqualTo(new PartitionBound.Range(
                        List.of(new PartitionBound.Value("2025-01-01 00:00:00+00"), new PartitionBound.Min()),
                        List.of(new PartitionBound.Max(), new PartitionBound.Value("5"))));
    }

    @Test
    void quoted_values_may_hold_anything() {
        assertThat(PartitionBound.parse("FOR VALUES IN ('it''s', 'a, b) TO (', '\\', '', NULL, 'NULL', B'101', true)"))
                .isEqualTo(new PartitionBound.Values(List.of(
                        Optional.of("it's"),
                        Optional.of("a, b) TO ("),
                        Optional.of("\\"),
                        Optional.of(""),
                        Optional.empty(),
                        Optional.of("NULL"),
                        Optional.of("101"),
                        Optional.of("true"))));
    }

    @Test
    void hash_and_default_are_told() {
        assertThat(PartitionBound.parse("FOR VALUES WITH (modulus 4, remainder 3)"))
                .isEqualTo(new PartitionBound.Hash(4, 3));
        assertThat(PartitionBound.parse("DEFAULT")).isEqualTo(new PartitionBound.Default());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "FOR VALUES",
                "FOR VALUES IN ()",
                "FOR VALUES IN ('open)",
                "FOR VALUES FROM (1) TO (2) more",
                "FOR VALUES FROM (1 TO (2)"
            })
    void what_is_not_a_bound_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PartitionBound.parse(text));
    }
}
