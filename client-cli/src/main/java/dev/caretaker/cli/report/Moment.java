package dev.caretaker.cli.report;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.units.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** A point in the past as people write it: how long ago it was, a day, or an instant with its zone. */
final class Moment {
    private Moment() {}

    /** @param option for complaints */
    static Instant parse(String option, String text, Instant now) {
        try {
            if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            if (text.matches("\\d{4}-.*")) {
                return OffsetDateTime.parse(text).toInstant();
            }
            return now.minus(Durations.parse(text));
        } catch (DateTimeException e) {
            throw CommandFailure.usage(option + ": '" + text
                    + "' is not a day such as 2026-11-01, nor an instant with a zone, such as 2026-11-01T06:00:00Z");
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": " + e.getMessage());
        }
    }
}
