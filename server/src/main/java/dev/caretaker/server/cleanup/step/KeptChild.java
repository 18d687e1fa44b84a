package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.store.TableName;
import java.util.List;

/**
 * A table whose rows deletes cascade to, and that are kept, too. They are deleted by themselves, before the rows that they refer to.
 *
 * @param oid of the table, with its partitions
 * @param keeper what keeps its rows
 * @param ways how deletes get there
 * @param rowBytes average bytes of a row, for byte estimates
 */
public record KeptChild(long oid, TableName table, Keeper keeper, List<Way> ways, long rowBytes) {
    /** In {@link Way#parent}: the table of the step. */
    public static final int STEP = -1;

    /**
     * A foreign key that cascades.
     *
     * @param parent index of the referenced table in the list of which the child is a part, in which it comes before it or is itself;
     *     {@link #STEP} for rows of the step
     */
    public record Way(int parent, ReferencingKey key) {}
}
