package dev.caretaker.server.run.job;

/** Stands between the threads of a job and its run: lets them go on, holds them back, ends them, and hears how far they are. */
public interface Gate {

    /**
     * Asked before every piece of work of some hundred kilobytes; waits while the run is held back.
     *
     * @throws EndedException if the run does not go on
     */
    void pass();

    /** Whether {@link #pass} would let it pass at once, or throw. Asked by what cannot wait there, such as a program. */
    default boolean isOpen() {
        return true;
    }

    /**
     * What ends something that does not ask, such as a statement or a program, called from another thread once the run does not go
     * on. Closed when there is nothing to end any more.
     */
    Registration onEnd(Runnable stop);

    /**
     * What is asked several times a second, also while the run is held back and while a statement or a program is at work: if it throws,
     * the work ends with that.
     */
    Registration watch(Runnable check);

    /**
     * Tells how far the work is.
     *
     * @param fraction 0 to 1; negative if nobody knows
     * @param phase for people: "12 of 40 tables, 1,200,000 rows"
     */
    void at(double fraction, String phase);

    /** Tells what people should know, as a warning event of the run. */
    void warn(String code, String message);

    /** See {@link #onEnd}. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** The run was paused, cancelled, or is worked elsewhere: all that was begun is to be left. */
    final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public EndedException() {
            super("the run does not go on", null, false, false);
        }
    }
}
