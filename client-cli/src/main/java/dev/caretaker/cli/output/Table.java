package dev.caretaker.cli.output;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Aligned columns. Headers that start with {@code >} are aligned right; columns whose headers start with {@code ?} can be
 * done without. On a terminal columns with nothing in them go; where it is too narrow for the others, those that can be
 * done without go, the last one first, then the widest columns are cut: names, and texts that would look the same otherwise, in
 * their middle. In a pipe nothing is left out.
 */
public final class Table {
    /** Columns of a pipe. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int GAP = 2;
    private static final int NARROWEST = 8;
    /** Width of a column that is left out. */
    private static final int GONE = -1;

    private final boolean[] right;
    private final boolean[] optional;
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * @param text what it says
     * @param style how it looks
     */
    public record Cell(String text, Style style) {}

    public Table(String... headers) {
        right = new boolean[headers.length];
        optional = new boolean[headers.length];
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < headers.length; i++) {
            String header = headers[i];
            optional[i] = header.startsWith("?");
            header = optional[i] ? header.substring(1) : header;
            right[i] = header.startsWith(">");
            cells.add(new Cell(right[i] ? header.substring(1) : header, Style.DIM));
        }
        rows.add(cells);
    }

    /** One row: strings, or {@link Cell}s where a style matters. */
    public Table row(Object... values) {
        if (values.length != right.length) {
            throw new IllegalArgumentException(values.length + " values for " + right.length + " columns");
        }
        List<Cell> cells = new ArrayList<>(values.length);
        for (Object value : values) {
            Cell cell = value instanceof Cell given ? given : new Cell(value.toString(), Style.PLAIN);
            cells.add(new Cell(Text.visible(cell.text()), cell.style()));
        }
        rows.add(cells);
        return this;
    }

    /** True if it has nothing but headers. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The lines, each at most {@code columns} wide where that is possible. */
    List<String> lines(int columns, boolean colours, String indent) {
        int[] widths = widths(columns == UNLIMITED ? columns : columns - indent.length());
        int last = widths.length - 1;
        while (widths[last] == GONE) {
            last--;
        }
        boolean[] alike = alikeWhereCut(widths);
        List<String> lines = new ArrayList<>();
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i <= last; i++) {
                if (widths[i] != GONE) {
                    String whole = row.get(i).text();
                    boolean middle = alike[i] || whole.indexOf(' ') < 0;
                    String text = middle ? Text.fitName(whole, widths[i]) : Text.fit(whole, widths[i]);
                    String padded = i == last && !right[i] ? text : Text.pad(text, widths[i], right[i]);
                    line.append(row.get(i).style().apply(padded, colours)).append(i == last ? "" : " ".repeat(GAP));
                }
            }
            lines.add(colours ? line.toString() : line.toString().stripTrailing());
        }
        return lines;
    }

    /** Whether the column of that header is there on so many columns. */
    boolean shows(String header, int columns) {
        int[] widths = widths(columns);
        for (int i = 0; i < widths.length; i++) {
            if (rows.get(0).get(i).text().equals(header)) {
                return widths[i] != GONE;
            }
        }
        return false;
    }

    /** Columns in which texts that differ would look the same if what is missing were missing at their ends. */
    private boolean[] alikeWhereCut(int[] widths) {
        boolean[] alike = new boolean[widths.length];
        for (int i = 0; i < widths.length; i++) {
            Map<String, String> seen = new HashMap<>();
            for (List<Cell> row : rows) {
                String whole = row.get(i).text();
                String other = seen.putIfAbsent(Text.fit(whole, widths[i]), whole);
                alike[i] |= other != null && !other.equals(whole);
            }
        }
        return alike;
    }

    private boolean isBlank(int column) {
        return rows.stream().skip(1).allMatch(row -> row.get(column).text().isEmpty());
    }

    private int[] widths(int columns) {
        int[] widths = new int[right.length];
        int total = GAP * (right.length - 1);
        for (int i = 0; i < widths.length; i++) {
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], Text.width(row.get(i).text()));
            }
            total += widths[i];
        }
        for (int i = widths.length - 1; columns != UNLIMITED && !isEmpty() && i > 0; i--) {
            if (isBlank(i)) {
                total -= widths[i] + GAP;
                widths[i] = GONE;
            }
        }
        for (int i = widths.length - 1; total > columns && i >= 0; i--) {
            if (optional[i] && widths[i] != GONE) {
                total -= widths[i] + GAP;
                widths[i] = GONE;
            }
        }
        while (total > columns) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                // Figures that are cut would be wrong figures.
                if (!right[i] && widths[i] > NARROWEST && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                break;
            }
            widths[widest]--;
            total--;
        }
        return widths;
    }
}
