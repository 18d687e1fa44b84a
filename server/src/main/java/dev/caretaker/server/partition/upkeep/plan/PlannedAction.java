package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.step.PartitionCreation;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.TableName;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of a plan.
 *
 * @param ordinal position, from 1
 * @param set set it serves
 * @param relation partition it works on
 * @param table the set's table
 * @param reason why, in a sentence
 * @param rows rows of the partition, by statistics
 * @param bytes of the partition; for a drop what it gives back
 * @param locks strongest first
 * @param sql statements it will run, for reading only
 */
public record PlannedAction(
        int ordinal,
        String set,
        TableName relation,
        TableName table,
        String reason,
        long rows,
        long bytes,
        List<UpkeepLock> locks,
        List<String> sql,
        UpkeepAction action) {

    PlannedAction at(int place) {
        return new PlannedAction(place, set, relation, table, reason, rows, bytes, locks, sql, action);
    }

    private StepSpec spec() {
        return action.step(relation, table);
    }

    /** The steps that do these actions: creations for one table that follow each other are one step. */
    static List<StepSpec> steps(List<PlannedAction> actions) {
        List<StepSpec> steps = new ArrayList<>();
        for (PlannedAction action : actions) {
            StepSpec last = steps.isEmpty() ? null : steps.getLast();
            if (action.action() instanceof UpkeepAction.Create(PartitionCreation next)
                    && last != null
                    && last.parameters() instanceof PartitionCreation begun
                    && begun.goesOnWith(next)) {
                PartitionCreation both = begun.with(next);
                steps.set(steps.size() - 1, new UpkeepAction.Create(both).step(both.relation(), action.table()));
            } else {
                steps.add(action.spec());
            }
        }
        return steps;
    }
}
