package dev.caretaker.cli.policies.file;

import com.google.protobuf.Duration;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.Retention;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Retention as people write it. {@code 7d} is a fixed span of 7 × 24 hours; {@code 3 months in Europe/Berlin} counts
 * on the calendar of that zone (UTC if none is named). ISO 8601 will do, too: {@code P1Y2M} is a calendar period.
 */
public final class RetentionText {
    private static final Pattern CALENDAR =
            Pattern.compile("((?:\\d{1,9}\\s+(?:year|month|week|day)s?\\s*(?:,\\s*|and\\s+)?)+)(?:in\\s+(\\S+))?\\s*");
    private static final Pattern UNIT = Pattern.compile("(\\d{1,9})\\s+(year|month|week|day)s?");

    private RetentionText() {}

    public static Retention read(Item item) {
        if (item.isMap()) {
            return readMap(item);
        }
        Optional<CalendarPeriod> iso = iso(item.text().strip());
        if (iso.isPresent()) {
            return Retention.newBuilder().setCalendar(iso.get()).build();
        }
        Matcher calendar = CALENDAR.matcher(item.text().strip());
        if (calendar.matches()) {
            return Retention.newBuilder()
                    .setCalendar(calendar(item, calendar.group(1), calendar.group(2)))
                    .build();
        }
        try {
            return Retention.newBuilder()
                    .setDuration(Durations.toProto(Durations.parse(item.text())))
                    .build();
        } catch (IllegalArgumentException e) {
            throw item.wrong(e.getMessage() + "; a calendar period is written like '3 months in Europe/Berlin'");
        }
    }

    /** Years, months, weeks and days as ISO 8601 writes them; empty if it is none, or has a time. */
    private static Optional<CalendarPeriod> iso(String text) {
        try {
            Period period = Period.parse(text);
            return text.startsWith("P") && !period.isNegative()
                    ? Optional.of(CalendarPeriod.newBuilder()
                            .setYears(period.getYears())
                            .setMonths(period.getMonths())
                            .setDays(period.getDays())
                            .build())
                    : Optional.empty();
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    public static Duration duration(Item item) {
        try {
            return Durations.toProto(Durations.parse(item.text()));
        } catch (IllegalArgumentException e) {
            throw item.wrong(e.getMessage());
        }
    }

    private static CalendarPeriod calendar(Item item, String units, String zone) {
        CalendarPeriod.Builder period = CalendarPeriod.newBuilder();
        Matcher unit = UNIT.matcher(units);
        while (unit.find()) {
            int amount = Integer.parseInt(unit.group(1));
            try {
                switch (unit.group(2)) {
                    case "year" -> period.setYears(Math.addExact(period.getYears(), amount));
                    case "month" -> period.setMonths(Math.addExact(period.getMonths(), amount));
                    case "week" -> period.setDays(Math.addExact(period.getDays(), Math.multiplyExact(7, amount)));
                    default -> period.setDays(Math.addExact(period.getDays(), amount));
                }
            } catch (ArithmeticException e) {
                throw item.wrong("'" + item.text() + "' is too long");
            }
        }
        return period.setZone(zone == null ? "" : zone).build();
    }

    private static Retention readMap(Item item) {
        Map<String, Item> kept = item.fields("duration", "calendar");
        if (kept.size() != 1) {
            throw item.wrong("needs exactly one of duration, calendar");
        }
        if (kept.containsKey("duration")) {
            return Retention.newBuilder()
                    .setDuration(duration(kept.get("duration")))
                    .build();
        }
        CalendarPeriod.Builder period = CalendarPeriod.newBuilder();
        kept.get("calendar").fields("years", "months", "days", "zone").forEach((key, value) -> {
            switch (key) {
                case "years" -> period.setYears(units(value));
                case "months" -> period.setMonths(units(value));
                case "days" -> period.setDays(units(value));
                default -> period.setZone(value.text());
            }
        });
        return Retention.newBuilder().setCalendar(period).build();
    }

    private static int units(Item item) {
        long value = item.integer();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw item.wrong("must be between 0 and " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /** One line for people, which is read back as it was. */
    public static String describe(Retention retention) {
        return switch (retention.getKeptCase()) {
            case DURATION -> Durations.exact(retention.getDuration());
            case CALENDAR -> describe(retention.getCalendar());
            case KEPT_NOT_SET -> "";
        };
    }

    private static String describe(CalendarPeriod period) {
        StringBuilder text = new StringBuilder();
        append(text, period.getYears(), "year");
        append(text, period.getMonths(), "month");
        append(text, period.getDays(), "day");
        return text.append(ZoneText.unlessUtc(" in ", period.getZone()))
                .toString()
                .strip();
    }

    private static void append(StringBuilder text, int amount, String unit) {
        if (amount != 0) {
            text.append(text.isEmpty() ? "" : " ").append(amount).append(' ').append(unit);
            text.append(amount == 1 ? "" : "s");
        }
    }

    /** For a file: one line where that says all, else a map. */
    public static Object write(Retention retention) {
        CalendarPeriod period = retention.getCalendar();
        boolean plain = Math.max(period.getYears(), Math.max(period.getMonths(), period.getDays())) > 0
                && Math.min(period.getYears(), Math.min(period.getMonths(), period.getDays())) >= 0;
        if (!retention.hasCalendar() || plain) {
            return describe(retention);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("years", period.getYears());
        map.put("months", period.getMonths());
        map.put("days", period.getDays());
        map.put("zone", period.getZone());
        return Map.of("calendar", map);
    }
}
