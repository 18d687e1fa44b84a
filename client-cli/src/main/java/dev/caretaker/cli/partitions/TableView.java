package dev.caretaker.cli.partitions;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionedTable;
import dev.caretaker.v1.RelationSize;
import dev.caretaker.v1.TableName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One row a partition with all its figures; sub-partitions stand indented below their parent. */
final class TableView implements View {
    private static final int NAMES_TOLD = 3;

    private final Listing listing;
    private final Clock clock;
    private final Page page;

    TableView(Listing listing, Clock clock, Page page) {
        this.listing = listing;
        this.clock = clock;
        this.page = page;
    }

    @Override
    public void show(PartitionedTable root) {
        Table table = new Table(
                "PARTITION",
                "BOUNDS",
                ">ROWS",
                "?>DEAD",
                ">SIZE",
                "?>HEAP",
                "?>INDEXES",
                "?>TOAST",
                "?>VACUUMED",
                "?>ANALYZED",
                "AGE",
                "STATE");
        Map<String, List<String>> differences = new LinkedHashMap<>();
        rows(root.getTable(), "", table, differences);
        if (!table.isEmpty()) {
            page.table(table, "  ");
        }
        differences.forEach(this::difference);
    }

    private void rows(TableName parent, String indent, Table table, Map<String, List<String>> differences) {
        for (Partition partition : listing.partitionsOf(parent)) {
            RelationSize size = partition.getSize();
            table.row(
                    indent + Names.table(partition.getName()),
                    Bounds.text(partition),
                    PartitionRows.rows(partition),
                    Human.count(partition.getDeadTuples()),
                    PartitionRows.size(size, size.getTotalBytes()),
                    PartitionRows.size(size, size.getHeapBytes()),
                    PartitionRows.size(size, size.getIndexBytes()),
                    PartitionRows.size(size, size.getToastBytes()),
                    // Nothing is stored in a partition that is itself partitioned, so nothing is vacuumed there.
                    partition.getIsPartitioned() ? "" : ago(partition.hasLastVacuum(), partition.getLastVacuum()),
                    ago(partition.hasLastAnalyze(), partition.getLastAnalyze()),
                    PartitionRows.age(partition),
                    PartitionRows.state(partition));
            if (!partition.getNotCounted().isEmpty()) {
                differences
                        .computeIfAbsent(
                                "rows not counted, because " + partition.getNotCounted(), key -> new ArrayList<>())
                        .add(Names.table(partition.getName()));
            }
            partition
                    .getDifferencesList()
                    .forEach(difference -> differences
                            .computeIfAbsent(difference, key -> new ArrayList<>())
                            .add(Names.table(partition.getName())));
            rows(partition.getName(), indent + "  ", table, differences);
        }
    }

    private String ago(boolean known, Timestamp time) {
        if (!known) {
            return "never";
        }
        Duration since = Duration.between(Instant.ofEpochSecond(time.getSeconds()), clock.instant());
        return since.isNegative() ? "just now" : Human.duration(Duration.ofSeconds(since.getSeconds())) + " ago";
    }

    /** Many partitions usually differ in the same way: said once. */
    private void difference(String difference, List<String> names) {
        int more = names.size() - NAMES_TOLD;
        String told = String.join(", ", names.subList(0, Math.min(NAMES_TOLD, names.size())));
        page.paragraph(
                "  ",
                Style.CAREFUL,
                told + (more > 0 ? " and " + Human.count(more) + " more: " : ": ") + difference + ".");
    }
}
