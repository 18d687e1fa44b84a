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
 * @param step that told last
 * @param bytesDone by that step then
 */
public record Pulse(List<Beat> beats, int step, long bytesDone) {
    static final Pulse NONE = new Pulse(List.of(), 0, 0);
    private static final int KEPT = 90;
    private static final double HEIGHT = 30;

    /**
     * What was told at once.
     *
     * @param milliseconds that the latest batch took
     * @param bytes removed since what was told before
     */
    public record Beat(double milliseconds, double rowsPerSecond, long bytes) {}

    Pulse and(StepProgress progress) {
        if (!progress.hasBatchDuration()) {
            return this;
        }
        // Of a step that was at work before, the first word tells all that it has done.
        long before = progress.getStep() == step ? bytesDone : beats.isEmpty() ? progress.getBytesDone() : 0;
        List<Beat> all = new ArrayList<>(beats);
        all.add(new Beat(
                Moments.duration(progress.getBatchDuration()).toNanos() / 1e6,
                progress.getRowsPerSecond(),
                Math.max(0, progress.getBytesDone() - before)));
        return new Pulse(
                List.copyOf(all.subList(Math.max(0, all.size() - KEPT), all.size())),
                progress.getStep(),
                progress.getBytesDone());
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

    public long most() {
        return beats.stream().mapToLong(Beat::bytes).max().orElse(0);
    }

    /** Height of the bar of a batch's time, of 30. */
    public String timeHeight(Beat beat) {
        return share(beat.milliseconds(), slowest());
    }

    /** The same of rows a second. */
    public String rateHeight(Beat beat) {
        return share(beat.rowsPerSecond(), fastest());
    }

    /** The same of bytes. */
    public String bytesHeight(Beat beat) {
        return share(beat.bytes(), most());
    }

    /** Places in the picture. */
    public String width() {
        return Integer.toString(KEPT);
    }

    private static String share(double value, double most) {
        return String.format(Locale.ROOT, "%.1f", most <= 0 ? 0 : Math.max(0.6, value / most * HEIGHT));
    }
}
