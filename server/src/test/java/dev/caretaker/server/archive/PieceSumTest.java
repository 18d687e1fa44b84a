package dev.caretaker.server.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PieceSumTest {
    @Test
    void hashes_of_any_size_add_up_and_rows_pass_as_they_are() throws IOException {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        PieceSum sum = PieceSum.none();
        BigInteger expected = BigInteger.ZERO;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            long hash = i == 0 ? Long.MIN_VALUE : i == 1 ? Long.MAX_VALUE : random.nextLong() >> random.nextInt(64);
            expected = expected.add(BigInteger.valueOf(hash));
            String row = "a,\"" + i + "\",-7\n";
            rows.append(row);
            String micros = i % 3 == 0 ? "" : Long.toString(i * 1_000_000L);
            sum.add(message(hash + "," + micros + "," + i % 2 + "," + row), out);
        }
        assertThat(sum.piece().hash()).as("seed " + seed).isEqualTo(new BigDecimal(expected));
        assertThat(sum.piece().rows()).isEqualTo(1_000);
        assertThat(sum.piece().first()).contains(Instant.ofEpochSecond(1));
        assertThat(sum.piece().last()).contains(Instant.ofEpochSecond(998));
        assertThat(sum.byRelation()).containsEntry(0L, 500L).containsEntry(1L, 500L);
        assertThat(out).hasToString(rows.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1,2", "-,2,3,x", "1,2,3"})
    void what_has_not_three_numbers_in_front_is_refused(String message) {
        assertThatThrownBy(() -> PieceSum.none().add(message(message), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_hash_that_was_not_asked_for_and_one_that_is_missing_are_refused() {
        PieceSum made = new PieceSum(Optional.of(new LineHash(1)));
        assertThatThrownBy(() -> made.add(message("1,2,3,x\n"), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> PieceSum.none().add(message(",2,3,x\n"), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\n", "a,b,c\n", "a,\"b\n", "a,b", "a,\"b\"c\n", ""})
    void a_line_that_has_not_as_many_fields_as_the_table_has_columns_is_refused(String line) {
        assertThatThrownBy(() -> new LineHash(2).of(message(line), 0)).isInstanceOf(IOException.class);
    }

    private static byte[] message(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
