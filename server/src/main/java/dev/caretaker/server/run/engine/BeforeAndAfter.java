package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunObserver;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.TableName;
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
 * Has a run's tables looked at before it changes anything, and when it has done its work; not those of a routine, whose parts are runs
 * themselves. Neither look costs it time: the first goes
 * beside the preparation of its first step, the last beside the writing of its end. Used by the run's own thread.
 */
final class BeforeAndAfter {
    private static final Logger LOG = LoggerFactory.getLogger(BeforeAndAfter.class);
    /** For what is left of the first look: what a batch has locked by then waits, too. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Optional<RunObserver> observer;
    private final RunRow run;
    private final Supplier<List<TableName>> tables;
    private boolean begun;
    private Optional<CompletableFuture<Void>> first = Optional.empty();

    /** @param tables of the run */
    BeforeAndAfter(Optional<RunObserver> observer, RunRow run, Supplier<List<TableName>> tables) {
        this.observer = observer.filter(one -> run.kind() != RunKind.ROUTINE);
        this.run = run;
        this.tables = tables;
    }

    /** A step is about to work. */
    void begin() {
        if (!begun && run.started().isEmpty()) {
            begun = true;
            first = observer.map(one -> one.begins(run.id(), run.target(), tables.get()));
        }
    }

    /** From here on the tables change. */
    void changes() {
        if (first.isEmpty()) {
            return;
        }
        CompletableFuture<Void> look = first.get();
        first = Optional.empty();
        try {
            look.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            look.cancel(false);
        } catch (InterruptedException e) {
            look.cancel(false);
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("run {}: what was before it is not known", run.id(), e.getCause());
        }
    }

    /** The work is done. */
    void end() {
        changes(); // whose tables were not looked at before are not looked at afterwards
        observer.ifPresent(one -> one.ends(run.id(), run.target()));
    }
}
