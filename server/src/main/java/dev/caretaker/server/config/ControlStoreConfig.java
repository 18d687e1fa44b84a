package dev.caretaker.server.config;

/**
 * A control store that the operator provides.
 *
 * @param url JDBC URL; may hold credentials, so it is never printed
 */
public record ControlStoreConfig(String url, Credentials credentials) {
    @Override
    public String toString() {
        return "ControlStoreConfig[" + PostgresUrl.of("caretaker.control-store.url", url) + "]";
    }
}
