package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
     * @param claimed whether somebody executes it or did
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

    /** True for one caller only: the one who may execute the plan. */
    public boolean claim(UUID id, Instant now) {
        return store.update("plan_claim", now, id) == 1;
    }

    /** Gives the claim back, unless there is a run by now. */
    public void release(UUID id) {
        store.update("plan_release", id);
    }

    /** Forgets plans that expired before an instant and were never executed. */
    public int prune(Instant expiredBefore) {
        return store.update("plans_prune", expiredBefore);
    }
}
