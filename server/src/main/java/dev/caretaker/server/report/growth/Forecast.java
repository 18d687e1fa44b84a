package dev.caretaker.server.report.growth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * When something reaches a limit, if it goes on as it did. A trend is followed for at most ten times the time that it was seen in:
 * what lies beyond is not told.
 *
 * @param at by the trend; EXPECTED only
 * @param earliest by the upper end of the trend's interval; EXPECTED only
 * @param latest by its lower end; EXPECTED only, and empty if that lies too far off to be told
 * @param beyond until then it is not reached; BEYOND only
 */
public record Forecast(
        State state,
        Optional<Instant> at,
        Optional<Instant> earliest,
        Optional<Instant> latest,
        Optional<Instant> beyond) {
    private static final int REACH = 10;
    private static final double SECONDS = 86_400;

    /** What can be said. */
    public enum State {
        /** It is there already. */
        REACHED,
        /** It comes there. */
        EXPECTED,
        /** It does not come there for a long time: ten times as long as it was seen. */
        BEYOND,
        /** It does not grow. */
        NOT_GROWING,
        /** It may grow or not: the samples do not tell. */
        UNCLEAR,
        /** Too few samples. */
        UNKNOWN
    }

    /**
     * When a size passes a limit.
     *
     * @param latest the size now
     * @param trend empty: too few samples
     */
    public static Forecast of(Point latest, Optional<Trend> trend, double limit) {
        double left = limit - latest.value();
        if (left <= 0) {
            return of(State.REACHED);
        }
        if (trend.isEmpty()) {
            return of(State.UNKNOWN);
        }
        Trend known = trend.get();
        if (known.highPerDay() <= 0) {
            return of(State.NOT_GROWING);
        }
        double reach = reach(known.span());
        double earliest = left / known.highPerDay();
        if (earliest > reach) {
            return beyond(latest.at(), reach);
        }
        if (!known.isGrowth()) {
            return of(State.UNCLEAR);
        }
        return in(
                latest.at(),
                left / known.perDay(),
                OptionalDouble.of(earliest),
                OptionalDouble.of(left / known.lowPerDay()),
                known.span());
    }

    static Forecast of(State state) {
        return new Forecast(state, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Something that ends in some days.
     *
     * @param seen how long its rate was seen
     */
    static Forecast in(Instant now, double days, OptionalDouble earliest, OptionalDouble latest, Duration seen) {
        double reach = reach(seen);
        if (days > reach) {
            return beyond(now, reach);
        }
        return new Forecast(
                State.EXPECTED,
                Optional.of(after(now, days)),
                earliest.isPresent() ? Optional.of(after(now, earliest.getAsDouble())) : Optional.empty(),
                latest.isPresent() && latest.getAsDouble() <= reach
                        ? Optional.of(after(now, latest.getAsDouble()))
                        : Optional.empty(),
                Optional.empty());
    }

    private static Forecast beyond(Instant now, double reach) {
        return new Forecast(
                State.BEYOND, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(after(now, reach)));
    }

    /** Days. */
    private static double reach(Duration seen) {
        return seen.multipliedBy(REACH).toSeconds() / SECONDS;
    }

    private static Instant after(Instant now, double days) {
        return now.plusSeconds((long) (days * SECONDS));
    }
}
