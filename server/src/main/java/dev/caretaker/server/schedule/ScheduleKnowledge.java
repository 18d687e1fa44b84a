package dev.caretaker.server.schedule;

import dev.caretaker.server.detect.ScheduleFacts;
import dev.caretaker.server.schedule.Schedules.Standing;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells the checks what is expected of schedules. */
@Singleton
final class ScheduleKnowledge implements ScheduleFacts {
    private final Schedules schedules;
    private final ScheduleLineStore lines;

    ScheduleKnowledge(Schedules schedules, ScheduleLineStore lines) {
        this.schedules = schedules;
        this.lines = lines;
    }

    @Override
    public String of(String target) {
        List<String> names =
                lines.ofTarget(target).stream().map(ScheduleLine::schedule).toList();
        return Json.write(schedules.standing(names).stream()
                .filter(standing -> standing.line().target().equals(target))
                .filter(standing -> standing.schedule().expectation().isPresent())
                .map(ScheduleKnowledge::fact)
                .toList());
    }

    private static Map<String, Object> fact(Standing standing) {
        ScheduleLine line = standing.line();
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("schedule", line.schedule());
        fact.put("since", line.succeeded().orElse(line.created()));
        fact.put("succeeded", line.succeeded().isPresent());
        fact.put(
                "within_seconds",
                standing.schedule().expectation().orElseThrow().toSeconds());
        fact.put("latest", standing.latest().map(ScheduleKnowledge::sentence).orElse("It was not due yet."));
        return fact;
    }

    private static String sentence(FireRow fire) {
        String outcome = fire.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String run = fire.runOutcome()
                .map(how -> ", and its run ended " + how.name().toLowerCase(Locale.ROOT))
                .orElse("");
        return "What was due at " + Moments.second(fire.nominal()) + " was " + outcome + run
                + (fire.message().isEmpty() ? "." : ": " + fire.message());
    }
}
