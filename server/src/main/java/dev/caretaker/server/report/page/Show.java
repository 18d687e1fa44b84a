package dev.caretaker.server.report.page;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Figures and texts as reports show them: the same everywhere, whatever the machine's language and zone. */
public final class Show {
    private static final DateTimeFormatter MOMENT = of("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter SECOND = of("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter LONG = of("d MMMM uuuu, HH:mm");
    private static final DateTimeFormatter SHORT = of("d MMM");
    private static final DateTimeFormatter HOUR = of("d MMM, HH:mm");
    private static final Duration TWO_DAYS = Duration.ofDays(2);
    /** Longest message; the whole of it is in the run or finding itself. */
    private static final int SENTENCE = 400;

    private Show() {}

    private static DateTimeFormatter of(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /** 12,345. */
    public static String count(long number) {
        return Amounts.count(number);
    }

    /** "one row" as "1 row", "2 rows". */
    public static String count(long number, String singular, String plural) {
        return Amounts.count(number, singular, plural);
    }

    /** 1.5 MB; "0" for nothing. */
    public static String bytes(long bytes) {
        return bytes == 0 ? "0" : Amounts.bytes(bytes);
    }

    /** A figure of any unit: whole if it is large. */
    public static String figure(double value) {
        return Math.abs(value) >= 100 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    /** 3.4 s, 5 min, 2.5 h, 7 days. */
    public static String span(Duration time) {
        if (time.compareTo(TWO_DAYS) < 0) {
            return time.isZero() ? "0" : Amounts.time(time);
        }
        double days = time.toMinutes() / (24 * 60.0);
        return days >= 10 || days == Math.rint(days)
                ? String.format(Locale.ROOT, "%,.0f days", days)
                : String.format(Locale.ROOT, "%.1f days", days);
    }

    /** 2026-11-30 19:04. */
    public static String moment(Instant at) {
        return MOMENT.format(at);
    }

    /** 2026-11-30 19:04:55. */
    public static String second(Instant at) {
        return SECOND.format(at);
    }

    /** 30 November 2026, 19:04. */
    public static String date(Instant at) {
        return LONG.format(at);
    }

    /** 30 Nov, or 30 Nov, 19:00 for parts of a day. */
    public static String tick(Instant at, Duration part) {
        return part.compareTo(Duration.ofDays(1)) < 0 ? HOUR.format(at) : SHORT.format(at);
    }

    /** For machines: 2026-11-30T19:04:55Z. */
    public static String iso(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Where on a line from 0 to 100 a share is, with a tenth. */
    public static String share(double value, double whole) {
        double share = whole <= 0 ? 0 : Math.clamp(value / whole, 0, 1) * 100;
        return String.format(Locale.ROOT, "%.1f", share);
    }

    /** The table with its schema, unless that is public. */
    public static String table(TableName table) {
        return visible(
                table.schema().isEmpty() || table.schema().equals("public")
                        ? table.name()
                        : table.schema() + "." + table.name());
    }

    /** The beginning of an id. */
    public static String shortId(Object id) {
        String text = id.toString();
        return text.substring(0, Math.min(8, text.length()));
    }

    /** Whether {@link #sentence} leaves out the end of it. */
    public static boolean isCut(String text) {
        String line = visible(text.strip());
        return line.codePointCount(0, line.length()) > SENTENCE;
    }

    /** A message of one line, cut where it is very long. */
    public static String sentence(String text) {
        String line = visible(text.strip());
        if (line.codePointCount(0, line.length()) <= SENTENCE) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, SENTENCE - 1)).stripTrailing() + "…";
    }

    /** What controls a terminal or reorders text, which names may hold, made visible; line ends become spaces. */
    public static String visible(String text) {
        if (text.codePoints().noneMatch(Show::steers)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\r' || c == '\t') {
                safe.append(' ');
            } else if (steers(c)) {
                safe.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static boolean steers(int c) {
        return Character.isISOControl(c)
                || c >= 0x200e && c <= 0x200f
                || c == 0x061c
                || c >= 0x2028 && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069
                || c == 0xfeff
                || c >= 0xd800 && c <= 0xdfff; // half of a character
    }
}
