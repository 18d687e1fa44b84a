package dev.caretaker.server.config;

import io.micronaut.context.env.Environment;
import java.util.Locale;

/** How the log is written, under {@code caretaker.log}. */
public final class LogConfig {
    /** Its key below {@code caretaker}. */
    static final String FORMAT = "log.format";

    private LogConfig() {}

    /** How each message is written. */
    public enum Format {
        /** Lines for people. */
        TEXT,
        /** One JSON object a line. */
        JSON
    }

    /**
     * Read before all else, so that the first message is written so.
     *
     * @throws ConfigException if it is none
     */
    public static Format format(Environment environment) {
        Settings root = new Settings(environment, "caretaker");
        String text = root.text(FORMAT).orElse("text").toUpperCase(Locale.ROOT);
        for (Format format : Format.values()) {
            if (format.name().equals(text)) {
                return format;
            }
        }
        throw root.wrong(FORMAT, "must be text or json");
    }
}
