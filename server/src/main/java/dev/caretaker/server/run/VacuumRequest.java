package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;
import java.util.Objects;

/**
 * Parameters of a step that vacuums, analyzes or rewrites one relation. It stands here because one feature orders it as
 * follow-up and another does it.
 *
 * @param oid the relation as planned; one that took its name is not touched
 * @param table its name when planned
 * @param mode whether the run's earlier steps decide
 * @param minimumRows AUTO: fewest rows the run must have deleted from the table
 * @param minimumShare AUTO: smallest share of {@code tableRows} the run must have deleted, 0 to 1
 * @param tableRows rows of the table when planned, by statistics
 * @param options how; plans of older servers have none
 * @param reason why the table was chosen, for people; empty if the mode says it all
 */
public record VacuumRequest(
        long oid,
        TableName table,
        Mode mode,
        long minimumRows,
        double minimumShare,
        long tableRows,
        VacuumOptions options,
        String reason) {

    public VacuumRequest {
        options = Objects.requireNonNullElse(options, VacuumOptions.DEFAULT);
        reason = Objects.requireNonNullElse(reason, "");
    }

    /** VACUUM (ANALYZE) after rows were deleted. */
    public static VacuumRequest followUp(
            long oid, TableName table, Mode mode, long minimumRows, double minimumShare, long tableRows) {
        return new VacuumRequest(oid, table, mode, minimumRows, minimumShare, tableRows, VacuumOptions.DEFAULT, "");
    }

    /** In any case. */
    public static VacuumRequest of(long oid, TableName table, VacuumOptions options, String reason) {
        return new VacuumRequest(oid, table, Mode.ALWAYS, 0, 0, 0, options, reason);
    }

    /** Kind of the step that takes these parameters. */
    public String stepKind() {
        return options.verb().stepKind();
    }

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
