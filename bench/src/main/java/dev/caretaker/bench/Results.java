package dev.caretaker.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** All measurements, and what they say together. Ratios are those of medians over the rounds. */
final class Results {
    private final List<Measurement> measurements = new ArrayList<>();

    /** Adds one, if it left the same rows as the others of its scenario. */
    void add(Measurement added) {
        for (Measurement other : measurements) {
            if (other.scenario() == added.scenario() && !other.remainder().equals(added.remainder())) {
                throw new BenchException("%s left %s in scenario %s, but %s left %s"
                        .formatted(
                                added.contender(),
                                added.remainder(),
                                added.scenario().key(),
                                other.contender(),
                                other.remainder()));
            }
        }
        long counted = added.work().details().rowsDeleted();
        if (counted >= 0 && counted != added.rowsDeleted()) {
            throw new BenchException(
                    "the run says that it deleted %,d rows, but %,d are gone".formatted(counted, added.rowsDeleted()));
        }
        measurements.add(added);
    }

    List<Measurement> all() {
        return List.copyOf(measurements);
    }

    Set<Scenario> scenarios() {
        Set<Scenario> scenarios = new LinkedHashSet<>();
        measurements.forEach(measurement -> scenarios.add(measurement.scenario()));
        return scenarios;
    }

    /** Who took part, in a fixed order. */
    List<String> contenders(Scenario scenario) {
        return List.of("delete", "loop", "caretaker").stream()
                .filter(name -> !of(scenario, name).isEmpty())
                .toList();
    }

    List<Measurement> of(Scenario scenario, String contender) {
        return measurements.stream()
                .filter(measurement -> measurement.scenario() == scenario)
                .filter(measurement -> measurement.contender().equals(contender))
                .toList();
    }

    double median(Scenario scenario, String contender, ToDoubleFunction<Measurement> figure) {
        return Statistics.median(
                of(scenario, contender).stream().map(figure::applyAsDouble).toList());
    }

    double seconds(Scenario scenario, String contender) {
        return median(scenario, contender, Measurement::seconds);
    }

    double walBytes(Scenario scenario, String contender) {
        return median(scenario, contender, Measurement::walBytes);
    }

    /** Durations of all of Caretaker's batches in all rounds, in milliseconds. */
    List<Double> batches(Scenario scenario) {
        return of(scenario, "caretaker").stream()
                .flatMap(measurement -> measurement.work().details().batches().stream())
                .toList();
    }

    /** In each round, what the share {@code q} of Caretaker's batches does not exceed, in milliseconds. */
    List<Double> batchesEach(Scenario scenario, double q) {
        return of(scenario, "caretaker").stream()
                .map(measurement ->
                        Statistics.quantile(measurement.work().details().batches(), q))
                .toList();
    }

    /** What Caretaker's runs were like, one figure a round; without those that could not be measured. */
    List<Double> courses(Scenario scenario, ToDoubleFunction<Course> figure) {
        return of(scenario, "caretaker").stream()
                .map(measurement ->
                        figure.applyAsDouble(measurement.work().details().course()))
                .filter(value -> !value.isNaN())
                .toList();
    }

    /** Two contenders' figures as a ratio, round by round. */
    List<Double> ratios(Scenario scenario, String of, String to, ToDoubleFunction<Measurement> figure) {
        return of(scenario, of).stream()
                .flatMap(one -> of(scenario, to).stream()
                        .filter(other -> other.round() == one.round())
                        .map(other -> figure.applyAsDouble(one) / figure.applyAsDouble(other)))
                .toList();
    }
}
