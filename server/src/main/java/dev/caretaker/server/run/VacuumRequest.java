package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;

/**
 * Parameters of a step of kind {@value #STEP_KIND}: VACUUM (ANALYZE) of one relation. It stands here because one feature
 * orders it as follow-up and another does it.
 *
 * @param oid the relation as planned; one that took its name is not touched
 * @param table its name when planned
 * @param mode whether the run's earlier steps decide
 * @param minimumRows AUTO: fewest rows the run must have deleted from the table
 * @param minimumShare AUTO: smallest share of {@code tableRows} the run must have deleted, 0 to 1
 * @param tableRows rows of the table when planned, by statistics
 */
public record VacuumRequest(
        long oid, TableName table, Mode mode, long minimumRows, double minimumShare, long tableRows) {
    public static final String STEP_KIND = "vacuum";

    /** Whether the run's earlier steps decide. */
    public enum Mode {
        /** If the run deleted enough rows of the table. */
        AUTO,
        /** If the run deleted a row of the table. */
        WHEN_DELETED,
        /** In any case. */
        ALWAYS
    }
}
