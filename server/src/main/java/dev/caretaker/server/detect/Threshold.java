package dev.caretaker.server.detect;

import java.util.Set;

/**
 * A number that decides what a check reports; bound to the parameter of its name.
 *
 * @param name in snake case, unique within the check
 * @param value as text: whole for counted units, else decimal; never negative
 * @param unit for example bytes, rows, percent, seconds
 * @param meaning what it decides, one sentence
 */
public record Threshold(String name, String value, String unit, String meaning) {
    /** Units whose values may have decimals; all others are counted in whole numbers. */
    private static final Set<String> MEASURED = Set.of("percent", "seconds", "days", "intervals", "milliseconds");

    /** The same threshold with another value. Fails with IllegalArgumentException if it is no such number. */
    public Threshold with(String other) {
        Threshold changed = new Threshold(name, other.strip(), unit, meaning);
        changed.number();
        return changed;
    }

    /**
     * The value as the statement gets it: Double for measured units, Long for counted ones.
     *
     * @throws IllegalArgumentException if the text is no such number
     */
    public Number number() {
        try {
            if (MEASURED.contains(unit)) {
                double number = Double.parseDouble(value);
                if (Double.isFinite(number) && number >= 0) {
                    return number;
                }
            } else {
                long number = Long.parseLong(value);
                if (number >= 0) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expectation(), e);
        }
        throw new IllegalArgumentException(expectation());
    }

    private String expectation() {
        return "\"" + value + "\" is not a " + (MEASURED.contains(unit) ? "number" : "whole number") + " of " + unit
                + ", zero or more";
    }
}
