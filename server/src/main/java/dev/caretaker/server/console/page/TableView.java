package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Curve;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.TableGrowth;
import dev.caretaker.v1.TableName;
import java.util.List;
import java.util.Optional;

/**
 * What the page of a table shows.
 *
 * @param growth of the table and of its policies
 * @param policies whose table it is
 * @param partitions if it has some
 */
public record TableView(
        String target, TableName table, Growth growth, List<Policy> policies, PartitionsSeen partitions) {

    /** Empty if it was never sampled. */
    public Optional<TableGrowth> grown() {
        return growth.getTablesList().stream().findFirst();
    }

    public Optional<Curve> bytes() {
        return grown().flatMap(one -> Curve.of(one.getSeries()));
    }

    public Optional<Curve> rows() {
        return grown().flatMap(one -> Curve.of(one.getRowSeries()));
    }
}
