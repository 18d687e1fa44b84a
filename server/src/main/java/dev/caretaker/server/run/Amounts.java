package dev.caretaker.server.run;

import java.time.Duration;
import java.util.Locale;

/** Numbers in the sentences that steps end with. */
public final class Amounts {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};
    private static final long STEP = 1024;

    private Amounts() {}

    /** With thousands separated: 12,345. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** "one row", "2 rows". */
    public static String count(long number, String singular, String plural) {
        return count(number) + " " + (number == 1 ? singular : plural);
    }

    /** Bytes in units of 1,024: 512 bytes, 1.5 MB. */
    public static String bytes(long bytes) {
        if (Math.abs(bytes) < STEP) {
            return bytes + " bytes";
        }
        double value = bytes;
        int unit = -1;
        while (Math.abs(value) >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }

    /** In the unit that suits: 12 ms, 3.4 s, 5 min, 2.5 h. */
    public static String time(Duration time) {
        double seconds = time.toNanos() / 1e9;
        if (seconds < 1) {
            return String.format(Locale.ROOT, seconds < 0.01 ? "%.1f ms" : "%.0f ms", seconds * 1_000);
        }
        if (seconds < 90) {
            return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
        }
        double minutes = seconds / 60;
        return minutes < 90
                ? String.format(Locale.ROOT, "%.0f min", minutes)
                : String.format(Locale.ROOT, "%.1f h", minutes / 60);
    }

    /** A share in percent, without needless digits: 25 %, 0.4 %. */
    public static String percent(double percent) {
        return String.format(Locale.ROOT, Math.abs(percent) < 10 && percent != 0 ? "%.1f %%" : "%.0f %%", percent);
    }
}
