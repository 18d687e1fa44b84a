package dev.caretaker.server.notify.channel;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Which addresses are public: those that the registries of special-purpose addresses (RFC 6890 and its successors) leave to
 * the Internet at large.
 */
final class Addresses {
    private static final int BYTE = 0xff;

    private Addresses() {}

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes, 0) : isPublic6(bytes);
    }

    /** What {@link InetAddress} does not tell by itself. */
    private static boolean isPublic4(byte[] bytes, int from) {
        int first = bytes[from] & BYTE;
        int second = bytes[from + 1] & BYTE;
        int third = bytes[from + 2] & BYTE;
        return switch (first) {
            case 0, 10, 127 -> false;
            case 100 -> second < 64 || second > 127; // shared by providers
            case 169 -> second != 254;
            case 172 -> second < 16 || second > 31;
            case 192 -> second != 168 && !(second == 0 && (third == 0 || third == 2));
            case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100); // benchmarks, examples
            case 203 -> !(second == 0 && third == 113);
            default -> first < 224;
        };
    }

    /** Only 2000::/3 is handed out; some of it stands for addresses of version 4. */
    private static boolean isPublic6(byte[] bytes) {
        int first = (bytes[0] & BYTE) << 8 | bytes[1] & BYTE;
        int second = (bytes[2] & BYTE) << 8 | bytes[3] & BYTE;
        if (first == 0x64 && second == 0xff9b && isZero(bytes, 4, 12)) {
            return isPublic4(bytes, 12); // through NAT64; 64:ff9b:1::/48 beside it is for local use (RFC 8215)
        }
        if (first == 0x2002) {
            return isPublic4(bytes, 2); // 6to4
        }
        boolean special = first == 0x2001 && (second < 0x200 || second == 0xdb8)
                || first == 0x3fff && second < 0x1000; // examples (RFC 9637)
        return (first & 0xe000) == 0x2000 && !special;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
