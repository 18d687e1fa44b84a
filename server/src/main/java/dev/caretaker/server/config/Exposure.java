package dev.caretaker.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Keeps the API from being open to a network by accident. */
final class Exposure {
    private Exposure() {}

    /**
     * Refuses to listen beyond loopback without TLS and authentication.
     *
     * @throws ConfigException if it is not what the operator said in so many words
     */
    static void check(ListenConfig listen) {
        boolean safe = listen.tls().isPresent() && listen.authenticates();
        if (!safe && !listen.allowInsecure() && !isLoopback(listen.host())) {
            throw new ConfigException(
                    "caretaker.listen.host",
                    listen.host() + " is reachable from other machines: set caretaker.listen.tls and either"
                            + " caretaker.listen.tls.client-ca or caretaker.listen.tokens-file, or say"
                            + " caretaker.listen.allow-insecure: true if anybody may delete your rows");
        }
    }

    private static boolean isLoopback(String host) {
        if (host.isEmpty()) {
            return false;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            throw new ConfigException("caretaker.listen.host", "cannot resolve " + host);
        }
    }
}
