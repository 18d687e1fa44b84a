package dev.caretaker.cli.report;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.v1.ReportFormat;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Formats of reports by their names, and by how files end. */
public final class Formats {
    private Formats() {}

    /** By its name; another is a usage failure. */
    static ReportFormat named(String name) {
        return read(name)
                .orElseThrow(() -> CommandFailure.usage("--format: '" + name + "' is none of html, markdown, json"));
    }

    /** By its name. */
    public static Optional<ReportFormat> read(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "html" -> Optional.of(ReportFormat.REPORT_FORMAT_HTML);
            case "markdown" -> Optional.of(ReportFormat.REPORT_FORMAT_MARKDOWN);
            case "json" -> Optional.of(ReportFormat.REPORT_FORMAT_JSON);
            default -> Optional.empty();
        };
    }

    /** The name that {@link #read} reads. */
    public static String write(ReportFormat format) {
        return switch (format) {
            case REPORT_FORMAT_MARKDOWN -> "markdown";
            case REPORT_FORMAT_JSON -> "json";
            default -> "html";
        };
    }

    static Optional<ReportFormat> ofFile(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "html", "htm" -> Optional.of(ReportFormat.REPORT_FORMAT_HTML);
            case "md", "markdown" -> Optional.of(ReportFormat.REPORT_FORMAT_MARKDOWN);
            case "json" -> Optional.of(ReportFormat.REPORT_FORMAT_JSON);
            default -> Optional.empty();
        };
    }
}
