package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ControlStore.Tx;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Plans in the control store. */
@Singleton
public class PlanStore {
    private final ControlStore store;

    PlanStore(ControlStore store) {
        this.store = store;
    }

    /**
     * A plan as the control store keeps it.
     *
     * @param content the plan in JSON
     * @param claimed whether a run executes it or did
     * @param runId run that executes it
     */
    public record PlanRow(String content, boolean claimed, Optional<UUID> runId) {
        static PlanRow read(ResultSet row) throws SQLException {
            return new PlanRow(
                    row.getString("content"),
                    row.getBoolean("claimed"),
                    Optional.ofNullable(row.getObject("run_id", UUID.class)));
        }
    }

    public void insert(UUID id, String target, String content, Instant created, Instant expires) {
        store.update("plan_insert", id, target, content, created, expires);
    }

    public Optional<PlanRow> find(UUID id) {
        return store.first("plan_find", PlanRow::read, id);
    }

    /** Claims a plan for the run that the same transaction stores: without the run there is no claim. */
    static void claim(Tx tx, UUID id, Instant now) {
        if (tx.update("plan_claim", now, id) == 0) {
            throw alreadyExecuted(id, tx.first("plan_find", PlanRow::read, id).flatMap(PlanRow::runId));
        }
    }

    /** @param run that executed it, if it is still known */
    public static CaretakerException alreadyExecuted(UUID id, Optional<UUID> run) {
        return CaretakerException.of(
                Reason.PLAN_ALREADY_EXECUTED,
                "Plan " + id + " was already executed"
                        + run.map(by -> " by run " + by).orElse("") + ": make a new one.",
                Map.of(
                        "plan_id",
                        id.toString(),
                        "run_id",
                        run.map(UUID::toString).orElse("")));
    }

    /** Forgets plans that expired before an instant and that no run executed, as far as runs are kept. */
    public int prune(Instant expiredBefore) {
        return store.update("plans_prune", expiredBefore);
    }
}
