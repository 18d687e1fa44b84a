package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Text;
import dev.caretaker.v1.StepProgress;

/**
 * One line with a step's name, a bar and as many figures as there is room for.
 *
 * @param label the step
 * @param progress null before the first news
 */
record Bar(String label, StepProgress progress) {
    private static final int WIDEST = 30;
    private static final int NARROWEST = 8;

    /** Never wider than {@code columns}. */
    String line(int columns) {
        if (progress == null) {
            return Text.fit(label + " ...", columns);
        }
        double fraction = Math.max(0, Math.min(1, progress.getFraction()));
        String percent = " " + Text.pad(Long.toString((long) Math.floor(fraction * 100)), 3, true) + "%";
        StringBuilder figures = new StringBuilder();
        String name = Text.fit(label, Math.min(Math.max(12, columns / 3), columns - percent.length()));
        int room = columns - Text.width(name) - 1 - percent.length();
        for (String figure : EventText.figures(progress)) {
            if (room - NARROWEST - figures.length() - Text.width(figure) - 2 >= 0) {
                figures.append("  ").append(figure);
            }
        }
        int width = Math.min(WIDEST, room - Text.width(figures.toString()));
        if (width < NARROWEST) {
            return Text.fit(name + percent, columns);
        }
        int full = (int) Math.floor(fraction * width);
        return name + " " + "█".repeat(full) + "░".repeat(width - full) + percent + figures;
    }
}
