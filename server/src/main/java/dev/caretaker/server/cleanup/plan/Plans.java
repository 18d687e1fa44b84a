package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.run.RunView;
import java.util.UUID;

/** Makes, keeps and executes plans. All methods throw {@link dev.caretaker.server.error.CaretakerException}. */
public interface Plans {

    /**
     * Says what retention would remove, how, and what it costs. Changes nothing at the target.
     *
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD, POLICY_NOT_FOUND, TARGET_NOT_FOUND,
     *     UNSUPPORTED_RELATION, POLICY_DOES_NOT_FIT, IS_STANDBY, MISSING_PRIVILEGE, TARGET_UNREACHABLE
     */
    Plan plan(PlanRequest request);

    /** The same plan, kept nowhere: it cannot be executed. */
    Plan draft(PlanRequest request);

    /** Fails with PLAN_NOT_FOUND. */
    Plan get(UUID planId);

    /**
     * Starts a run of exactly this plan and returns at once.
     *
     * @throws dev.caretaker.server.error.CaretakerException PLAN_NOT_FOUND, ETAG_MISMATCH, PLAN_EXPIRED, PLAN_DRIFTED,
     *     PLAN_ALREADY_EXECUTED, PLAN_BLOCKED, PLAN_OVER_LIMIT, TARGET_UNREACHABLE
     */
    default RunView execute(ExecuteRequest request) {
        return execute(UUID.randomUUID(), request);
    }

    /** The same under an id of the caller's choice. */
    RunView execute(UUID runId, ExecuteRequest request);
}
