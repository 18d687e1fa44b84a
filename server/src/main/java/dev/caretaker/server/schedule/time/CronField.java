package dev.caretaker.server.schedule.time;

import dev.caretaker.server.store.Sha256;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One field of a cron expression: lists of {@code *}, values, ranges and {@code H}, each with a step or without.
 *
 * @param least smallest value
 * @param most largest value, below 64
 * @param names of the values from {@code firstNamed} on, in capitals; may be empty
 */
record CronField(String label, int least, int most, int firstNamed, List<String> names) {
    static final CronField MINUTE = new CronField("minute", 0, 59, 0, List.of());
    static final CronField HOUR = new CronField("hour", 0, 23, 0, List.of());
    static final CronField DAY = new CronField("day of month", 1, 31, 0, List.of());
    static final CronField MONTH = new CronField(
            "month",
            1,
            12,
            1,
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"));

    /** 7 is Sunday too, so that a range may end with it. */
    static final CronField WEEKDAY =
            new CronField("day of week", 0, 7, 0, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    private static final int SUNDAY_AGAIN = 7;
    private static final Pattern HASHED = Pattern.compile("H(?:\\((\\w+)-(\\w+)\\))?");
    /** Days that every month has. */
    private static final int SHORTEST_MONTH = 28;

    /** Its values as bits, 0 for the lowest. */
    long read(String text, String name) {
        long bits = 0;
        for (String item : text.split(",", -1)) {
            bits |= item(item.toUpperCase(Locale.ROOT), name);
        }
        return bits;
    }

    private long item(String item, String name) {
        String[] parts = item.split("/", -1);
        if (parts.length > 2 || parts[0].isEmpty()) {
            throw wrong(item, "is not a value, a range or a step");
        }
        int step = parts.length == 1 ? 1 : number(parts[1], "step");
        if (step < 1 || step > most) {
            throw wrong(item, "has a step that is not 1 to " + most);
        }
        Matcher hashed = HASHED.matcher(parts[0]);
        if (hashed.matches()) {
            return hashed(hashed, parts.length == 1 ? 0 : step, name);
        }
        return bits(range(parts[0], parts.length == 2), step);
    }

    private record Range(int from, int to) {}

    private Range range(String text, boolean stepped) {
        if (text.equals("*")) {
            return new Range(least, highest());
        }
        String[] ends = text.split("-", -1);
        if (ends.length > 2) {
            throw wrong(text, "is not a range");
        }
        int from = value(ends[0]);
        int to = ends.length == 2 ? value(ends[1]) : stepped ? highest() : from;
        if (this == WEEKDAY && to == 0 && from > 0) {
            to = SUNDAY_AGAIN;
        }
        if (to < from) {
            throw wrong(text, "goes backwards; write two ranges");
        }
        return new Range(from, to);
    }

    /** One value that follows from the name, or with a step the first of several. */
    private long hashed(Matcher text, int step, String name) {
        int from = text.group(1) == null ? least : value(text.group(1));
        int last = this == DAY ? SHORTEST_MONTH : highest();
        int to = text.group(2) == null ? last : value(text.group(2));
        if (to < from) {
            throw wrong(text.group(), "goes backwards");
        }
        long hash = ByteBuffer.wrap(Sha256.of(name + "/" + label)).getLong();
        int choices = step == 0 ? to - from + 1 : Math.min(step, to - from + 1);
        int first = from + (int) Math.floorMod(hash, (long) choices);
        return step == 0 ? bits(new Range(first, first), 1) : bits(new Range(first, to), step);
    }

    private long bits(Range range, int step) {
        long bits = 0;
        for (int value = range.from(); value <= range.to(); value += step) {
            bits |= 1L << (this == WEEKDAY ? value % SUNDAY_AGAIN : value);
        }
        return bits;
    }

    private int highest() {
        return this == WEEKDAY ? SUNDAY_AGAIN - 1 : most;
    }

    /** A value by number or name. */
    int value(String text) {
        int named = names.indexOf(text.toUpperCase(Locale.ROOT));
        int value = named >= 0 ? named + firstNamed : number(text, "value");
        if (value < least || value > most) {
            throw wrong(text, "is not " + least + " to " + most);
        }
        return value;
    }

    private int number(String text, String what) {
        if (!text.matches("\\d{1,3}")) {
            throw wrong(text, "is not a " + what);
        }
        return Integer.parseInt(text);
    }

    InvalidCron wrong(String text, String why) {
        return new InvalidCron("has " + (label.equals("hour") ? "an " : "a ") + label + " that cannot be read: \""
                + text + "\" " + why);
    }
}
