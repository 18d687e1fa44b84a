package dev.caretaker.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is wrong. The message has a line for each fault, which begins with the key, and never holds a secret. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String key, String description) {
        super(key + ": " + description);
    }

    /** All that is wrong, told together. */
    ConfigException(List<ConfigException> faults) {
        super(faults.stream().map(Throwable::getMessage).distinct().collect(Collectors.joining("\n")));
    }
}
