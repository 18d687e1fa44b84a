package dev.caretaker.cli.partitions;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionMethod;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.PartitionedTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the partitions of one table say together: a line of facts, then in sentences how long it lasts and what is amiss. */
final class TableHead {
    /** Ranges told one by one; the number is told in any case. */
    private static final int RANGES_TOLD = 5;

    private static final long FOR_EVER = 253_402_300_799L;
    private static final long DAY = 86_400;

    private final PartitionedTable table;
    private final List<Partition> partitions;

    /** @param partitions its immediate ones */
    TableHead(PartitionedTable table, List<Partition> partitions) {
        this.table = table;
        this.partitions = partitions;
    }

    void show(Page page) {
        page.line(Style.BOLD, Names.table(table.getTable()));
        page.paragraph("  ", Style.DIM, facts(table));
        runway(page);
        ranges(page, "gap", "gaps", table.getGapsList(), "rows in between find no partition");
        ranges(page, "overlap", "overlaps", table.getOverlapsList(), "a detach was begun there and not finished");
        if (table.getDefaultRows() > 0) {
            page.paragraph(
                    "  ",
                    Style.CAREFUL,
                    Human.rows(table.getDefaultRows(), false) + " in the default partition, for want of a better one.");
        }
    }

    /** {@code by range of ts, 1 month each, named events_y{yyyy}m{mm}; 12 partitions, 1.2 GB}. */
    static String facts(PartitionedTable table) {
        String cut = Stream.of(
                        method(table),
                        table.getInterval().isEmpty() ? "" : table.getInterval() + " each",
                        table.getNamePattern().isEmpty() ? "" : "named " + table.getNamePattern())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return cut + "; " + Human.count(table.getPartitionCount())
                + (table.getPartitionCount() == 1 ? " partition, " : " partitions, ")
                + Human.bytes(table.getTotalBytes());
    }

    private static String method(PartitionedTable table) {
        return "by " + Names.words(table.getMethod(), "PARTITION_METHOD_") + " of "
                + String.join(", ", table.getKeyList());
    }

    private void runway(Page page) {
        if (table.getMethod() != PartitionMethod.PARTITION_METHOD_RANGE || !table.hasSafeUntil()) {
            return;
        }
        boolean byTime = partitions.isEmpty()
                || partitions.stream()
                        .map(Partition::getRange)
                        .anyMatch(range -> range.hasFromTime() || range.hasToTime());
        if (table.getSafeUntil().getSeconds() >= FOR_EVER) {
            page.paragraph("  ", Style.GOOD, "Inserts find a partition for ever.");
        } else if (table.getRunway().getSeconds() <= 0) {
            boolean caught = partitions.stream().anyMatch(Partition::getIsDefault);
            page.paragraph(
                    "  ",
                    Style.BAD,
                    (byTime
                                    ? "Rows of now find no partition"
                                    : "The last range of keys is used up: rows find no partition")
                            + (caught ? " but the default one." : "."));
        } else {
            page.paragraph(
                    "  ",
                    table.getRunway().getSeconds() < DAY ? Style.CAREFUL : Style.GOOD,
                    (byTime
                                    ? "Inserts find a partition for another "
                                    : "At the present rate of inserts keys last another ")
                            + Human.duration(table.getRunway()) + ", until " + Human.instant(table.getSafeUntil())
                            + ".");
        }
    }

    private static void ranges(Page page, String one, String many, List<PartitionRange> ranges, String meaning) {
        if (ranges.isEmpty()) {
            return;
        }
        String told = ranges.stream().limit(RANGES_TOLD).map(Bounds::text).collect(Collectors.joining("; "));
        int more = ranges.size() - RANGES_TOLD;
        page.paragraph(
                "  ",
                Style.BAD,
                Human.count(ranges.size()) + " " + (ranges.size() == 1 ? one : many) + " (" + meaning + "): " + told
                        + (more > 0 ? "; and " + Human.count(more) + " more" : "") + ".");
    }
}
