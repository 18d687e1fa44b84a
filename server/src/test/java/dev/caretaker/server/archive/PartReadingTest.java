package dev.caretaker.server.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.TestFormats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a part says of itself is compared with what it is, whatever it is written in. */
class PartReadingTest {
    private static final int ROWS = 2_000;
    private static final List<ArchivedColumn> COLUMNS =
            List.of(column("id", "integer", 23), column("note", "text", 25));

    static Stream<Arguments> ways() {
        return Stream.of("csv", "ndjson")
                .flatMap(format ->
                        Stream.of("none", "gzip", "zstd").map(compression -> Arguments.of(format, compression)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_part_that_is_what_it_says_is_read_to_its_end(String format, String compression) throws IOException {
        Stored stored = new Stored(format, compression);

        assertThat(stored.read(stored.part(0, 0))).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_count_of_rows_that_is_not_that_of_its_rows_is_damage(String format, String compression) throws IOException {
        Stored stored = new Stored(format, compression);

        assertThatThrownBy(() -> stored.read(stored.part(1, 0)))
                .isInstanceOf(DamagedException.class)
                .hasMessage("it has %d rows, not %d", ROWS, ROWS + 1);
        assertThatThrownBy(() -> stored.read(stored.part(-1, 0)))
                .isInstanceOf(DamagedException.class)
                .hasMessage("it has more rows than %d", ROWS - 1);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void more_bytes_than_it_says_are_not_expanded(String format, String compression) throws IOException {
        Stored stored = new Stored(format, compression);

        assertThatThrownBy(() -> stored.read(stored.part(0, -1)))
                .isInstanceOf(DamagedException.class)
                .hasMessageStartingWith("it has more uncompressed bytes than ");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void one_flipped_bit_is_damage_wherever_it_is(String format, String compression) throws IOException {
        Stored stored = new Stored(format, compression);
        Manifest.Part part = stored.part(0, 0);
        for (int at = 0; at < stored.bytes.length; at += Math.max(1, stored.bytes.length / 97)) {
            stored.bytes[at] ^= 4;

            assertThatThrownBy(() -> stored.read(part))
                    .as("byte %d", at)
                    .isInstanceOf(DamagedException.class)
                    .hasMessageStartingWith("its SHA-256 is ");

            stored.bytes[at] ^= 4;
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_part_that_was_cut_is_damaged(String format, String compression) throws IOException {
        Stored stored = new Stored(format, compression);
        Manifest.Part part = stored.part(0, 0);
        stored.bytes = Arrays.copyOf(stored.bytes, stored.bytes.length - 1);

        assertThatThrownBy(() -> stored.read(part))
                .isInstanceOf(DamagedException.class)
                .hasMessage("it has %d bytes, not %d", part.bytes() - 1, part.bytes());
    }

    /** Rows in two frames. */
    private static final class Stored {
        private final Format format;
        private final Compression compression;
        private final int rawBytes;
        private byte[] bytes;

        Stored(String format, String compression) throws IOException {
            this.format = TestFormats.all().format(format);
            this.compression = TestFormats.all().compression(compression);
            byte[] raw = raw(this.format, format.equals("csv"));
            this.rawBytes = raw.length;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (Compression.Frames frames = this.compression.compress(out)) {
                frames.write(raw, 0, raw.length / 2);
                frames.endFrame();
                frames.write(raw, raw.length / 2, raw.length - raw.length / 2);
                frames.endFrame();
            }
            this.bytes = out.toByteArray();
        }

        private static byte[] raw(Format format, boolean csv) throws IOException {
            ByteArrayOutputStream raw = new ByteArrayOutputStream();
            raw.write(format.header(COLUMNS));
            for (int row = 0; row < ROWS; row++) {
                String line = csv
                        ? row + ",\"said \"\"" + row + "\"\", and more,\nof it\"\n"
                        : "{\"id\":" + row + ",\"note\":\"said \\\"" + row + "\\\", and more,\\nof it\"}\n";
                raw.write(line.getBytes(StandardCharsets.UTF_8));
            }
            return raw.toByteArray();
        }

        Manifest.Part part(int moreRows, int moreRaw) {
            return new Manifest.Part(
                    "part-00001",
                    bytes.length,
                    rawBytes + moreRaw,
                    ROWS + moreRows,
                    BigDecimal.ZERO,
                    Optional.empty(),
                    Optional.empty(),
                    sha256(bytes));
        }

        long read(Manifest.Part part) throws IOException {
            try (PartReading reading =
                    PartReading.open(part, new ByteArrayInputStream(bytes), format, compression, COLUMNS)) {
                reading.toEnd();
                return reading.read();
            }
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ArchivedColumn column(String name, String type, long oid) {
        return new ArchivedColumn(name, type, type, oid, -1, "", false, "");
    }
}
