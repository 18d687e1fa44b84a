package dev.caretaker.server.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
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
            String moment = i % 3 == 0 ? "" : "\\x" + HexFormat.of().toHexDigits((i - 500) * 1_000_000L);
            sum.add(message(hash + "," + moment + "," + i % 2 + "," + row), out);
        }
        assertThat(sum.piece().hash()).as("seed " + seed).isEqualTo(new BigDecimal(expected));
        assertThat(sum.piece().rows()).isEqualTo(1_000);
        assertThat(sum.piece().first()).contains(Instant.parse("1999-12-31T23:51:41Z"));
        assertThat(sum.piece().last()).contains(Instant.parse("2000-01-01T00:08:18Z"));
        assertThat(sum.byRelation()).containsEntry(0L, 500L).containsEntry(1L, 500L);
        assertThat(out).hasToString(rows.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1,2",
                "1,2,3,x",
                "1,,",
                "1,,3",
                "-,,3,x",
                "1,\\x12,3,x",
                "1,\\x00000000000000zz,3,x",
                "1,\\x00000000000000001,3,x"
            })
    void what_has_not_three_numbers_in_front_is_refused(String message) {
        assertThatThrownBy(() -> PieceSum.none().add(message(message), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_time_that_is_infinite_dates_no_row_and_the_latest_that_a_server_knows_does() throws IOException {
        PieceSum sum = PieceSum.none();
        sum.add(message("1,\\x7fffffffffffffff,3,x\n"), new ByteArrayOutputStream());
        sum.add(message("1,\\x8000000000000000,3,x\n"), new ByteArrayOutputStream());
        assertThat(sum.piece().first()).isEmpty();
        assertThat(sum.piece().last()).isEmpty();

        sum.add(message("1,\\x7ffffe5bc9cbffff,3,x\n"), new ByteArrayOutputStream());
        assertThat(sum.piece().last().orElseThrow()).isAfter(Instant.parse("+294246-01-01T00:00:00Z"));
    }

    @Test
    void a_hash_that_was_not_asked_for_and_one_that_is_missing_are_refused() {
        PieceSum made = new PieceSum(Optional.of(new LineHash(1)));
        assertThatThrownBy(() -> made.add(message("1,,3,x\n"), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> PieceSum.none().add(message(",,3,x\n"), new ByteArrayOutputStream()))
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
