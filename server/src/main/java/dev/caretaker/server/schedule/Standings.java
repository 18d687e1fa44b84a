package dev.caretaker.server.schedule;

import dev.caretaker.server.schedule.Schedules.Standing;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.ScheduleRow;
import dev.caretaker.server.store.ScheduleStore;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How schedules stand at their targets: when they are due next, and what became of the latest time. */
@Singleton
final class Standings {
    private final ScheduleStore store;
    private final ScheduleLineStore lines;
    private final FireStore fires;

    Standings(ScheduleStore store, ScheduleLineStore lines, FireStore fires) {
        this.store = store;
        this.lines = lines;
        this.fires = fires;
    }

    /** By schedule and target. */
    List<Standing> of(List<String> schedules) {
        Map<String, Schedule> found = store.named(schedules).stream()
                .collect(Collectors.toMap(ScheduleRow::name, row -> Json.read(row.content(), Schedule.class)));
        Map<String, FireRow> latest = fires.latest(schedules).stream()
                .collect(Collectors.toMap(fire -> fire.schedule() + "/" + fire.target(), Function.identity()));
        Instant now = store.now();
        return lines.of(schedules).stream()
                .filter(line -> found.containsKey(line.schedule()))
                .map(line -> new Standing(
                        found.get(line.schedule()),
                        line,
                        next(found.get(line.schedule()), line, now),
                        Optional.ofNullable(latest.get(line.schedule() + "/" + line.target()))))
                .toList();
    }

    private static Optional<Instant> next(Schedule schedule, ScheduleLine line, Instant now) {
        return schedule.when().isKnown()
                ? NominalTimes.of(schedule)
                        .next(line.settled().isAfter(now) ? line.settled() : now)
                        .map(NominalTimes.Time::nominal)
                : line.nominal().filter(now::isBefore);
    }
}
