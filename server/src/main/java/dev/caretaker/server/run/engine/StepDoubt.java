package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.engine.InDoubt.Verdict;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a step's batch that was journalled and of which nobody knows yet whether it was committed: whether it is counted,
 * and from where the step goes on.
 */
final class StepDoubt {
    private final StepScope scope;
    private final Step step;
    private final StepJournal journal;

    StepDoubt(StepScope scope, Step step) {
        this.scope = scope;
        this.step = step;
        this.journal = scope.journal();
    }

    /** What is behind the cursor may be back. Written before the step counts as one of this lineage. */
    <C extends Record> void startOver(Session session, BatchStep<C> batches) throws SQLException {
        if (journal.pending().isPresent()) {
            settleUncounted(new InDoubt(session).verdict(journal.pending().get()));
        }
        Optional<C> kept = journal.position(batches.cursorType()).flatMap(batches::startedOver);
        journal.startOver();
        kept.ifPresent(journal::moveTo);
        write();
    }

    /** Has the step prepared, settles what is in doubt, and says where to go on. */
    <C extends Record> C prepare(Session session, BatchStep<C> batches) throws SQLException {
        Optional<C> stored = journal.position(batches.cursorType());
        Optional<Verdict> verdict = Optional.empty();
        if (journal.pending().isPresent()) {
            verdict = Optional.of(new InDoubt(session).verdict(journal.pending().get()));
        }
        if (batches.goesOnBehind() && verdict.equals(Optional.of(Verdict.COMMITTED))) {
            journal.happened();
            write();
            verdict = Optional.empty();
            stored = journal.position(batches.cursorType());
        }
        scope.target().actForOwner(session, batches.fencedOid());
        C from;
        try {
            from = batches.prepare(session, stored);
        } catch (CaretakerException e) {
            verdict.ifPresent(this::settleUncounted);
            throw e;
        }
        if (verdict.isPresent()) {
            settle(session, batches, verdict.get(), stored.orElse(from));
            if (batches.goesOnBehind()) {
                from = batches.prepare(session, journal.position(batches.cursorType()));
            }
        }
        journal.moveTo(from);
        return from;
    }

    /** The step is given up, so nobody will ever find out. */
    void forget() {
        journal.pending().ifPresent(pending -> forget(pending.done().rowsDeleted()));
    }

    private <C extends Record> void settle(Session session, BatchStep<C> batches, Verdict verdict, C from)
            throws SQLException {
        Pending pending = journal.pending().orElseThrow();
        switch (verdict) {
            case COMMITTED -> journal.counted(pending.done());
            case ROLLED_BACK -> journal.didNotHappen();
            case UNKNOWN -> recount(session, batches, pending, from);
        }
        write();
    }

    private <C extends Record> void recount(Session session, BatchStep<C> batches, Pending pending, C from)
            throws SQLException {
        C to = Json.read(pending.next().orElseThrow(), batches.cursorType());
        long rows = pending.done().rowsDeleted();
        if (pending.since().isPresent()
                && batches.undone(session, from, to, pending.since().get())) {
            journal.didNotHappen();
            return;
        }
        if (batches.goesOnBehind()) {
            takeAsDone(rows);
            return;
        }
        long remaining = batches.remaining(session, from, to);
        InDoubt.Recount recount = InDoubt.recount(rows, remaining);
        if (recount.committed()) {
            journal.counted(pending.done());
        } else {
            journal.didNotHappen();
        }
        if (!recount.exact()) {
            journal.inexact();
            warn(
                    "The server stopped while a batch of " + Amounts.count(rows, "row", "rows")
                            + " was being committed; " + Amounts.count(remaining)
                            + (remaining == 1 ? " is" : " are") + " left in its range, so it is counted as "
                            + (recount.committed() ? "committed" : "rolled back")
                            + ". Whoever else wrote there meanwhile may have changed that.",
                    Map.of("rows", Long.toString(rows), "remaining", Long.toString(remaining)));
        }
    }

    /** Better twice than never: what the batch made outside of the database stays. */
    private void takeAsDone(long rows) {
        journal.happened();
        if (rows > 0) {
            journal.inexact();
            warn(
                    "Nobody can tell whether the latest batch of " + Amounts.count(rows, "row", "rows")
                            + " was committed; it is counted as if it was, and what it kept elsewhere stays there. Rows of"
                            + " it that are still in their table may be there twice.",
                    Map.of("rows", Long.toString(rows)));
        }
    }

    /** The step can no longer be prepared, so nothing can be recounted. */
    private void settleUncounted(Verdict verdict) {
        Totals done = journal.pending().orElseThrow().done();
        switch (verdict) {
            case COMMITTED -> {
                if (goesOnBehind()) {
                    journal.happened();
                } else {
                    journal.counted(done);
                }
            }
            case ROLLED_BACK -> journal.didNotHappen();
            case UNKNOWN -> forget(done.rowsDeleted());
        }
        write();
    }

    private void forget(long rows) {
        if (goesOnBehind()) {
            takeAsDone(rows);
            return;
        }
        journal.didNotHappen();
        if (rows > 0) {
            journal.inexact();
            warn(
                    "Nobody can tell any more whether the latest batch of " + Amounts.count(rows, "row", "rows")
                            + " was committed; it is not counted.",
                    Map.of("rows", Long.toString(rows)));
        }
    }

    private boolean goesOnBehind() {
        return step instanceof BatchStep<?> batches && batches.goesOnBehind();
    }

    private void write() {
        scope.control().update(journal.settle());
    }

    private void warn(String message, Map<String, String> metadata) {
        scope.warn("COUNT_IN_DOUBT", message, metadata);
    }
}
