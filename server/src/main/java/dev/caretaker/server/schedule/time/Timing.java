package dev.caretaker.server.schedule.time;

import java.time.Instant;
import java.util.Optional;

/** When something is due: its nominal times, which depend on nothing but this and the rules of the time zone. */
public sealed interface Timing permits CronTiming, IntervalTiming {

    /** The first nominal time after an instant; empty if there is none within {@link CronTiming#HORIZON_YEARS} years. */
    Optional<Instant> next(Instant after);

    /** Whether the clocks were put forward over the time that is meant, so that it is this one instead. */
    boolean isShifted(Instant nominal);
}
