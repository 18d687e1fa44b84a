package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Looks at the tables of a run before it changes anything and when it has done its work, for whoever compares. Looks are taken
 * beside the run, on threads of their own; both methods return at once and do not throw.
 */
public interface RunObserver {

    /**
     * The run is about to work for the first time; may be called again until it does.
     *
     * @return completed when the look is taken or has failed, never exceptionally. Who cancels it changes the tables from now on: a
     *     look that has not ended by then is not kept
     */
    CompletableFuture<Void> begins(UUID runId, String target, List<TableName> tables);

    /** It has done its work, and is about to be told as ended. Whoever asks what was seen of it waits for this look. */
    void ends(UUID runId, String target);
}
