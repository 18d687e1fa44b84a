package dev.caretaker.server.config;

/**
 * A control store that the operator provides.
 *
 * @param url JDBC URL; may hold credentials, so it is never printed
 */
public record ControlStoreConfig(String url, Credentials credentials) {
    /** Statements on the control store take about a millisecond each, so that a few connections serve many runs. */
    public static final int DEFAULT_CONNECTIONS = 8;

    @Override
    public String toString() {
        return "ControlStoreConfig[" + PostgresUrl.of("caretaker.control-store.url", url) + "]";
    }
}
