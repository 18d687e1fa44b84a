package dev.caretaker.cli.partitions;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionedTable;
import dev.caretaker.v1.TableName;
import java.util.List;

/** Partitions as branches below their parents. */
final class TreeView implements View {
    private final Listing listing;
    private final Glyphs glyphs;
    private final Page page;

    TreeView(Listing listing, Glyphs glyphs, Page page) {
        this.listing = listing;
        this.glyphs = glyphs;
        this.page = page;
    }

    @Override
    public void show(PartitionedTable root) {
        Table table = new Table("PARTITION", "BOUNDS", ">ROWS", ">SIZE", "AGE", "STATE", "PARTITIONED");
        branches(root.getTable(), "", table);
        if (!table.isEmpty()) {
            page.table(table, "  ");
        }
    }

    private void branches(TableName parent, String trunk, Table table) {
        List<Partition> partitions = listing.partitionsOf(parent);
        for (int i = 0; i < partitions.size(); i++) {
            Partition partition = partitions.get(i);
            boolean last = i == partitions.size() - 1;
            table.row(
                    trunk + (last ? glyphs.lastBranch() : glyphs.branch()) + Names.table(partition.getName()),
                    Bounds.text(partition),
                    PartitionRows.rows(partition),
                    PartitionRows.size(partition.getSize(), partition.getSize().getTotalBytes()),
                    PartitionRows.age(partition),
                    PartitionRows.state(partition),
                    partition.getIsPartitioned() ? TableHead.facts(listing.table(partition)) : "");
            branches(partition.getName(), trunk + (last ? "   " : glyphs.trunk()), table);
        }
    }
}
