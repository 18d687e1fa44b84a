package dev.caretaker.bench;

import java.util.List;

/** Medians and quantiles; NaN of nothing. */
final class Statistics {
    private Statistics() {}

    static double median(List<Double> values) {
        List<Double> sorted = sorted(values);
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The smallest value that at least the share {@code q} of all does not exceed. */
    static double quantile(List<Double> values, double q) {
        List<Double> sorted = sorted(values);
        return sorted.isEmpty() ? Double.NaN : sorted.get(Math.max(0, (int) Math.ceil(q * sorted.size()) - 1));
    }

    private static List<Double> sorted(List<Double> values) {
        return values.stream().filter(value -> !value.isNaN()).sorted().toList();
    }
}
