package dev.caretaker.cli.partitions;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.output.Style;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.RangeBounds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Partitions in the order of their bounds, gaps between them, and the place of now.
 *
 * @param cells partitions but the default one, and gaps
 * @param now index of the cell to which rows of now belong; past the last one if they lie beyond; -1 if the key is no time
 */
record Timeline(List<Cell> cells, int now) {
    private static final Set<String> ENDLESS = Set.of("MAXVALUE", "infinity");

    /**
     * One partition or gap.
     *
     * @param from text of its lower end
     * @param to text of its upper end; empty if it is no range
     * @param until its upper end; {@link Instant#MIN} if that is no instant
     */
    record Cell(String glyph, Style style, String from, String to, Instant until) {}

    /**
     * @param partitions immediate partitions of one table by bound
     * @param gaps of the same table
     * @param largest bytes of the largest partition
     */
    static Timeline of(
            List<Partition> partitions, List<PartitionRange> gaps, Glyphs glyphs, long largest, Instant clock) {
        List<Cell> cells = new ArrayList<>();
        for (Partition partition : partitions) {
            if (!partition.getIsDefault()) {
                gapBefore(partition, gaps, glyphs, cells);
                cells.add(cell(partition, glyphs, largest));
            }
        }
        boolean byTime = partitions.stream()
                .map(Partition::getRange)
                .anyMatch(range -> range.hasFromTime() || range.hasToTime());
        int past = 0;
        while (past < cells.size() && !clock.isBefore(cells.get(past).until())) {
            past++;
        }
        return new Timeline(List.copyOf(cells), byTime ? past : -1);
    }

    private static void gapBefore(Partition partition, List<PartitionRange> gaps, Glyphs glyphs, List<Cell> cells) {
        RangeBounds range = partition.getRange();
        if (range.getFromCount() != 1) {
            return;
        }
        gaps.stream()
                .filter(gap -> gap.getTo().equals(range.getFrom(0)))
                .map(gap -> new Cell(
                        glyphs.gap(),
                        Style.BAD,
                        Bounds.brief(gap.getFrom()),
                        Bounds.brief(gap.getTo()),
                        range.hasFromTime() ? instant(range.getFromTime()) : Instant.MIN))
                .findFirst()
                .ifPresent(cells::add);
    }

    private static Cell cell(Partition partition, Glyphs glyphs, long largest) {
        Style style = PartitionRows.isDetaching(partition)
                ? Style.CAREFUL
                : PartitionRows.isCurrent(partition) ? Style.GOOD : Style.PLAIN;
        return new Cell(
                glyphs.shade(partition.getSize().getTotalBytes(), largest),
                style,
                Bounds.from(partition),
                Bounds.to(partition),
                until(partition.getRange()));
    }

    private static Instant until(RangeBounds range) {
        if (range.hasToTime()) {
            return instant(range.getToTime());
        }
        return range.getToCount() == 1 && ENDLESS.contains(range.getTo(0)) ? Instant.MAX : Instant.MIN;
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
