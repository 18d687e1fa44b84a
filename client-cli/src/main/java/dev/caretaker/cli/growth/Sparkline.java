package dev.caretaker.cli.growth;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.GrowthPoint;
import java.util.Arrays;
import java.util.List;

/** A series as one line of little bars: a cell a part of the time, the last sample of each, from the least to the largest. */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final String ASCII = "_.:-=+*#";
    /** What changes by less is drawn flat: bars from the least to the largest would make a mountain of it. */
    private static final double FLAT = 0.01;

    private final long from;
    private final long to;
    private final int cells;
    private final String bars;

    /**
     * Lines of the same time, to be read below each other.
     *
     * @param unicode whether the terminal has blocks
     */
    Sparkline(Timestamp from, Timestamp to, int cells, boolean unicode) {
        this.from = from.getSeconds();
        this.to = Math.max(this.from + 1, to.getSeconds());
        this.cells = cells;
        this.bars = unicode ? BARS : ASCII;
    }

    /** Cells without a sample are empty. */
    String of(List<GrowthPoint> points) {
        double[] values = new double[cells];
        Arrays.fill(values, Double.NaN);
        for (GrowthPoint point : points) {
            values[cell(point)] = point.getValue();
        }
        double least = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .min()
                .orElse(0);
        double most = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
        StringBuilder line = new StringBuilder();
        for (double value : values) {
            line.append(Double.isNaN(value) ? ' ' : bar(value, least, most));
        }
        return line.toString();
    }

    private int cell(GrowthPoint point) {
        double share = (double) (point.getTime().getSeconds() - from) / (to - from);
        return (int) Math.min(cells - 1, Math.max(0, share * cells));
    }

    private char bar(double value, double least, double most) {
        if (most - least <= most * FLAT) {
            return bars.charAt(most == 0 ? 0 : bars.length() / 2 - 1);
        }
        return bars.charAt((int) Math.round((value - least) / (most - least) * (bars.length() - 1)));
    }
}
