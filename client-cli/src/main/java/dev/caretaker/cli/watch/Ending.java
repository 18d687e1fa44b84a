package dev.caretaker.cli.watch;

import dev.caretaker.v1.RunFinished;

/** How following a run ended. */
sealed interface Ending {
    /** The run ended. */
    record Finished(String runId, RunFinished event) implements Ending {}

    /** The client left, the run goes on; {@code runId} is empty if it was not known yet. */
    record Detached(String runId, boolean interrupted) implements Ending {}

    /** The wanted events are no longer kept. */
    record Expired(String runId, RuntimeException error) implements Ending {}
}
