package dev.caretaker.server.cleanup.step;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Row addresses (ctid), kept as numbers so that a long list of them stays small: block in the upper 48 bits. */
final class RowAddress {
    private RowAddress() {}

    /** Reads {@code (block,offset)}. */
    static long parse(String ctid) {
        int comma = ctid.indexOf(',');
        long block = Long.parseLong(ctid, 1, comma, 10);
        return block << 16 | Integer.parseInt(ctid, comma + 1, ctid.length() - 1, 10);
    }

    static String text(long address) {
        return "(" + block(address) + "," + (address & 0xFFFF) + ")";
    }

    static long block(long address) {
        return address >>> 16;
    }

    /** An address before every row of the block. */
    static long beginning(long block) {
        return block << 16;
    }

    /** The text form of a tid[]. */
    static String array(long[] addresses) {
        return Arrays.stream(addresses).mapToObj(RowAddress::text).collect(Collectors.joining("\",\"", "{\"", "\"}"));
    }
}
