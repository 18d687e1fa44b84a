package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Moments;
import dev.caretaker.v1.StepProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the latest batches went, as progress tells once a second.
 *
 * @param beats the oldest first
 */
public record Pulse(List<Beat> beats) {
    static final Pulse NONE = new Pulse(List.of());
    private static final int KEPT = 90;
    private static final double HEIGHT = 30;

    /** @param milliseconds that the latest batch took */
    public record Beat(double milliseconds, double rowsPerSecond) {}

    Pulse and(StepProgress progress) {
        if (!progress.hasBatchDuration()) {
            return this;
        }
        List<Beat> all = new ArrayList<>(beats);
        all.add(new Beat(Moments.duration(progress.getBatchDuration()).toNanos() / 1e6, progress.getRowsPerSecond()));
        return new Pulse(List.copyOf(all.subList(Math.max(0, all.size() - KEPT), all.size())));
    }

    public boolean isThere() {
        return beats.size() > 1;
    }

    public double slowest() {
        return beats.stream().mapToDouble(Beat::milliseconds).max().orElse(0);
    }

    public double fastest() {
        return beats.stream().mapToDouble(Beat::rowsPerSecond).max().orElse(0);
    }

    /** Height of the bar of a batch's time, of 30. */
    public String timeHeight(Beat beat) {
        return share(beat.milliseconds(), slowest());
    }

    /** The same of rows a second. */
    public String rateHeight(Beat beat) {
        return share(beat.rowsPerSecond(), fastest());
    }

    /** Places in the picture. */
    public String width() {
        return Integer.toString(KEPT);
    }

    private static String share(double value, double most) {
        return String.format(Locale.ROOT, "%.1f", most <= 0 ? 0 : Math.max(0.6, value / most * HEIGHT));
    }
}
