package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.file.Item;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.IntegerGrid;
import dev.caretaker.v1.PartitionGrid;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Grids as people write them: {@code month in Europe/Berlin}, {@code 9 weeks from 2025-01-06}, {@code every 1000000},
 * {@code every 1000000 from 1}.
 */
public final class GridText {
    private static final Pattern CALENDAR = Pattern.compile(
            "(?:(\\d{1,4})\\s+)?(hour|day|week|month|quarter|year)s?(?:\\s+from\\s+(\\S+))?(?:\\s+in\\s+(\\S+))?");
    private static final Pattern INTEGER = Pattern.compile("every\\s+(\\d{1,18})(?:\\s+from\\s+(-?\\d{1,18}))?");

    private GridText() {}

    static PartitionGrid read(Item item) {
        try {
            return read(item.text());
        } catch (IllegalArgumentException e) {
            throw item.wrong(e.getMessage());
        }
    }

    /** Throws IllegalArgumentException with a sentence. */
    public static PartitionGrid read(String given) {
        String text = given.strip();
        Matcher calendar = CALENDAR.matcher(text);
        if (calendar.matches()) {
            CalendarGrid.Builder grid = CalendarGrid.newBuilder()
                    .setUnit(CalendarUnit.valueOf(
                            "CALENDAR_UNIT_" + calendar.group(2).toUpperCase(Locale.ROOT)))
                    .setCount(calendar.group(1) == null ? 1 : Integer.parseInt(calendar.group(1)));
            if (calendar.group(3) != null) {
                grid.setAnchor(calendar.group(3));
            }
            if (calendar.group(4) != null) {
                grid.setZone(calendar.group(4));
            }
            return PartitionGrid.newBuilder().setCalendar(grid).build();
        }
        Matcher integer = INTEGER.matcher(text);
        if (!integer.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no grid such as 'month in Europe/Berlin', '9 weeks from 2025-01-06' or"
                            + " 'every 1000000 from 1'");
        }
        IntegerGrid.Builder grid = IntegerGrid.newBuilder().setStep(Long.parseLong(integer.group(1)));
        if (integer.group(2) != null) {
            grid.setOffset(Long.parseLong(integer.group(2)));
        }
        return PartitionGrid.newBuilder().setInteger(grid).build();
    }

    /** One line, which is read back as it was. */
    public static String describe(PartitionGrid grid) {
        return switch (grid.getLinesCase()) {
            case CALENDAR -> {
                CalendarGrid calendar = grid.getCalendar();
                String unit = calendar.getUnit()
                        .name()
                        .substring("CALENDAR_UNIT_".length())
                        .toLowerCase(Locale.ROOT);
                yield (calendar.getCount() > 1 ? calendar.getCount() + " " + unit + "s" : unit)
                        + (calendar.getAnchor().isEmpty() ? "" : " from " + calendar.getAnchor())
                        + (calendar.getZone().isEmpty() || calendar.getZone().equals("UTC")
                                ? ""
                                : " in " + calendar.getZone());
            }
            case INTEGER ->
                "every " + grid.getInteger().getStep()
                        + (grid.getInteger().getOffset() == 0
                                ? ""
                                : " from " + grid.getInteger().getOffset());
            case LINES_NOT_SET -> "";
        };
    }
}
