package dev.caretaker.server.report;

import dev.caretaker.server.config.ReportFormat;

/**
 * A report as it is written.
 *
 * @param fileName a name for its file: letters, digits, hyphens and a dot
 */
public record Document(ReportFormat format, String fileName, byte[] content) {}
