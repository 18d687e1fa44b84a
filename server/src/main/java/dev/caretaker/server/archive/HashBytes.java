package dev.caretaker.server.archive;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * hash_any_extended of PostgreSQL, as its hashtextextended calls it for the collation "C", on servers whose processors are
 * little-endian: Bob Jenkins' lookup3.
 *
 * @see <a href="https://doxygen.postgresql.org/hashfn_8c.html">hash_bytes_extended</a>
 */
final class HashBytes {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int CHUNK = 12;

    private HashBytes() {}

    static long of(byte[] bytes, int length, long seed) {
        int a = 0x9e3779b9 + length + 3923095;
        int b = a;
        int c = a;
        int at = 0;
        if (seed != 0) {
            // The seed is a chunk of its own, in front.
            a += (int) (seed >>> 32);
            b += (int) seed;
            at = -CHUNK;
        }
        for (; length - at >= CHUNK; at += CHUNK) {
            if (at >= 0) {
                a += (int) WORD.get(bytes, at);
                b += (int) WORD.get(bytes, at + 4);
                c += (int) WORD.get(bytes, at + 8);
            }
            a = a - c ^ Integer.rotateLeft(c, 4);
            c += b;
            b = b - a ^ Integer.rotateLeft(a, 6);
            a += c;
            c = c - b ^ Integer.rotateLeft(b, 8);
            b += a;
            a = a - c ^ Integer.rotateLeft(c, 16);
            c += b;
            b = b - a ^ Integer.rotateLeft(a, 19);
            a += c;
            c = c - b ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        a += rest(bytes, at, Math.min(4, length - at), 0);
        b += rest(bytes, at + 4, Math.min(4, length - at - 4), 0);
        c += rest(bytes, at + 8, length - at - 8, 8); // its lowest byte is the length's
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
        return ((long) b << 32) | (c & 0xffffffffL);
    }

    private static int rest(byte[] bytes, int from, int count, int shift) {
        int word = 0;
        for (int i = 0; i < count; i++) {
            word |= (bytes[from + i] & 0xff) << (shift + 8 * i);
        }
        return word;
    }
}
