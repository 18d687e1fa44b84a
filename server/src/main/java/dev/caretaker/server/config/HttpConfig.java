package dev.caretaker.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The port for metrics, health, the API over HTTP and the console, under {@code caretaker.http}.
 *
 * @param address where it listens; empty: there is none
 * @param api whether the API is served there, too
 * @param console whether the web console is, and whether it may change anything
 * @param tls whether it speaks TLS, with certificate, key and authority of {@code caretaker.listen.tls}
 * @param hsts whether browsers are told to keep to TLS for its host name (RFC 6797), where it speaks TLS
 * @param metricsTokens file of the tokens of those who may read metrics; empty: anybody may
 */
public record HttpConfig(
        Optional<Address> address,
        boolean api,
        Console console,
        boolean tls,
        boolean hsts,
        Optional<Path> metricsTokens) {
    /** Its keys below {@code caretaker}. */
    static final String HOST = "http.host";

    static final String PORT = "http.port";
    static final String ALLOW_INSECURE = "http.allow-insecure";
    static final String API = "http.api";
    static final String CONSOLE = "http.console";
    static final String TLS = "http.tls";
    static final String HSTS = "http.hsts";
    /** With {@code caretaker.} before it. */
    public static final String METRICS_TOKENS_KEY = "caretaker.http.metrics-tokens-file";

    static final String METRICS_TOKENS = "http.metrics-tokens-file";

    /** What the console may do. */
    public enum Console {
        /** It is not there. */
        OFF,
        /** It shows everything and changes nothing, whoever is signed in. */
        READ_ONLY,
        /** It may do what the API may. */
        ON
    }

    /**
     * One to listen on.
     *
     * @param host address or name; loopback by default
     * @param port TCP port; 0 takes a free one
     */
    public record Address(String host, int port) {}
}
