package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunObserver;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.WarmConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a run's tables looked at before it changes anything, and when it has done its work; not those of a routine, whose parts are
 * runs themselves. Both looks go over the run's own connection, so that a short run opens no other; the last one goes beside the
 * writing of its end. Used by the run's own thread.
 */
final class BeforeAndAfter {
    private static final Logger LOG = LoggerFactory.getLogger(BeforeAndAfter.class);
    /** For what is left of the writing of the first look. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Optional<RunObserver> observer;
    private final RunRow run;
    private final Supplier<List<TableName>> tables;
    private Optional<CompletableFuture<Void>> first = Optional.empty();

    /** @param tables of the run */
    BeforeAndAfter(Optional<RunObserver> observer, RunRow run, Supplier<List<TableName>> tables) {
        this.observer = observer.filter(one -> run.kind() != RunKind.ROUTINE);
        this.run = run;
        this.tables = tables;
    }

    /** A step is about to work on that session, as yet as who logged in. */
    void begin(Session session) {
        if (first.isEmpty() && run.started().isEmpty()) {
            first = observer.map(one -> one.begins(run.id(), run.target(), tables.get(), session.connection()));
        }
    }

    /**
     * The work is done.
     *
     * @param away whether the target could not be reached: nobody looks then
     * @param connection what is left of the run's last session
     */
    void end(boolean away, Optional<WarmConnection> connection) {
        if (away || observer.isEmpty()) {
            connection.ifPresent(WarmConnection::close);
            return;
        }
        first.ifPresent(this::await); // whose tables were not looked at before are not looked at afterwards
        observer.get().ends(run.id(), run.target(), connection);
    }

    private void await(CompletableFuture<Void> written) {
        try {
            written.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("run {}: what was before it is not written yet", run.id());
        }
    }
}
