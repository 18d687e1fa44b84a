package dev.caretaker.server.schedule;

import dev.caretaker.server.schedule.time.Jitter;
import dev.caretaker.server.schedule.time.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Nominal times of a schedule, and when each is due. */
public record NominalTimes(Timing timing, Jitter jitter) {
    /** So many are looked at together; more are looked at after them. */
    public static final int MOST_TOGETHER = 10_000;

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
        return upTo(after, now, Time::due, most);
    }

    /**
     * Those after an instant that have passed by now, whether their jitter has or not, in order.
     *
     * @param most of them
     */
    List<Time> passed(Instant after, Instant now, int most) {
        return upTo(after, now, Time::nominal, most);
    }

    private List<Time> upTo(Instant after, Instant now, Function<Time, Instant> when, int most) {
        List<Time> found = new ArrayList<>();
        Optional<Time> next = next(after);
        while (next.filter(time -> !when.apply(time).isAfter(now)).isPresent() && found.size() < most) {
            found.add(next.get());
            next = next(next.get().nominal());
        }
        return found;
    }
}
