package dev.caretaker.server.notify.channel;

import java.net.InetAddress;

/** Which addresses a receiver may have. */
enum Reach {
    /** The Internet's. */
    PUBLIC,
    /** Loopback, link-local, private and what else is not public. */
    PRIVATE,
    ANYWHERE;

    static Reach of(boolean allowPrivate) {
        return allowPrivate ? ANYWHERE : PUBLIC;
    }

    boolean allows(InetAddress address) {
        return this == ANYWHERE || Addresses.isPublic(address) == (this == PUBLIC);
    }

    /** Why an address is refused, the end of a sentence. */
    String refusal(InetAddress address) {
        return switch (this) {
            case PUBLIC ->
                "the receiver has no public address: " + address.getHostAddress()
                        + "; allow-private of the channel would allow it";
            case PRIVATE ->
                "the receiver has a public address: " + address.getHostAddress() + "; nothing goes there without TLS";
            case ANYWHERE -> "the receiver has no address";
        };
    }
}
