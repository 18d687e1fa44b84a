package dev.caretaker.server.api.mapping;

import dev.caretaker.server.config.ReportFormat;
import dev.caretaker.server.report.Period;
import dev.caretaker.v1.ReportPeriod;
import java.time.Instant;
import java.util.Optional;

/** Reads what a report is to be of, and how it is to be written. */
public final class ReportReader {
    private ReportReader() {}

    /** Empty if none is given; one that is unknown is a violation. */
    public static Optional<ReportFormat> format(
            Violations violations, String path, dev.caretaker.v1.ReportFormat message) {
        return switch (message) {
            case REPORT_FORMAT_UNSPECIFIED -> Optional.empty();
            case REPORT_FORMAT_HTML -> Optional.of(ReportFormat.HTML);
            case REPORT_FORMAT_MARKDOWN -> Optional.of(ReportFormat.MARKDOWN);
            case REPORT_FORMAT_JSON -> Optional.of(ReportFormat.JSON);
            case UNRECOGNIZED -> {
                violations.add(path, "is not a format this server knows");
                yield Optional.empty();
            }
        };
    }

    static dev.caretaker.v1.ReportFormat write(ReportFormat format) {
        return switch (format) {
            case HTML -> dev.caretaker.v1.ReportFormat.REPORT_FORMAT_HTML;
            case MARKDOWN -> dev.caretaker.v1.ReportFormat.REPORT_FORMAT_MARKDOWN;
            case JSON -> dev.caretaker.v1.ReportFormat.REPORT_FORMAT_JSON;
        };
    }

    /** @param now as of the server: where a period ends that does not say so */
    public static Period period(Violations violations, String path, ReportPeriod message, Instant now) {
        Instant until =
                message.hasUntilTime() ? Times.read(violations, path + ".until_time", message.getUntilTime()) : now;
        Instant since = message.hasSinceTime()
                ? Times.read(violations, path + ".since_time", message.getSinceTime())
                : Optional.ofNullable(until).map(end -> end.minus(Period.USUAL)).orElse(null);
        if (since == null || until == null) {
            return new Period(now.minus(Period.USUAL), now);
        }
        Period period = new Period(since, until);
        violations.require(
                period.length().compareTo(Period.SHORTEST) >= 0,
                path + ".since_time",
                "must lie at least one minute before the end of the period");
        violations.require(
                period.length().compareTo(Period.LONGEST) <= 0,
                path + ".since_time",
                "must lie at most 400 days before the end of the period");
        return period;
    }
}
