package dev.caretaker.server.archive.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for single bytes in long texts, eight at a time. */
public final class Octets {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long SIGNS = ONES << 7;

    private Octets() {}

    /**
     * Where the first such byte is.
     *
     * @param octet what is looked for, 0 to 127
     * @return its index, or {@code to} if there is none before
     */
    public static int find(byte[] bytes, int from, int to, char octet) {
        long all = ONES * octet;
        int at = from;
        for (; to - at >= Long.BYTES; at += Long.BYTES) {
            long other = (long) WORD.get(bytes, at) ^ all;
            // Of the bytes whose highest bit is set here, the lowest is zero: a borrow reaches only those above it.
            // See https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
            long zero = other - ONES & ~other & SIGNS;
            if (zero != 0) {
                return at + (Long.numberOfTrailingZeros(zero) >>> 3);
            }
        }
        while (at < to && bytes[at] != octet) {
            at++;
        }
        return at;
    }
}
