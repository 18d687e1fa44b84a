package dev.caretaker.server.schedule;

import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.schedule.NominalTimes.Time;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Gives nominal times their rows that have passed when their schedule is changed or goes, and that nobody has come to: those whose
 * jitter has not passed, above all. Nothing would know of them afterwards.
 */
@Singleton
public final class UnfiredTimes {
    private final ScheduleLineStore lines;
    private final FireStore fires;
    private final Gates gates;

    UnfiredTimes(ScheduleLineStore lines, FireStore fires, Gates gates) {
        this.lines = lines;
        this.fires = fires;
        this.gates = gates;
    }

    /** Why. */
    public enum Why {
        /** It is due at other times now. */
        SCHEDULE_CHANGED("The schedule was changed before it could start."),
        /** It is gone, or no longer for that target. */
        SCHEDULE_NOT_FOUND("The schedule was deleted before it could start.");

        private final String sentence;

        Why(String sentence) {
            this.sentence = sentence;
        }
    }

    /**
     * Writes those rows, and returns them. To be called in the transaction of the change, before it.
     *
     * @param schedule as it was
     * @param which of its lines
     * @param now nominal times up to here
     */
    public List<FireRow> write(StoredSchedule schedule, Predicate<ScheduleLine> which, Instant now, Why why) {
        return lines.of(List.of(schedule.schedule().name())).stream()
                .filter(which)
                .flatMap(line -> write(schedule, line, now, why).stream())
                .toList();
    }

    private List<FireRow> write(StoredSchedule schedule, ScheduleLine line, Instant now, Why why) {
        List<Time> passed = passed(schedule.schedule(), line, line.settled(), now);
        if (passed.isEmpty()) {
            return List.of();
        }
        List<FireRow> written = new ArrayList<>();
        Gate gate = gates.of(schedule, line);
        while (!passed.isEmpty()) {
            written.addAll(fires.putNew(CondensedRows.of(
                    passed.stream().map(time -> row(line, gate, time, now, why)).toList())));
            passed = passed(schedule.schedule(), line, passed.getLast().nominal(), now);
        }
        return written;
    }

    /** Of a schedule in a time zone that the JDK of this server does not know one time is known: the next, as another reckoned it. */
    private static List<Time> passed(Schedule schedule, ScheduleLine line, Instant after, Instant now) {
        return schedule.when().isKnown()
                ? NominalTimes.of(schedule).passed(after, now, NominalTimes.MOST_TOGETHER)
                : line
                        .nominal()
                        .filter(next -> next.isAfter(after) && !next.isAfter(now))
                        .map(next -> new Time(next, next))
                        .stream()
                        .toList();
    }

    private static FireRow row(ScheduleLine line, Gate gate, Time time, Instant now, Why why) {
        Barrier barrier =
                gate.at(time.nominal(), time.due()).orElse(new Barrier(FireOutcome.REFUSED, why.name(), why.sentence));
        return FireRow.of(line, time.nominal(), barrier.outcome(), barrier.reason(), barrier.message(), now);
    }
}
