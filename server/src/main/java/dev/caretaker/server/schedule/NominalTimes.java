package dev.caretaker.server.schedule;

import dev.caretaker.server.schedule.time.Jitter;
import dev.caretaker.server.schedule.time.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Nominal times of a schedule, and when each is due. */
public record NominalTimes(Timing timing, Jitter jitter) {
    /** After the last nominal time of all. */
    private static final Duration AMPLE = Duration.ofDays(1);

    public static NominalTimes of(Schedule schedule) {
        return new NominalTimes(schedule.timing(), schedule.spread());
    }

    /** A nominal time, and when it is due: after its jitter. */
    public record Time(Instant nominal, Instant due) {}

    /** The first after an instant. */
    public Optional<Time> next(Instant after) {
        return timing.next(after).map(nominal -> {
            Instant following = timing.next(nominal).orElse(nominal.plus(AMPLE));
            return new Time(nominal, nominal.plus(jitter.of(nominal, following)));
        });
    }

    /**
     * Those after an instant that are due by now, in order.
     *
     * @param most of them
     */
    public List<Time> due(Instant after, Instant now, int most) {
        List<Time> due = new ArrayList<>();
        Optional<Time> next = next(after);
        while (next.isPresent() && !next.get().due().isAfter(now) && due.size() < most) {
            due.add(next.get());
            next = next(next.get().nominal());
        }
        return due;
    }
}
