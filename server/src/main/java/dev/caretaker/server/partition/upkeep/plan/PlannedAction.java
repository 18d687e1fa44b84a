package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.TableName;
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

    StepSpec spec() {
        return new StepSpec(action.stepKind(), relation, table, "", 0, action.order());
    }
}
