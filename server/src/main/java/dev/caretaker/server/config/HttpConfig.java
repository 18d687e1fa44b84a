package dev.caretaker.server.config;

import java.util.Optional;

/**
 * The port for metrics, health and the API over HTTP, under {@code caretaker.http}.
 *
 * @param address where it listens; empty: there is none
 * @param api whether the API is served there, too
 */
public record HttpConfig(Optional<Address> address, boolean api) {
    /** Its keys below {@code caretaker}. */
    static final String HOST = "http.host";

    static final String PORT = "http.port";
    static final String ALLOW_INSECURE = "http.allow-insecure";
    static final String API = "http.api";

    /**
     * One to listen on.
     *
     * @param host address or name; loopback by default
     * @param port TCP port; 0 takes a free one
     */
    public record Address(String host, int port) {}
}
