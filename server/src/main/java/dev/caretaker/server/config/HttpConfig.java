package dev.caretaker.server.config;

import java.util.Optional;

/**
 * The port for metrics and health, under {@code caretaker.http}.
 *
 * @param address where it listens; empty: there is none
 */
public record HttpConfig(Optional<Address> address) {
    /** Its keys below {@code caretaker}. */
    static final String HOST = "http.host";

    static final String PORT = "http.port";
    static final String ALLOW_INSECURE = "http.allow-insecure";

    /**
     * One to listen on.
     *
     * @param host address or name; loopback by default
     * @param port TCP port; 0 takes a free one
     */
    public record Address(String host, int port) {}
}
