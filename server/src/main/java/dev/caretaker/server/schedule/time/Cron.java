package dev.caretaker.server.schedule.time;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A cron expression over local times, which know no zone: minute, hour, day of month, month and day of week, with names,
 * lists, ranges and steps as in crontab(5); {@code L} and {@code L-3} for the last days of a month, {@code FRIL} for the last
 * Friday of one and {@code FRI#2} for the second; {@code H} for a value that follows from the schedule's name, also
 * {@code H(0-5)} and {@code H/15}; and {@code @hourly}, {@code @daily}, {@code @midnight}, {@code @weekly}, {@code @monthly},
 * {@code @yearly}, {@code @annually}.
 *
 * @param followsClock whether minute or hour is a wildcard ({@code *}, {@code *}{@code /n}, {@code H/n}): such a one follows
 *     real time where clocks change
 */
record Cron(long minutes, long hours, CronDays days, long months, boolean followsClock) {
    private static final Map<String, String> SHORT = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");
    private static final int FIELDS = 5;

    /** @throws InvalidCron if it cannot be read */
    static Cron read(String text, String name) {
        String stripped = text.strip();
        String written = stripped.startsWith("@") ? SHORT.get(stripped.toLowerCase(Locale.ROOT)) : stripped;
        if (written == null) {
            throw new InvalidCron("is \"" + stripped
                    + "\", which is not known; known are @hourly, @daily, @weekly, @monthly and @yearly");
        }
        String[] fields = written.split("\\s+");
        if (fields.length != FIELDS) {
            throw new InvalidCron(
                    "has " + fields.length + " fields; it has five: minute, hour, day of month, month, day of week");
        }
        return new Cron(
                CronField.MINUTE.read(fields[0], name),
                CronField.HOUR.read(fields[1], name),
                CronDays.read(fields[2], fields[4], name),
                CronField.MONTH.read(fields[3], name),
                isWildcard(fields[0]) || isWildcard(fields[1]));
    }

    private static boolean isWildcard(String field) {
        String capitals = field.toUpperCase(Locale.ROOT);
        return capitals.startsWith("*") || capitals.startsWith("H/");
    }

    boolean matches(LocalDateTime time) {
        return has(hours, time.getHour())
                && has(minutes, time.getMinute())
                && has(months, time.getMonthValue())
                && days.match(time.toLocalDate())
                && time.equals(time.truncatedTo(ChronoUnit.MINUTES));
    }

    /** The first local time after one and not after the day of another; empty if there is none. */
    Optional<LocalDateTime> next(LocalDateTime after, LocalDateTime last) {
        LocalDateTime from = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        LocalDate day = from.toLocalDate();
        while (!day.isAfter(last.toLocalDate())) {
            if (!has(months, day.getMonthValue())) {
                day = day.withDayOfMonth(1).plusMonths(1);
                continue;
            }
            if (days.match(day)) {
                Optional<LocalTime> time =
                        time(day.equals(from.toLocalDate()) ? from.toLocalTime() : LocalTime.MIDNIGHT);
                if (time.isPresent()) {
                    return Optional.of(day.atTime(time.get()));
                }
            }
            day = day.plusDays(1);
        }
        return Optional.empty();
    }

    /** The first time of a day not before one. */
    private Optional<LocalTime> time(LocalTime earliest) {
        int hour = earliest.getHour();
        if (has(hours, hour)) {
            int minute = next(minutes, earliest.getMinute());
            if (minute < Long.SIZE) {
                return Optional.of(LocalTime.of(hour, minute));
            }
        }
        int later = next(hours, hour + 1);
        return later < Long.SIZE ? Optional.of(LocalTime.of(later, next(minutes, 0))) : Optional.empty();
    }

    /** The first value that is set, not below another; 64 if none. */
    private static int next(long bits, int from) {
        return Long.numberOfTrailingZeros(bits & -1L << from);
    }

    private static boolean has(long bits, int value) {
        return (bits >> value & 1) == 1;
    }
}
