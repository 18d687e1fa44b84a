package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.policy.TimeColumn;
import java.time.ZoneId;

/**
 * A row's time as timestamptz, for those who only look. It exists for every value of the column: numbers, days and local
 * times that lie beyond the years 1 to 9999 (an application's "never" and "for ever") become infinite or are read as UTC,
 * where converting them would raise an error.
 */
public final class RowTime {
    private static final long YEAR_1 = -62_135_596_800L;
    private static final long YEAR_10000 = 253_402_300_800L;
    private static final String TIMESTAMPTZ = "pg_catalog.timestamptz";
    private static final String TIMESTAMP = "pg_catalog.timestamp";

    private RowTime() {}

    /** @param expression the column's value; NULL gives NULL */
    public static SqlFragment of(TimeColumn column, String expression) {
        String zone = column.zone().map(ZoneId::getId).orElse("UTC");
        return switch (column.kind()) {
            case TIMESTAMPTZ -> SqlFragment.of(expression);
            case TIMESTAMP -> local(expression, expression, TIMESTAMP, zone);
            case DATE -> local(expression, "CAST(" + expression + " AS " + TIMESTAMP + ")", "pg_catalog.date", zone);
            case EPOCH_SECONDS -> epoch(expression, 1);
            case EPOCH_MILLIS -> epoch(expression, 1_000);
            case EPOCH_MICROS -> epoch(expression, 1_000_000);
            case UUID_V7 ->
                epoch(
                        "CAST(CAST(pg_catalog.concat('x', pg_catalog.left(pg_catalog.replace(CAST(" + expression
                                + " AS pg_catalog.text), '-', ''), 12)) AS bit(48)) AS pg_catalog.int8)",
                        1_000);
        };
    }

    /**
     * @param type of {@code value}
     * @param timestamp the same as timestamp
     */
    private static SqlFragment local(String value, String timestamp, String type, String zone) {
        return SqlFragment.of(
                "(CASE WHEN " + value + " OPERATOR(pg_catalog.<) CAST('0001-01-03' AS " + type + ") THEN " + timestamp
                        + " AT TIME ZONE 'UTC' WHEN " + value + " OPERATOR(pg_catalog.>=) CAST('9999-12-30' AS " + type
                        + ") THEN CAST('infinity' AS " + TIMESTAMPTZ + ") ELSE " + timestamp + " AT TIME ZONE ? END)",
                zone);
    }

    private static SqlFragment epoch(String count, long perSecond) {
        return SqlFragment.of("(CASE WHEN " + count + " OPERATOR(pg_catalog.<) " + literal(YEAR_1 * perSecond)
                + " THEN CAST('-infinity' AS " + TIMESTAMPTZ + ") WHEN " + count + " OPERATOR(pg_catalog.>=) "
                + literal(YEAR_10000 * perSecond) + " THEN CAST('infinity' AS " + TIMESTAMPTZ
                + ") ELSE pg_catalog.to_timestamp(CAST(" + count + " AS pg_catalog.float8) OPERATOR(pg_catalog./) "
                + perSecond + ") END)");
    }

    private static String literal(long value) {
        return "CAST('" + value + "' AS pg_catalog.int8)";
    }
}
