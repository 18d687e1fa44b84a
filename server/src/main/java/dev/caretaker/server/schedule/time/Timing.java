package dev.caretaker.server.schedule.time;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** When something is due: its nominal times, which depend on nothing but this and the rules of the time zone. */
public sealed interface Timing permits CronTiming, IntervalTiming {

    /** The first nominal time after an instant; empty if there is none within {@link CronTiming#HORIZON_YEARS} years. */
    Optional<Instant> next(Instant after);

    /**
     * By how much local time is ahead of UTC at an instant, where its nominal times are local times; empty if they follow real time.
     */
    Optional<ZoneOffset> offset(Instant at);

    /**
     * Up to where all is settled by the rules of its time zone as they are known now, if it was settled up to an instant by others: up to
     * the same local time. So no local time comes twice because rules were changed, and none is lost.
     *
     * @param then what {@link #offset} was by those
     */
    Instant settledAnew(Instant settled, ZoneOffset then);

    /** Whether the clocks were put forward over the time that is meant, so that it is this one instead. */
    boolean isShifted(Instant nominal);
}
