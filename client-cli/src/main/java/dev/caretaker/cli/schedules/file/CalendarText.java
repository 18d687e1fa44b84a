package dev.caretaker.cli.schedules.file;

import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.output.Names;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.Weekday;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An exclusion calendar in a file. The JSON of the API differs in nothing but the names of weekdays. */
final class CalendarText {
    private static final String PREFIX = "WEEKDAY_";

    private CalendarText() {}

    static ExclusionCalendar read(Item item) {
        ExclusionCalendar.Builder calendar = ExclusionCalendar.newBuilder();
        item.fields("name", "description", "zone", "dates", "weekdays", "yearly")
                .forEach((key, value) -> set(calendar, key, value));
        return calendar.build();
    }

    private static void set(ExclusionCalendar.Builder calendar, String key, Item value) {
        switch (key) {
            case "name" -> calendar.setName(value.text());
            case "description" -> calendar.setDescription(value.text());
            case "zone" -> calendar.setZone(value.text());
            case "dates" -> value.list().forEach(day -> calendar.addDates(day.text()));
            case "yearly" -> value.list().forEach(day -> calendar.addYearly(day.text()));
            case "weekdays" -> value.list().forEach(day -> calendar.addWeekdays(weekday(day)));
            default -> throw value.wrong("unknown key");
        }
    }

    private static Weekday weekday(Item item) {
        String name = item.text().strip().toUpperCase(Locale.ROOT);
        for (Weekday day : Weekday.values()) {
            boolean named = day.name().equals(name)
                    || day.name().equals(PREFIX + name)
                    || name.length() == 3 && day.name().startsWith(PREFIX + name);
            if (named && day != Weekday.WEEKDAY_UNSPECIFIED) {
                return day;
            }
        }
        throw item.wrong("'" + item.text() + "' is not a day of the week such as saturday");
    }

    static Map<String, Object> tree(ExclusionCalendar calendar) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", calendar.getName());
        if (!calendar.getDescription().isEmpty()) {
            tree.put("description", calendar.getDescription());
        }
        tree.put("zone", calendar.getZone());
        put(tree, "dates", calendar.getDatesList());
        put(tree, "weekdays", weekdays(calendar));
        put(tree, "yearly", calendar.getYearlyList());
        return tree;
    }

    static List<String> weekdays(ExclusionCalendar calendar) {
        return calendar.getWeekdaysList().stream()
                .map(day -> Names.words(day, PREFIX))
                .toList();
    }

    private static void put(Map<String, Object> tree, String key, List<String> days) {
        if (!days.isEmpty()) {
            tree.put(key, List.copyOf(days));
        }
    }
}
