package dev.caretaker.server.config;

/** The configuration is wrong. The message is one line that begins with the key, and never holds a secret. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String key, String description) {
        super(key + ": " + description);
    }
}
