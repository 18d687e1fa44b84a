package dev.caretaker.server.console.show;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.GrowthForecast;
import dev.caretaker.v1.GrowthSeries;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Figures as pages show them, beside those that reports show the same way ({@link Show}). */
public final class Figures {
    /** Names of so many characters fit everywhere. */
    private static final int SHORT = 14;

    private static final int LENGTHY = 24;

    private Figures() {}

    /** What the style sheet calls a name of this length. */
    public static String length(String name) {
        int length = name.length();
        return length <= SHORT ? "short" : length > LENGTHY ? "lengthy" : "usual";
    }

    /** Whether a step works on no table but on all: a backup, a look for findings, a report. */
    public static boolean isDatabase(TableName table) {
        return table.getSchema().equals("*") && table.getName().equals("*");
    }

    /** The table with its schema, unless that is public. */
    public static String table(TableName table) {
        return Show.visible(
                table.getSchema().isEmpty() || table.getSchema().equals("public")
                        ? table.getName()
                        : table.getSchema() + "." + table.getName());
    }

    /** Text of several lines, such as SQL, with what controls it made visible. */
    public static String lines(String text) {
        return text.lines().map(Show::visible).collect(Collectors.joining("\n"));
    }

    /** "+12 MB a day", "−3.1 kB a day"; empty without a trend. */
    public static String bytesADay(GrowthSeries series) {
        if (!series.hasTrend()) {
            return "";
        }
        long bytes = Math.round(series.getTrend().getPerDay());
        return bytes == 0 ? "steady" : sign(bytes) + Show.bytes(Math.abs(bytes)) + " a day";
    }

    /** The same of rows. */
    public static String rowsADay(GrowthSeries series) {
        if (!series.hasTrend()) {
            return "";
        }
        long rows = Math.round(series.getTrend().getPerDay());
        return rows == 0 ? "steady" : sign(rows) + Show.count(Math.abs(rows)) + " a day";
    }

    private static String sign(long value) {
        return value > 0 ? "+" : "\u2212";
    }

    /** When something is reached. */
    public static String when(GrowthForecast forecast) {
        return switch (forecast.getState()) {
            case GROWTH_FORECAST_STATE_REACHED -> "reached";
            case GROWTH_FORECAST_STATE_EXPECTED -> "about " + day(forecast.getTime());
            case GROWTH_FORECAST_STATE_BEYOND -> "not before " + day(forecast.getBeyond());
            case GROWTH_FORECAST_STATE_NOT_GROWING -> "does not grow";
            case GROWTH_FORECAST_STATE_UNCLEAR -> "unclear";
            case GROWTH_FORECAST_STATE_UNKNOWN, GROWTH_FORECAST_STATE_UNSPECIFIED, UNRECOGNIZED -> "too few samples";
        };
    }

    public static String tone(GrowthForecast forecast) {
        return switch (forecast.getState()) {
            case GROWTH_FORECAST_STATE_REACHED -> "critical";
            case GROWTH_FORECAST_STATE_EXPECTED -> "attention";
            case GROWTH_FORECAST_STATE_BEYOND, GROWTH_FORECAST_STATE_NOT_GROWING -> "good";
            case GROWTH_FORECAST_STATE_UNCLEAR,
                    GROWTH_FORECAST_STATE_UNKNOWN,
                    GROWTH_FORECAST_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> "quiet";
        };
    }

    /** How long rows are kept: "90 days", "1 year 2 months". */
    public static String keeps(Retention retention) {
        if (retention.hasDuration()) {
            return Spans.words(Moments.duration(retention.getDuration()));
        }
        CalendarPeriod calendar = retention.getCalendar();
        List<String> parts = new ArrayList<>();
        add(parts, calendar.getYears(), "year", "years");
        add(parts, calendar.getMonths(), "month", "months");
        add(parts, calendar.getDays(), "day", "days");
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, int number, String one, String many) {
        if (number > 0) {
            parts.add(Show.count(number, one, many));
        }
    }

    /** Where a partition begins, or which values it has. */
    public static String from(Partition partition) {
        return switch (partition.getBoundsCase()) {
            case RANGE -> String.join(", ", partition.getRange().getFromList());
            case LIST -> String.join(", ", partition.getList().getValuesList());
            case HASH ->
                "remainder " + partition.getHash().getRemainder() + " of "
                        + partition.getHash().getModulus();
            case IS_DEFAULT -> "default";
            case BOUNDS_NOT_SET -> "";
        };
    }

    /** Where it ends; empty unless it is a range. */
    public static String to(Partition partition) {
        return partition.hasRange() ? String.join(", ", partition.getRange().getToList()) : "";
    }

    /** 2026-11-30, in UTC. */
    private static String day(Timestamp at) {
        return Moments.iso(at).substring(0, 10);
    }
}
