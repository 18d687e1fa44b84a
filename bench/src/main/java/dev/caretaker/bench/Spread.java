package dev.caretaker.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Between what a figure lay in the rounds.
 *
 * @param rounds in which it was measured
 */
record Spread(double least, double most, int rounds) {

    /** Empty if it was never measured. */
    static Optional<Spread> of(List<Double> values) {
        List<Double> known =
                values.stream().filter(value -> !value.isNaN()).sorted().toList();
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(new Spread(known.getFirst(), known.getLast(), known.size()));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f–%.2f in %d %s", least, most, rounds, rounds == 1 ? "round" : "rounds");
    }
}
