package dev.caretaker.cli.schedules.file;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.file.Documents;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.file.JsonText;
import dev.caretaker.cli.output.Yaml;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Schedules and calendars in YAML or JSON: read, and written so that they are read back as they were.
 *
 * @param schedules in the order of the file
 * @param calendars in the order of the file
 */
public record ScheduleFile(List<Schedule> schedules, List<ExclusionCalendar> calendars) {
    public static final String EXAMPLE = """
            calendars:
              - name: holidays
                zone: Europe/Berlin
                dates: [2026-04-03, 2026-04-06]
                yearly: [12-24, 12-25, 12-26, 01-01]
                # weekdays: [saturday, sunday]
            schedules:
              - name: nightly
                target: shop           # or for all of them  targets: all
                cron: 0 3 * * MON-FRI  # or  every: 15m
                zone: Europe/Berlin
                # One of  routine: NAME   cleanup: all, or a list of policies
                # upkeep: all, or a list of sets   detection: all
                # vacuum: needed, or a list of tables   reindex: the same
                routine: standard
                # From here on this is what holds when left out.
                overlap: skip          # or queue-one
                catchUp: 1h            # how late it may start; 0s: never late
                jitter: 0s
                # window: 22:00-05:00 Europe/Berlin
                # windowEnd: pause     # a run goes on at the next opening; or stop, finish
                calendars: []
                # deadline: 1h
                retries: {times: 0, delay: 0s}
                pauseAfterFailures: 0  # never
                # expectSuccessWithin: 26h
            """;

    private static final String SCHEDULES = "schedules";
    private static final String CALENDARS = "calendars";

    /** Reads a file. Throws a usage failure that names line and key. */
    public static ScheduleFile read(InputFile file) {
        ScheduleFile found = new ScheduleFile(new ArrayList<>(), new ArrayList<>());
        Documents.items(file).forEach(found::add);
        if (found.schedules.isEmpty() && found.calendars.isEmpty()) {
            throw CommandFailure.usage(file.name() + ": holds no schedules or calendars");
        }
        return found;
    }

    private void add(Item document) {
        if (document.isNull()) {
            return;
        }
        boolean sections = document.isMap()
                && (document.fields().containsKey(SCHEDULES)
                        || document.fields().containsKey(CALENDARS)
                                && !document.fields().containsKey("name"));
        if (sections) {
            Map<String, Item> fields = document.fields(SCHEDULES, CALENDARS, "nextPageToken");
            if (fields.containsKey(CALENDARS)) {
                fields.get(CALENDARS).list().forEach(item -> calendars.add(CalendarText.read(item)));
            }
            if (fields.containsKey(SCHEDULES)) {
                fields.get(SCHEDULES).list().forEach(item -> schedules.add(readOne(item)));
            }
        } else if (document.isMap()) {
            schedules.add(readOne(document));
        } else {
            document.list().forEach(item -> schedules.add(readOne(item)));
        }
    }

    /** A schedule, by itself or as the answer of an apply has it; in the form for people, or in the JSON of the API. */
    private static Schedule readOne(Item item) {
        boolean answer = item.isMap() && item.fields().containsKey("schedule");
        Item schedule = answer ? item.fields("schedule", "result", "warnings").get("schedule") : item;
        if (schedule.isMap() && schedule.fields().containsKey("work")) {
            Schedule.Builder message = Schedule.newBuilder();
            canonical(schedule, message, "schedule");
            return message.clearUpdateTime()
                    .clearUpdatedBy()
                    .clearPause()
                    .clearStanding()
                    .build();
        }
        return ScheduleText.read(schedule);
    }

    static void canonical(Item item, Message.Builder message, String what) {
        try {
            JsonFormat.parser().merge(JsonText.of(item), message);
        } catch (InvalidProtocolBufferException e) {
            throw item.wrong("not a " + what + " in the JSON of the API: " + e.getMessage());
        }
    }

    /** A whole file. With etags, applying it is refused if somebody changed a schedule meanwhile. */
    public static String write(List<Schedule> schedules, List<ExclusionCalendar> calendars, boolean etags) {
        Map<String, Object> file = new LinkedHashMap<>();
        if (!calendars.isEmpty()) {
            file.put(CALENDARS, calendars.stream().map(CalendarText::tree).toList());
        }
        file.put(
                SCHEDULES,
                schedules.stream()
                        .map(schedule -> ScheduleText.tree(schedule, etags))
                        .toList());
        return Yaml.print(file);
    }
}
