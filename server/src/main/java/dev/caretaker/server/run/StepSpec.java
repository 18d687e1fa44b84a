package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;

/**
 * A step as a feature orders it. It is all that survives in the control store, and enough to build the step again on any
 * server.
 *
 * @param kind name of a {@link StepKind}
 * @param relation relation it works on, for people
 * @param table table in whose totals it is counted: the one that the policy names, of which the relation may be a partition
 *     or which it may reference
 * @param policy policy it serves; empty if none
 * @param rowsExpected rows expected; 0 if unknown
 * @param parameters record of the kind's parameter type
 */
public record StepSpec(
        String kind, TableName relation, TableName table, String policy, long rowsExpected, Record parameters) {

    /** A step that counts for its own relation. */
    public StepSpec(String kind, TableName relation, String policy, long rowsExpected, Record parameters) {
        this(kind, relation, relation, policy, rowsExpected, parameters);
    }
}
