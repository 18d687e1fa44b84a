/**
 * How rows are removed, as steps of the run engine. {@link dev.caretaker.server.cleanup.step.Eligibility} is the frozen
 * predicate that every statement repeats. {@code RemovalStep} is one walk over the table ({@code TableWalk}: along an index,
 * by heap blocks, or by lists of addresses) and sweeps for rows that moved; {@code Deletion} is the one place that deletes.
 * Rows of tables that refer to each other in a circle ({@link dev.caretaker.server.cleanup.step.Kinship}) it deletes in {@code
 * ClosedSets}. {@code PartitionDropStep} detaches and drops. {@link dev.caretaker.server.cleanup.step.RelationState} tells whether a table
 * is still what was planned.
 */
package dev.caretaker.server.cleanup.step;
