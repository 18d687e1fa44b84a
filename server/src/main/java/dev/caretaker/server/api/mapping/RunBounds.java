package dev.caretaker.server.api.mapping;

import dev.caretaker.server.run.RunWindow;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a run may take, and when it may work. Of a field that is wrong nothing is returned, but there is a violation. */
public final class RunBounds {
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Pattern TIME_OF_DAY = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");

    private RunBounds() {}

    /** The field {@code deadline}: 1 s to 366 days. */
    public static Optional<Duration> deadline(
            Violations violations, boolean given, com.google.protobuf.Duration message) {
        return deadline(violations, "deadline", given, message);
    }

    static Optional<Duration> deadline(
            Violations violations, String path, boolean given, com.google.protobuf.Duration message) {
        return given
                ? Optional.ofNullable(Times.read(
                        violations,
                        path,
                        message,
                        Duration.ofSeconds(1),
                        LONGEST,
                        "at least one second and at most 366 days"))
                : Optional.empty();
    }

    /** A daily window. */
    static Optional<RunWindow> window(
            Violations violations, String path, boolean given, dev.caretaker.v1.RunWindow message) {
        return given ? Optional.ofNullable(window(violations, path, message)) : Optional.empty();
    }

    private static @Nullable RunWindow window(Violations violations, String path, dev.caretaker.v1.RunWindow message) {
        LocalTime start = timeOfDay(violations, path + ".start", message.getStart());
        LocalTime end = timeOfDay(violations, path + ".end", message.getEnd());
        ZoneId zone = Times.zone(violations, path + ".zone", message.getZone());
        if (start == null || end == null) {
            return null;
        }
        violations.require(!start.equals(end), path + ".end", "must differ from start");
        return new RunWindow(start, end, zone);
    }

    private static @Nullable LocalTime timeOfDay(Violations violations, String path, String text) {
        if (!TIME_OF_DAY.matcher(text).matches()) {
            violations.add(path, "must be a time of day such as 22:00");
            return null;
        }
        return LocalTime.parse(text);
    }
}
