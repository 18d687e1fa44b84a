package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.Octets;
import java.io.IOException;
import java.util.Arrays;

/**
 * The {@linkplain RowHash hash of a row}, from the line of CSV that COPY sends for it: a field holds what concat writes of the
 * value, and one that is empty without quotes is NULL. Used by one thread at a time.
 */
public final class LineHash {
    private static final int USUAL = 64 << 10;

    private final int columns;
    /** Whether the value is NULL, as concat writes it, and behind it the value. */
    private byte[] value = new byte[USUAL];

    private int length;

    /** @param columns that a line has, at least one */
    LineHash(int columns) {
        this.columns = columns;
    }

    /**
     * Of the line that begins there and ends with the message.
     *
     * @throws IOException if it has not as many fields as there are columns
     */
    public long of(byte[] message, int from) throws IOException {
        long hash = 0;
        int at = from;
        int fields = 0;
        int end = message.length - 1; // of what lies before the line break
        while (at <= end && fields < columns) {
            at = message[at] == '"' ? quoted(message, at + 1, end) : plain(message, at, end);
            hash = HashBytes.of(value, length, hash);
            at++;
            fields++;
        }
        if (fields != columns || at != end + 1 || message[end] != '\n') {
            throw new IOException("COPY sent a row that has not " + columns + " fields");
        }
        if (value.length > USUAL) {
            value = new byte[USUAL];
        }
        return hash;
    }

    /** Returns where the comma or line break behind the field is. */
    private int plain(byte[] message, int from, int end) {
        int at = Octets.find(message, from, end, ',');
        begin(at == from);
        append(message, from, at);
        return at;
    }

    /** A quote is doubled. */
    private int quoted(byte[] message, int from, int end) throws IOException {
        begin(false);
        int begin = from;
        int at = from;
        while (true) {
            at = Octets.find(message, at, end, '"');
            if (at == end) {
                throw new IOException("COPY sent a row that ends within quotes");
            }
            if (message[at + 1] != '"') {
                append(message, begin, at);
                return at + 1;
            }
            append(message, begin, at + 1);
            at += 2;
            begin = at;
        }
    }

    private void begin(boolean isNull) {
        value[0] = (byte) (isNull ? 't' : 'f');
        length = 1;
    }

    private void append(byte[] from, int begin, int end) {
        int more = end - begin;
        if (length + more > value.length) {
            value = Arrays.copyOf(value, Math.max(length + more, Math.min(from.length, Integer.MAX_VALUE - 16)));
        }
        System.arraycopy(from, begin, value, length, more);
        length += more;
    }
}
