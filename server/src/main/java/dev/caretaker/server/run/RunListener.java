package dev.caretaker.server.run;

import dev.caretaker.server.store.RunKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Hears what this server does for runs, for whoever counts or traces it. Called on the threads of runs, after what happened is
 * stored; must be quick and must not throw.
 */
public interface RunListener {

    /** This server begins to work on a run, or goes on with it. {@link Work#UNHEARD} if that is of no interest. */
    Work begins(Beginning run);

    /**
     * A run as it is when this server begins to work on it.
     *
     * @param accepted when it was accepted
     * @param started when it first worked, if it has before
     * @param trace that it belongs to
     */
    record Beginning(
            UUID id,
            RunKind kind,
            String target,
            Instant accepted,
            Optional<Instant> started,
            Optional<TraceParent> trace) {}

    /** The work on one run, until it ends, waits or is taken over. */
    interface Work {
        /** Nobody listens. */
        Work UNHEARD = new Work() {};

        /** It is stored. */
        default void happened(RunEvent event) {}

        /** A batch, or a part of one, was held back for that time. */
        default void heldBack(ThrottleSignal signal, Duration time) {}

        /** A batch was committed. */
        default void batch(BatchReport batch) {}

        /** A batch or statement was rolled back by an error, whether it is tried again or not. */
        default void failed(FailureReport failure) {}

        /** Another server took the run over while this one thought that it works on it. */
        default void lost() {}
    }

    /**
     * A batch that was committed.
     *
     * @param step its ordinal
     * @param took with journal and commit
     * @param target time that it should have taken
     * @param rows that it deleted
     */
    record BatchReport(int step, Duration took, Duration target, long rows) {}

    /**
     * Work that was rolled back.
     *
     * @param step its ordinal
     * @param batch whether it was a batch; else a statement
     * @param took until then
     * @param reason stable name
     * @param sqlState empty if the error did not come from Postgres
     */
    record FailureReport(int step, boolean batch, Duration took, String reason, String sqlState) {}
}
