package dev.caretaker.server.config;

import java.util.Locale;

/** How a report is written. */
public enum ReportFormat {
    HTML("html", "text/html; charset=utf-8"),
    MARKDOWN("md", "text/markdown; charset=utf-8"),
    JSON("json", "application/json");

    private final String extension;
    private final String mediaType;

    ReportFormat(String extension, String mediaType) {
        this.extension = extension;
        this.mediaType = mediaType;
    }

    /** As it is written in the configuration. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of its files, without the dot. */
    public String extension() {
        return extension;
    }

    public String mediaType() {
        return mediaType;
    }
}
