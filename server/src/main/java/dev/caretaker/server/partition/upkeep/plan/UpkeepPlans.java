package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Actor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes, keeps and executes plans of upkeep. All methods throw {@link dev.caretaker.server.error.CaretakerException}. */
public interface UpkeepPlans {

    /**
     * Says what upkeep would do now. Changes nothing at the target.
     *
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD, PARTITION_SET_NOT_FOUND, TARGET_NOT_FOUND,
     *     TARGET_UNREACHABLE
     */
    UpkeepPlan plan(PlanRequest request);

    /** Fails with PLAN_NOT_FOUND. */
    UpkeepPlan get(UUID planId);

    /**
     * Starts a run of exactly this plan and returns at once. With nothing to do, the run has no steps.
     *
     * @throws dev.caretaker.server.error.CaretakerException PLAN_NOT_FOUND, ETAG_MISMATCH, PLAN_EXPIRED, PLAN_DRIFTED,
     *     PLAN_ALREADY_EXECUTED, BACKUP_TOO_OLD
     */
    default RunView execute(ExecuteRequest request) {
        return execute(UUID.randomUUID(), request);
    }

    /** The same under an id of the caller's choice. */
    RunView execute(UUID runId, ExecuteRequest request);

    /**
     * What to plan.
     *
     * @param target may be empty if sets are named
     * @param sets names of sets of one target; empty means all of the target's
     * @param timeToLive how long the plan may be executed; 1 h when empty, at most 7 days
     * @param backup without which none of it is done, as far as it takes partitions away
     */
    record PlanRequest(
            Optional<String> target,
            List<String> sets,
            Optional<Duration> timeToLive,
            Optional<BackupDemand> backup,
            Actor actor) {

        /** One that demands no backup. */
        public PlanRequest(Optional<String> target, List<String> sets, Optional<Duration> timeToLive, Actor actor) {
            this(target, sets, timeToLive, Optional.empty(), actor);
        }
    }

    /**
     * Which plan to execute.
     *
     * @param etag fingerprint the caller has seen; when present it must match
     * @param timeLimit longest time the run may take
     * @param parentRunId run that asks for it, if one does
     */
    record ExecuteRequest(
            UUID planId,
            Optional<String> etag,
            Optional<Duration> timeLimit,
            Optional<UUID> parentRunId,
            Actor actor) {}
}
