package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.UUID;

/**
 * Looks at the tables of a run before it works and when it is about to be told as ended, for whoever compares. Called on the
 * thread of the run, which waits for it: it must be done within seconds, whatever the target does, and must not throw.
 */
public interface RunObserver {

    /** The run is about to work for the first time; may be called again until it does. */
    void begins(UUID runId, String target, List<TableName> tables);

    /** It has done its work. */
    void ends(UUID runId, String target);
}
