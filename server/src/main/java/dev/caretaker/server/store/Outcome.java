package dev.caretaker.server.store;

/** How a run or a step ended, mildest first: a run's outcome is the gravest of its steps' outcomes. */
public enum Outcome {
    /** Steps only: not needed or not worth it. */
    SKIPPED,
    COMPLETE,
    /** Eligible rows kept moving and some are left. */
    RESIDUAL,
    /** Referencing rows held some back. */
    PINNED,
    /** The deadline or a limit of the policy was reached. */
    DEADLINE,
    CANCELLED,
    FAILED;

    /** The graver of the two. */
    public Outcome and(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
