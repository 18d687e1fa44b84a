package dev.caretaker.cli.schedules.file;

import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.cli.policies.file.WindowText;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.FireRetries;
import dev.caretaker.v1.OverlapRule;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.WindowEnd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One schedule in a file, in the form for people. */
final class ScheduleText {
    private static final String ALL = "all";
    private static final String WINDOW_END = "WINDOW_END_";
    private static final List<String> KEYS = keys();

    private ScheduleText() {}

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(
                List.of("name", "description", "target", "targets", "cron", "every", "zone", "overlap", "catchUp"));
        keys.addAll(List.of(
                "jitter",
                "window",
                "windowEnd",
                "calendars",
                "deadline",
                "retries",
                "pauseAfterFailures",
                "expectSuccessWithin"));
        keys.add("etag");
        keys.addAll(WorkText.KEYS);
        return List.copyOf(keys);
    }

    static Schedule read(Item item) {
        Map<String, Item> fields = item.fields(KEYS);
        one(item, fields, "name");
        one(item, fields, "target", "targets");
        one(item, fields, "cron", "every");
        one(item, fields, WorkText.KEYS.toArray(String[]::new));
        Schedule.Builder schedule = Schedule.newBuilder();
        fields.forEach((key, value) -> set(schedule, key, value));
        return schedule.build();
    }

    private static void one(Item item, Map<String, Item> fields, String... keys) {
        List<String> given = List.of(keys).stream().filter(fields::containsKey).toList();
        if (given.isEmpty()) {
            throw item.wrong("the schedule lacks " + String.join(" or ", keys));
        }
        if (given.size() > 1) {
            throw fields.get(given.get(1)).wrong("stands beside " + given.get(0) + "; give one of them");
        }
    }

    private static void set(Schedule.Builder schedule, String key, Item value) {
        switch (key) {
            case "name" -> schedule.setName(value.text());
            case "description" -> schedule.setDescription(value.text());
            case "target" -> schedule.setTarget(value.text());
            case "targets" -> schedule.setAllTargets(all(value));
            case "cron" -> schedule.setCron(value.text());
            case "every" -> schedule.setEvery(RetentionText.duration(value));
            case "zone" -> schedule.setZone(value.text());
            case "overlap" -> schedule.setOverlap(overlap(value));
            case "catchUp" -> schedule.setCatchUp(RetentionText.duration(value));
            case "jitter" -> schedule.setJitter(RetentionText.duration(value));
            case "window" -> schedule.setWindow(WindowText.read(value));
            case "windowEnd" -> schedule.setWindowEnd(ChoiceText.read(value, WindowEnd.class, WINDOW_END));
            case "calendars" -> value.list().forEach(name -> schedule.addCalendars(name.text()));
            case "deadline" -> schedule.setDeadline(RetentionText.duration(value));
            case "retries" -> schedule.setRetries(retries(value));
            case "pauseAfterFailures" -> schedule.setPauseAfterFailures((int) value.integer());
            case "expectSuccessWithin" -> schedule.setExpectSuccessWithin(RetentionText.duration(value));
            case "etag" -> schedule.setEtag(value.text());
            default -> schedule.setWork(WorkText.read(key, value));
        }
    }

    private static boolean all(Item value) {
        if (!value.text().equals(ALL)) {
            throw value.wrong("must be all; one is written target: NAME");
        }
        return true;
    }

    private static OverlapRule overlap(Item value) {
        return switch (value.text().strip()) {
            case "skip" -> OverlapRule.OVERLAP_RULE_SKIP;
            case "queue-one" -> OverlapRule.OVERLAP_RULE_QUEUE_ONE;
            default -> throw value.wrong("'" + value.text() + "' is none of skip, queue-one");
        };
    }

    private static FireRetries retries(Item value) {
        FireRetries.Builder retries = FireRetries.newBuilder();
        value.fields("times", "delay").forEach((key, item) -> {
            if (key.equals("times")) {
                retries.setTimes((int) item.integer());
            } else {
                retries.setDelay(RetentionText.duration(item));
            }
        });
        return retries.build();
    }

    static Map<String, Object> tree(Schedule schedule, boolean etag) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", schedule.getName());
        if (!schedule.getDescription().isEmpty()) {
            tree.put("description", schedule.getDescription());
        }
        tree.put(
                schedule.getAllTargets() ? "targets" : "target", schedule.getAllTargets() ? ALL : schedule.getTarget());
        if (schedule.hasEvery()) {
            tree.put("every", Durations.exact(schedule.getEvery()));
        } else {
            tree.put("cron", schedule.getCron());
            tree.put("zone", schedule.getZone());
        }
        tree.put(WorkText.key(schedule.getWork()), WorkText.value(schedule.getWork()));
        tree.put("overlap", schedule.getOverlap() == OverlapRule.OVERLAP_RULE_QUEUE_ONE ? "queue-one" : "skip");
        if (schedule.hasCatchUp()) {
            tree.put("catchUp", Durations.exact(schedule.getCatchUp()));
        }
        if (schedule.hasJitter()) {
            tree.put("jitter", Durations.exact(schedule.getJitter()));
        }
        if (schedule.hasWindow()) {
            tree.put("window", WindowText.describe(schedule.getWindow()));
        }
        if (schedule.getWindowEnd() != WindowEnd.WINDOW_END_UNSPECIFIED) {
            tree.put("windowEnd", ChoiceText.write(schedule.getWindowEnd(), WINDOW_END));
        }
        if (schedule.getCalendarsCount() > 0) {
            tree.put("calendars", List.copyOf(schedule.getCalendarsList()));
        }
        if (schedule.hasDeadline()) {
            tree.put("deadline", Durations.exact(schedule.getDeadline()));
        }
        if (schedule.hasRetries()) {
            Map<String, Object> retries = new LinkedHashMap<>();
            retries.put("times", schedule.getRetries().getTimes());
            retries.put("delay", Durations.exact(schedule.getRetries().getDelay()));
            tree.put("retries", retries);
        }
        if (schedule.getPauseAfterFailures() > 0) {
            tree.put("pauseAfterFailures", schedule.getPauseAfterFailures());
        }
        if (schedule.hasExpectSuccessWithin()) {
            tree.put("expectSuccessWithin", Durations.exact(schedule.getExpectSuccessWithin()));
        }
        if (etag && !schedule.getEtag().isEmpty()) {
            tree.put("etag", schedule.getEtag());
        }
        return tree;
    }
}
