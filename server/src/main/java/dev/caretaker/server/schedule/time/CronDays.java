package dev.caretaker.server.schedule.time;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The days of a cron expression. If both the day of month and the day of week are restricted, a day that fits either is meant,
 * else one that fits both; a field that starts with {@code *} restricts nothing (crontab(5)).
 *
 * @param days of the month, as bits
 * @param fromLast days counted back from a month's last, which is 0, as bits
 * @param weekdays as bits, Sunday is 0
 * @param nth weekdays of which one in a month is meant
 */
record CronDays(long days, long fromLast, long weekdays, List<Nth> nth, boolean either) {
    private static final Pattern LAST_DAY = Pattern.compile("L(?:-(\\d{1,2}))?");
    private static final Pattern NTH_WEEKDAY = Pattern.compile("(\\w+)#(\\d)|(\\w+)L");
    private static final int DAYS_A_WEEK = 7;
    private static final int MOST_FROM_LAST = 30;
    private static final int MOST_NTH = 5;
    private static final int SUNDAY_AGAIN = 7;

    /** The n-th of a weekday in a month, or with 0 the last one. */
    record Nth(int weekday, int n) {
        boolean matches(LocalDate date) {
            int day = date.getDayOfMonth();
            boolean place = n == 0 ? day + DAYS_A_WEEK > date.lengthOfMonth() : (day - 1) / DAYS_A_WEEK + 1 == n;
            return place && weekday == dayOfWeek(date);
        }
    }

    static CronDays read(String days, String weekdays, String name) {
        long bits = 0;
        long fromLast = 0;
        for (String item : days.toUpperCase(Locale.ROOT).split(",", -1)) {
            Matcher last = LAST_DAY.matcher(item);
            if (last.matches()) {
                fromLast |= 1L << fromLast(item, last);
            } else {
                bits |= CronField.DAY.read(item, name);
            }
        }
        long weekdayBits = 0;
        List<Nth> nth = new ArrayList<>();
        for (String item : weekdays.toUpperCase(Locale.ROOT).split(",", -1)) {
            Matcher matcher = NTH_WEEKDAY.matcher(item);
            if (matcher.matches()) {
                nth.add(nth(item, matcher));
            } else {
                weekdayBits |= CronField.WEEKDAY.read(item, name);
            }
        }
        boolean either = !days.startsWith("*") && !weekdays.startsWith("*");
        return new CronDays(bits, fromLast, weekdayBits, List.copyOf(nth), either);
    }

    private static int fromLast(String item, Matcher matcher) {
        int back = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
        if (back > MOST_FROM_LAST) {
            throw CronField.DAY.wrong(item, "is not L-0 to L-" + MOST_FROM_LAST);
        }
        return back;
    }

    private static Nth nth(String item, Matcher matcher) {
        if (matcher.group(3) != null) {
            return new Nth(CronField.WEEKDAY.value(matcher.group(3)) % SUNDAY_AGAIN, 0);
        }
        int n = Integer.parseInt(matcher.group(2));
        if (n < 1 || n > MOST_NTH) {
            throw CronField.WEEKDAY.wrong(item, "is not the first to the fifth");
        }
        return new Nth(CronField.WEEKDAY.value(matcher.group(1)) % SUNDAY_AGAIN, n);
    }

    boolean match(LocalDate date) {
        boolean day = has(days, date.getDayOfMonth()) || has(fromLast, date.lengthOfMonth() - date.getDayOfMonth());
        boolean weekday = has(weekdays, dayOfWeek(date)) || nth.stream().anyMatch(wanted -> wanted.matches(date));
        return either ? day || weekday : day && weekday;
    }

    private static int dayOfWeek(LocalDate date) {
        return date.getDayOfWeek().getValue() % SUNDAY_AGAIN;
    }

    private static boolean has(long bits, int value) {
        return (bits >> value & 1) == 1;
    }
}
