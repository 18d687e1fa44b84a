package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Figures;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.show.Spans;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.Retention;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long rows are kept, as policy files have it, too: {@code 90d} and {@code 36h} are so many hours, {@code 90 days} and
 * {@code 3 months in Europe/Berlin} count on the calendar.
 */
final class KeepText {
    private static final Pattern CALENDAR =
            Pattern.compile("((?:\\d{1,9}\\s+(?:year|month|week|day)s?\\s*(?:,\\s*|and\\s+)?)+)(?:in\\s+(\\S+))?");
    private static final Pattern PART = Pattern.compile("(\\d{1,9})\\s+(year|month|week|day)s?");

    private KeepText() {}

    /** Empty for one that says nothing. */
    static String write(Retention retention) {
        return switch (retention.getKeptCase()) {
            case DURATION -> Spans.write(Moments.duration(retention.getDuration()));
            case CALENDAR -> {
                String zone = retention.getCalendar().getZone();
                yield Figures.keeps(retention) + (zone.isEmpty() || zone.equals("UTC") ? "" : " in " + zone);
            }
            case KEPT_NOT_SET -> "";
        };
    }

    /** @throws BadRequest with what is understood */
    static Retention read(String text) {
        Matcher calendar = CALENDAR.matcher(text.strip());
        if (calendar.matches()) {
            return Retention.newBuilder()
                    .setCalendar(calendar(calendar.group(1), calendar.group(2)))
                    .build();
        }
        return Spans.read(text)
                .map(span -> Retention.newBuilder()
                        .setDuration(Moments.duration(span))
                        .build())
                .orElseThrow(KeepText::unreadable);
    }

    private static CalendarPeriod calendar(String units, String zone) {
        CalendarPeriod.Builder period = CalendarPeriod.newBuilder().setZone(zone == null ? "" : zone);
        Matcher part = PART.matcher(units);
        try {
            while (part.find()) {
                int number = Integer.parseInt(part.group(1));
                switch (part.group(2)) {
                    case "year" -> period.setYears(Math.addExact(period.getYears(), number));
                    case "month" -> period.setMonths(Math.addExact(period.getMonths(), number));
                    case "week" -> period.setDays(Math.addExact(period.getDays(), Math.multiplyExact(7, number)));
                    default -> period.setDays(Math.addExact(period.getDays(), number));
                }
            }
        } catch (ArithmeticException e) {
            throw unreadable();
        }
        return period.build();
    }

    private static BadRequest unreadable() {
        return new BadRequest("How long rows are kept is written like 90d, 36h, 3 months or 1 year in Europe/Berlin.");
    }
}
