package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.WarmConnection;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Looks at the tables of a run before it changes anything and when it has done its work. Does not throw. */
public interface RunObserver {

    /**
     * The run is about to work for the first time; may be called again until it does. The look is taken before this returns, and
     * written beside the run.
     *
     * @param connection of the run to the target, in autocommit, as who logged in; is left so
     * @return completed when the look is written or has failed, never exceptionally
     */
    CompletableFuture<Void> begins(UUID runId, String target, List<TableName> tables, Connection connection);

    /**
     * It has done its work, and is about to be told as ended. The look is taken beside the run; whoever asks what was seen of it
     * waits for this look.
     *
     * @param connection of the run to the target, closed when the look is taken; empty: another is needed
     */
    void ends(UUID runId, String target, Optional<WarmConnection> connection);
}
