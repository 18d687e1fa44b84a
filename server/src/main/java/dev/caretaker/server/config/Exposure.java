package dev.caretaker.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Keeps the API, and what is told of its work, from being open to a network by accident. */
final class Exposure {
    private Exposure() {}

    /**
     * Refuses to listen beyond loopback without TLS and authentication.
     *
     * @throws ConfigException if it is not what the operator said in so many words
     */
    static void check(ListenConfig listen) {
        boolean safe = listen.tls().isPresent() && listen.authenticates();
        if (!safe && !listen.allowInsecure() && !isLoopback("caretaker.listen.host", listen.host())) {
            throw new ConfigException(
                    "caretaker.listen.host",
                    listen.host() + " is reachable from other machines: set caretaker.listen.tls and either"
                            + " caretaker.listen.tls.client-ca or caretaker.listen.tokens-file, or say"
                            + " caretaker.listen.allow-insecure: true if anybody may delete your rows");
        }
    }

    /**
     * Refuses to tell metrics beyond loopback where nobody must prove who he is, or may see them in passing without TLS.
     *
     * @param tokens whether metrics are told only to who knows a token
     * @throws ConfigException if it is not what the operator said in so many words
     */
    static void check(HttpConfig.Address http, boolean allowInsecure, boolean tls, boolean tokens) {
        if (!allowInsecure && !(tls && tokens) && !isLoopback("caretaker." + HttpConfig.HOST, http.host())) {
            throw new ConfigException(
                    "caretaker." + HttpConfig.HOST,
                    http.host() + " is reachable from other machines, and this port "
                            + (tls
                                    ? "tells metrics and health to anybody:"
                                    : tokens ? "has no TLS:" : "has neither TLS nor authentication:")
                            + " set caretaker." + HttpConfig.TLS + " and caretaker." + HttpConfig.METRICS_TOKENS
                            + ", put a proxy in front of it that has both, or say caretaker."
                            + HttpConfig.ALLOW_INSECURE
                            + ": true if anybody may read the names and figures of your targets");
        }
    }

    /**
     * Refuses to serve the API over HTTP, or the console, beyond loopback, where nobody must prove who he is.
     *
     * @param key what would be served, below {@code caretaker}
     * @param tls whether the port asks for client certificates where the gRPC port does
     * @throws ConfigException if it is not what the operator said in so many words
     */
    static void checkApi(String key, HttpConfig.Address http, ListenConfig listen, boolean tls) {
        boolean proven = listen.tokensFile().isPresent() || tls && listen.authenticates();
        if (!proven && !listen.allowInsecure() && !isLoopback(http)) {
            throw new ConfigException(
                    "caretaker." + key,
                    http.host() + " is reachable from other machines: set caretaker.listen.tokens-file, or"
                            + " caretaker.listen.tls.client-ca with caretaker.http.tls: true, or say"
                            + " caretaker.listen.allow-insecure: true if anybody may delete your rows");
        }
    }

    static boolean isLoopback(HttpConfig.Address http) {
        return isLoopback("caretaker." + HttpConfig.HOST, http.host());
    }

    private static boolean isLoopback(String key, String host) {
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
            throw new ConfigException(key, "cannot resolve " + host);
        }
    }
}
