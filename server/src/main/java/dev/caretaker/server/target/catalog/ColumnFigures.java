package dev.caretaker.server.target.catalog;

import dev.caretaker.server.target.catalog.Column.ColumnStatistics;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the planner of Postgres knows of how rows lie in one relation: all that is kept of the statistics of a partition's
 * columns, since there may be ten thousand partitions.
 */
public final class ColumnFigures {
    private final List<Column> columns;
    private final long rowBytes;
    private final float[] correlations;

    private ColumnFigures(List<Column> columns, long rowBytes, float[] correlations) {
        this.columns = columns;
        this.rowBytes = rowBytes;
        this.correlations = correlations;
    }

    /**
     * @param columns of the relation, with their statistics
     * @param names the same columns, to be kept: whoever has many relations alike shares them
     */
    static ColumnFigures of(List<Column> columns, List<Column> names) {
        List<ColumnStatistics> known = columns.stream()
                .map(Column::statistics)
                .filter(ColumnStatistics::known)
                .toList();
        if (known.isEmpty()) {
            return new ColumnFigures(List.of(), -1, new float[0]);
        }
        float[] correlations = new float[columns.size()];
        Arrays.fill(correlations, Float.NaN);
        for (int i = 0; i < correlations.length; i++) {
            ColumnStatistics statistics = columns.get(i).statistics();
            if (statistics.known()) {
                correlations[i] = (float) statistics.correlation();
            }
        }
        long bytes = known.stream().mapToLong(ColumnStatistics::averageBytes).sum();
        return new ColumnFigures(names, bytes, correlations);
    }

    public static ColumnFigures of(List<Column> columns) {
        return of(columns, columns);
    }

    /** Sum of the columns' average widths; empty if the relation was never analyzed. */
    public OptionalLong rowBytes() {
        return rowBytes < 0 ? OptionalLong.empty() : OptionalLong.of(rowBytes);
    }

    /** Between the order of the column's values and of the heap, −1 to 1; empty if unknown. */
    public OptionalDouble correlation(String column) {
        for (int i = 0; i < correlations.length; i++) {
            if (columns.get(i).name().equals(column) && !Float.isNaN(correlations[i])) {
                return OptionalDouble.of(correlations[i]);
            }
        }
        return OptionalDouble.empty();
    }
}
