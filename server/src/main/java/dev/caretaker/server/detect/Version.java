package dev.caretaker.server.detect;

import java.util.ArrayList;
import java.util.List;

/** A dotted version such as 1.10, compared number by number: 1.10 is newer than 1.9. */
public record Version(List<Integer> numbers) implements Comparable<Version> {

    /** Reads the leading numbers; anything after them ("1.4dev") does not count. */
    public static Version of(String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split("\\.", -1)) {
            String digits = part.replaceFirst("[^0-9].*", "");
            if (digits.isEmpty() || digits.length() > 9) {
                break;
            }
            numbers.add(Integer.valueOf(digits));
        }
        return new Version(List.copyOf(numbers));
    }

    @Override
    public int compareTo(Version other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int order = Integer.compare(at(i), other.at(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private int at(int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }

    @Override
    public String toString() {
        return String.join(".", numbers.stream().map(String::valueOf).toList());
    }
}
