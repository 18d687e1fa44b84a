package dev.caretaker.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was to be reached, and what was.
 *
 * @param what is compared, in words
 * @param value as measured; NaN if it could not be
 * @param atMost whether {@code limit} is the most, else the least
 * @param spread between what it lay in the rounds, without a verdict if they are too few; empty if it is one figure of all
 */
record Goal(String what, double value, double limit, boolean atMost, String unit, Optional<Spread> spread) {
    /** Rounds from which there are verdicts. */
    static final int LEAST_ROUNDS = 3;

    Goal(String what, double value, double limit, boolean atMost, String unit) {
        this(what, value, limit, atMost, unit, Optional.empty());
    }

    /** The same, as it was in each round. */
    Goal in(List<Double> rounds) {
        return new Goal(what, value, limit, atMost, unit, Spread.of(rounds));
    }

    boolean met() {
        return atMost ? value <= limit : value >= limit;
    }

    /** Whether there is a verdict, and it is that it was not reached. */
    boolean isMissed() {
        return isJudged() && !Double.isNaN(value) && !met();
    }

    private boolean isJudged() {
        return spread.map(rounds -> rounds.rounds() >= LEAST_ROUNDS).orElse(true);
    }

    /** One line. */
    @Override
    public String toString() {
        String verdict = !isJudged() ? "no verdict" : met() ? "met" : "not met";
        String wanted = String.format(Locale.ROOT, "(%s %.2f%s)", atMost ? "≤" : "≥", limit, unit);
        return Double.isNaN(value)
                ? String.format(Locale.ROOT, "too short  %s %s", what, wanted)
                : String.format(
                        Locale.ROOT,
                        "%-9s  %s: %.2f%s %s%s",
                        verdict,
                        what,
                        value,
                        unit,
                        wanted,
                        spread.map(rounds -> ", " + rounds).orElse(""));
    }
}
