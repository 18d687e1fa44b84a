package dev.caretaker.server.console.show;

import com.google.protobuf.util.Durations;
import dev.caretaker.server.config.DurationText;
import dev.caretaker.server.report.page.Show;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Spans of time that somebody has set, as people write them; {@link Show#span} has measured ones. A day has 24 hours. */
public final class Spans {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Spans() {}

    /** For fields and files: 90d, 36h, 90m, 0.25s. {@link #read} and the command line read it back as it was. */
    public static String write(Duration span) {
        if (span.isZero() || span.isNegative() || span.getNano() != 0) {
            return BigDecimal.valueOf(span.getSeconds())
                            .add(BigDecimal.valueOf(span.getNano(), 9))
                            .stripTrailingZeros()
                            .toPlainString()
                    + "s";
        }
        if (isWhole(span, DAY)) {
            return span.toDays() + "d";
        }
        if (isWhole(span, HOUR)) {
            return span.toHours() + "h";
        }
        return isWhole(span, MINUTE) ? span.toMinutes() + "m" : span.toSeconds() + "s";
    }

    private static boolean isWhole(Duration span, Duration unit) {
        return span.getSeconds() % unit.getSeconds() == 0;
    }

    /** Of 90d, 1h30m, 90 days or PT36H; empty if it is none. */
    public static Optional<Duration> read(String text) {
        return DurationText.parse(text).filter(span -> Durations.isValid(Moments.duration(span)));
    }

    /** In sentences: 90 days, 36 h, 1 h 30 min, 250 ms. */
    public static String words(Duration span) {
        if (span.isZero()) {
            return "0";
        }
        List<String> parts = new ArrayList<>();
        Duration rest = span;
        // Less than two days are hours to people, unless they are one day.
        if (isWhole(span, DAY) || span.toDays() > 1) {
            add(parts, span.toDays(), span.toDays() == 1 ? "day" : "days");
            rest = span.minusDays(span.toDays());
        }
        add(parts, rest.toHours(), "h");
        add(parts, rest.toMinutesPart(), "min");
        add(parts, rest.toSecondsPart(), "s");
        add(parts, rest.toMillisPart(), "ms");
        return parts.isEmpty() ? Show.span(span) : String.join(" ", parts);
    }

    private static void add(List<String> parts, long number, String unit) {
        if (number > 0) {
            parts.add(Show.count(number) + " " + unit);
        }
    }
}
