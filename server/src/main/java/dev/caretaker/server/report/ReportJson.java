package dev.caretaker.server.report;

/** Writes a report in the JSON form of its message. Implemented by the API, which alone knows messages. */
@FunctionalInterface
public interface ReportJson {
    String write(Report report);
}
