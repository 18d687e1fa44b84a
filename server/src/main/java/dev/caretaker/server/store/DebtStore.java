package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What steps have made at targets that must not stay. Written by the run's lease, settled by any server. */
@Singleton
public class DebtStore {
    private static final int MOST = 10_000;

    private final ControlStore store;

    DebtStore(ControlStore store) {
        this.store = store;
    }

    /**
     * Writes a debt down before it is made; one with the same run, step, kind and object is replaced. What is to be tried
     * first, and when, is told by {@code debt.nextTry()}.
     *
     * @param epoch the run's lease
     * @return false if the lease is lost
     */
    public boolean owe(DebtRow debt, long epoch) {
        return store.update(
                        "debt_owe",
                        debt.id(),
                        debt.kind(),
                        debt.step(),
                        debt.object().schema(),
                        debt.object().name(),
                        debt.table().schema(),
                        debt.table().name(),
                        debt.fencedOid(),
                        debt.message(),
                        debt.details(),
                        debt.incurred(),
                        debt.nextTry(),
                        debt.runId(),
                        epoch)
                == 1;
    }

    /** It is gone, by the step's own look. Nothing happens if there was none, or if the lease is lost. */
    public void strike(UUID runId, int step, String kind, TableName object, long epoch) {
        store.update("debt_strike", runId, step, kind, object.schema(), object.name(), epoch);
    }

    /** Open ones, of one target or of all, the oldest first. */
    public List<DebtRow> open(Optional<String> target) {
        return list(target, Optional.empty(), false);
    }

    /** Those of one run, settled ones among them. */
    public List<DebtRow> of(UUID runId) {
        return list(Optional.empty(), Optional.of(runId), true);
    }

    public List<DebtRow> list(Optional<String> target, Optional<UUID> runId, boolean settled) {
        return store.list("debt_list", DebtRow::read, target, runId, settled, MOST);
    }

    /** Targets at which something is due. */
    public List<String> dueTargets(Instant now) {
        return store.list("debt_targets", row -> row.getString("target"), now);
    }

    /**
     * Takes one that is due, so that no other server tries it until {@code until}.
     *
     * @return as it is with this attempt counted; empty if none is due
     */
    public Optional<DebtRow> claim(String target, Instant now, Instant until) {
        return store.first("debt_claim", DebtRow::read, until, target, now);
    }

    /** Takes this one, due or not; empty if somebody else took it since it was read, or its run goes on. */
    public Optional<DebtRow> claim(DebtRow debt, Instant until) {
        return store.first("debt_claim_one", DebtRow::read, until, debt.id(), debt.attempts());
    }

    /**
     * What came of an attempt; forgotten if another has begun since.
     *
     * @param settled when; empty if it is still open
     */
    public void answer(DebtRow debt, String answer, Instant nextTry, Optional<Instant> settled) {
        store.update("debt_answer", answer, nextTry, settled, debt.id(), debt.attempts());
    }

    /** The target is away: nothing of it is tried before then. */
    public void putOff(String target, Instant until) {
        store.update("debt_put_off", until, target, until);
    }

    /** Has what is open at a target tried now, because something may have changed there. */
    public void hurry(String target, Instant now) {
        store.update("debt_hurry", now, target, now);
    }
}
