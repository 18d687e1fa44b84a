package dev.caretaker.cli.partitions;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Text;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionMethod;
import dev.caretaker.v1.PartitionedTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One cell a partition in bound order, shaded by size, in as many lines as it takes. Where the table itself is not cut by
 * ranges, the ranges of its sub-partitioned partitions are drawn below it.
 */
final class TimelineView implements View {
    private static final int WIDEST_LABEL = 22;
    /** With fewer columns for cells the ends of the ranges are not written beside them. */
    private static final int FEWEST_CELLS = 10;

    private static final int MOST_CELLS = 96;

    private final Listing listing;
    private final Glyphs glyphs;
    private final Instant now;
    private final int columns;
    private final Page page;

    TimelineView(Listing listing, Glyphs glyphs, Instant now, int columns, Page page) {
        this.listing = listing;
        this.glyphs = glyphs;
        this.now = now;
        this.columns = columns;
        this.page = page;
    }

    @Override
    public void show(PartitionedTable root) {
        draw(root, "  ");
    }

    private void draw(PartitionedTable table, String indent) {
        List<Partition> partitions = listing.partitionsOf(table.getTable());
        long largest = partitions.stream()
                .mapToLong(partition -> partition.getSize().getTotalBytes())
                .max()
                .orElse(0);
        Timeline timeline = Timeline.of(partitions, table.getGapsList(), glyphs, largest, now);
        lines(timeline, indent);
        partitions.stream().filter(Partition::getIsDefault).forEach(partition -> defaultPartition(partition, indent));
        legend(timeline, largest, indent);
        if (table.getMethod() != PartitionMethod.PARTITION_METHOD_RANGE) {
            partitions.stream().filter(Partition::getIsPartitioned).forEach(partition -> below(partition, indent));
        }
    }

    private void below(Partition partition, String indent) {
        page.paragraph(
                indent,
                Style.PLAIN,
                Names.table(partition.getName()) + " (" + Bounds.text(partition) + ") "
                        + TableHead.facts(listing.table(partition)));
        draw(listing.table(partition), indent + "  ");
    }

    private void lines(Timeline timeline, String indent) {
        int label = timeline.cells().stream()
                .flatMapToInt(cell -> IntStream.of(Text.width(cell.from()), Text.width(cell.to())))
                .max()
                .orElse(0);
        label = Math.min(label, WIDEST_LABEL);
        int room = columns - indent.length();
        boolean labelled = room - 2 * (label + 1) >= FEWEST_CELLS;
        int width = Math.max(1, Math.min(MOST_CELLS, labelled ? room - 2 * (label + 1) : room));
        for (int from = 0; from < timeline.cells().size(); from += width) {
            int to = Math.min(timeline.cells().size(), from + width);
            List<Timeline.Cell> cells = timeline.cells().subList(from, to);
            line(cells, indent, labelled ? label : 0);
            boolean last = to == timeline.cells().size();
            if (timeline.now() >= from && (timeline.now() < to || last && timeline.now() == to)) {
                int column = indent.length() + (labelled ? label + 1 : 0) + timeline.now() - from;
                page.line(marker(column));
            }
        }
    }

    private void line(List<Timeline.Cell> cells, String indent, int label) {
        List<Page.Span> spans = new ArrayList<>();
        if (label > 0) {
            String from = Text.fit(Text.visible(cells.get(0).from()), label);
            spans.add(new Page.Span(Style.DIM, Text.pad(from, label, true) + " "));
        }
        cells.forEach(cell -> spans.add(new Page.Span(cell.style(), cell.glyph())));
        if (label > 0) {
            String to = Text.fit(Text.visible(cells.get(cells.size() - 1).to()), label);
            spans.add(new Page.Span(Style.DIM, to.isEmpty() ? "" : " " + to));
        }
        page.line(indent, spans);
    }

    /** Stands under its cell; the word goes to the left where there is no room on the right. */
    private String marker(int column) {
        return column + 5 <= columns || column < 4
                ? " ".repeat(column) + glyphs.now() + " now"
                : " ".repeat(column - 4) + "now " + glyphs.now();
    }

    private void defaultPartition(Partition partition, String indent) {
        page.paragraph(
                indent,
                partition.getRows() > 0 ? Style.CAREFUL : Style.DIM,
                "default: " + Names.table(partition.getName()) + ", "
                        + Human.rows(partition.getRows(), partition.getRowsExact()) + ", "
                        + PartitionRows.size(
                                partition.getSize(), partition.getSize().getTotalBytes()));
    }

    private void legend(Timeline timeline, long largest, String indent) {
        if (timeline.cells().isEmpty() || largest == 0) {
            return;
        }
        StringBuilder legend = new StringBuilder();
        for (int quarter = 1; quarter <= 4; quarter++) {
            legend.append(glyphs.shades().charAt(quarter - 1))
                    .append(quarter == 4 ? " to " : " below ")
                    .append(Human.bytes(largest / 4 * quarter + (quarter == 4 ? largest % 4 : 0)))
                    .append("  ");
        }
        boolean gaps = timeline.cells().stream().anyMatch(cell -> cell.glyph().equals(glyphs.gap()));
        page.paragraph(indent, Style.DIM, legend + (gaps ? glyphs.gap() + " gap" : ""));
    }
}
