package dev.caretaker.cli.partitions;

/**
 * What drawings are made of.
 *
 * @param shades from the smallest size to the largest
 * @param gap where a range has no partition
 * @param now under the cell that takes rows of now
 */
record Glyphs(String shades, String gap, String now, String branch, String lastBranch, String trunk) {
    private static final Glyphs UNICODE = new Glyphs("░▒▓█", "×", "▲", "├─ ", "└─ ", "│  ");
    private static final Glyphs ASCII = new Glyphs(".:+#", "x", "^", "|- ", "`- ", "|  ");

    static Glyphs of(boolean unicode) {
        return unicode ? UNICODE : ASCII;
    }

    /** The shade of a size, by quarters of the largest. */
    String shade(long bytes, long largest) {
        int quarter = largest <= 0 ? 0 : (int) Math.min(3, Math.max(0, bytes) * 4.0 / largest);
        return shades.substring(quarter, quarter + 1);
    }
}
