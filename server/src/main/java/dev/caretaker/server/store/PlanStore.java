package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plans in the control store. */
@ControlStoreRepository
public interface PlanStore extends GenericRepository<PlanStore.PlanRow, UUID> {
    /** Kind of the plans of cleanups. */
    String CLEANUP = "cleanup";
    /** Kind of the plans of upkeep. */
    String UPKEEP = "upkeep";

    /**
     * A plan as the control store keeps it.
     *
     * @param content the plan in JSON
     * @param claimed whether a run executes it or did
     * @param runId run that executes it; null if none that is still kept
     */
    @MappedEntity("plan")
    record PlanRow(
            @Id UUID planId,
            String content,
            boolean claimed,
            @Nullable UUID runId) {
        public Optional<UUID> run() {
            return Optional.ofNullable(runId);
        }
    }

    @Query("""
            INSERT INTO caretaker.plan (plan_id, kind, target, content, created, expires)
            VALUES (:id, :kind, :target, :content, :created, :expires)""")
    void insert(UUID id, String kind, String target, String content, Instant created, Instant expires);

    @Query("""
            SELECT p.plan_id, p.content, p.claimed IS NOT NULL AS claimed, r.run_id
            FROM caretaker.plan p
            LEFT JOIN caretaker.run r ON r.plan_id = p.plan_id
            WHERE p.plan_id = :id""")
    Optional<PlanRow> find(UUID id);

    /** A plan of that kind. */
    @Query("""
            SELECT p.plan_id, p.content, p.claimed IS NOT NULL AS claimed, r.run_id
            FROM caretaker.plan p
            LEFT JOIN caretaker.run r ON r.plan_id = p.plan_id
            WHERE p.plan_id = :id AND p.kind = :kind""")
    Optional<PlanRow> findOfKind(UUID id, String kind);

    /** Whoever changes the row may execute the plan: how many did, 0 or 1. */
    @Query("UPDATE caretaker.plan SET claimed = :now WHERE plan_id = :id AND claimed IS NULL")
    int claim(UUID id, Instant now);

    /** @param run that executed it, if it is still known */
    static CaretakerException alreadyExecuted(UUID id, Optional<UUID> run) {
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
}
