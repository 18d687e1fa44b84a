package dev.caretaker.server.archive.parquet;

import dev.caretaker.server.archive.format.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes CSV with every value in quotes, and NULL as nothing: so a row has one text, whoever writes it. DuckDB is given one more
 * field a row, so that no row is an empty line.
 */
final class Quoting implements Format.RowSink {
    private static final byte[] LAST_FIELD = ",\".\"".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final TextSum sum;
    private final byte[] buffer = new byte[64 << 10];
    private int filled;
    private boolean quoted;
    private boolean bare;
    private long rows;
    private long bytes;
    private long row;
    private long longest;

    /** @param sum hears the rows as {@link ParquetRows} gives them back: without the field more */
    Quoting(OutputStream out, TextSum sum) {
        this.out = out;
        this.sum = sum;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        for (int at = offset; at < offset + length; at++) {
            byte octet = from[at];
            if (octet == '"') {
                quoted = !quoted; // a doubled one turns it twice
            } else if (!quoted) {
                if (octet == ',' || octet == '\n') {
                    unquote();
                } else if (!bare) {
                    bare = true;
                    put((byte) '"');
                }
            }
            if (octet == '\n' && !quoted) {
                endRow();
            } else {
                put(octet);
            }
        }
    }

    private void unquote() throws IOException {
        if (bare) {
            bare = false;
            put((byte) '"');
        }
    }

    private void endRow() throws IOException {
        flush();
        out.write(LAST_FIELD);
        put((byte) '\n');
        rows++;
        longest = Math.max(longest, row + LAST_FIELD.length);
        bytes += row;
        row = 0;
    }

    private void put(byte octet) throws IOException {
        if (filled == buffer.length) {
            flush();
        }
        buffer[filled++] = octet;
        row++;
    }

    /** All that was written is at its place. */
    void flush() throws IOException {
        sum.add(buffer, 0, filled);
        out.write(buffer, 0, filled);
        filled = 0;
    }

    long rows() {
        return rows;
    }

    /** Of all rows. */
    long bytes() {
        return bytes;
    }

    /** Bytes of the longest row. */
    long longest() {
        return longest;
    }
}
