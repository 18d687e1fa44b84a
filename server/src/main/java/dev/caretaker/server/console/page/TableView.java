package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Curve;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.TableGrowth;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TableStanding;
import java.util.List;
import java.util.Optional;

/**
 * What the page of a table shows.
 *
 * @param state how it is now
 * @param growth of the table and of its policies
 * @param policies whose table it is
 * @param partitions if it has some
 */
public record TableView(
        String target,
        TableName table,
        StateSeen state,
        Growth growth,
        List<Policy> policies,
        PartitionsSeen partitions) {

    /**
     * What the target says of the table itself.
     *
     * @param now empty if it says nothing
     * @param problem why not, a sentence; empty if it does
     */
    public record StateSeen(Optional<TableStanding> now, String problem) {}

    /** Why nobody knows when it was vacuumed, a sentence; empty if that is known, or if it is partitioned. */
    public String stateProblem() {
        return partitions.problem().isEmpty() ? "" : state.problem();
    }

    /** Why its partitions are not shown, a sentence; empty if they are, or if it has rows of its own. */
    public String partitionsProblem() {
        boolean told = state.now().isPresent() || partitions.problem().equals(state.problem());
        return told ? "" : partitions.problem();
    }

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
