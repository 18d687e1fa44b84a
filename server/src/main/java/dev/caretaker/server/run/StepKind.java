package dev.caretaker.server.run;

/**
 * A kind of work the engine can do. One bean of this type is all that a new kind of work needs; pausing, throttling,
 * resuming and progress come with the engine.
 *
 * @param <P> parameters: a record that survives a round trip through JSON
 */
public interface StepKind<P extends Record> {

    /** Stable name, in kebab case: it is stored with every step. */
    String name();

    /** Class of the parameters, for reading them back from the control store. */
    Class<P> parameterType();

    /**
     * Whether runs of such steps alone begin even where all work is on hold: rows must find a partition. A hold that names
     * their kind of run stops them.
     */
    default boolean goesOnUnderHold() {
        return false;
    }

    /**
     * Whether whatever such a step does first needs locks that exclude readers, or waits for old snapshots: it is not begun while a
     * backup of the target holds on to what it reads. Of one that has begun, and of those whose statements differ, each statement
     * tells ({@link StatementStep#excludesReaders}).
     */
    default boolean excludesReaders() {
        return false;
    }

    /** Builds the step; does nothing yet. */
    Step open(P parameters, StepContext context);
}
