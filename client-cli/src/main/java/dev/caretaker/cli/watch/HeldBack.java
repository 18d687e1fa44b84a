package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows that stayed because others refer to them: a few of each foreign key. */
final class HeldBack {
    private static final int TOLD = 3;

    private HeldBack() {}

    /** @param samples a row, a colon, and what holds it back */
    static void show(List<String> samples, String indent, Page page) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String sample : samples) {
            int colon = sample.lastIndexOf(": ");
            String by = colon < 0 ? "" : sample.substring(colon + 2);
            rows.computeIfAbsent(by, key -> new ArrayList<>()).add(colon < 0 ? sample : sample.substring(0, colon));
        }
        rows.forEach((by, some) -> page.paragraph(
                indent,
                Style.CAREFUL,
                "held back" + (by.isEmpty() ? ": " : " by " + by + ", such as ")
                        + String.join("; ", some.subList(0, Math.min(TOLD, some.size())))));
    }
}
