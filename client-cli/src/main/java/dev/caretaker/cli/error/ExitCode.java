package dev.caretaker.cli.error;

import dev.caretaker.v1.Debt;
import dev.caretaker.v1.RunOutcome;
import io.grpc.Status;
import java.util.List;

/** What the process leaves with; written down in the help and in the README, never changed. */
public final class ExitCode {
    /** Done. Also: detached from a run that goes on. */
    public static final int COMPLETE = 0;
    /** It failed. */
    public static final int FAILED = 1;
    /** The command line, a file or an argument is wrong. */
    public static final int USAGE = 2;
    /** Caretaker refused: something does not exist, changed meanwhile, or is not in the right state. */
    public static final int REFUSED = 3;
    /** The server, or the database behind it, cannot be reached. */
    public static final int UNREACHABLE = 4;
    /** The run was cancelled. */
    public static final int CANCELLED = 5;
    /** Findings at least as bad as {@code --fail-on} says. */
    public static final int FINDINGS = 6;
    /**
     * The run ended in good order, but eligible rows are left (deadline, pinned or residual rows), or rows that left their table
     * are not at their archive's destination yet.
     */
    public static final int PARTIAL = 7;

    /** Kind of the debt that an archive is which waits for its destination. */
    private static final String ARCHIVE_UNSTORED = "archive-unstored";

    private ExitCode() {}

    /** The code for a call that was answered with an error. */
    public static int of(Status.Code code) {
        return switch (code) {
            case OK -> COMPLETE;
            case INVALID_ARGUMENT -> USAGE;
            case FAILED_PRECONDITION,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    ABORTED,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    OUT_OF_RANGE,
                    RESOURCE_EXHAUSTED -> REFUSED;
            case UNAVAILABLE, DEADLINE_EXCEEDED -> UNREACHABLE;
            case CANCELLED -> CANCELLED;
            case UNKNOWN, UNIMPLEMENTED, INTERNAL, DATA_LOSS -> FAILED;
        };
    }

    /**
     * The code for a run that ended.
     *
     * @param debts what it left behind
     */
    public static int of(RunOutcome outcome, List<Debt> debts) {
        boolean unstored =
                debts.stream().anyMatch(debt -> debt.getKind().equals(ARCHIVE_UNSTORED) && !debt.hasSettleTime());
        return switch (outcome) {
            case RUN_OUTCOME_COMPLETE, RUN_OUTCOME_SKIPPED -> unstored ? PARTIAL : COMPLETE;
            case RUN_OUTCOME_RESIDUAL, RUN_OUTCOME_PINNED, RUN_OUTCOME_DEADLINE -> PARTIAL;
            case RUN_OUTCOME_CANCELLED -> CANCELLED;
            case RUN_OUTCOME_FAILED, RUN_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> FAILED;
        };
    }
}
