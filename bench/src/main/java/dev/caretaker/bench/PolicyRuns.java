package dev.caretaker.bench;

import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Cleanups of tables with a column {@code at}, each by a policy that has the table's name. */
record PolicyRuns(CaretakerServer server) {

    /** A policy of one table. */
    static Policy policy(String target, String name, String table, int daysKept) {
        return Policy.newBuilder()
                .setName(name)
                .setTarget(target)
                .setTable(TableName.newBuilder().setSchema("public").setName(table))
                .setTimeColumn(
                        TimeColumn.newBuilder().setName("at").setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                .setRetention(Retention.newBuilder()
                        .setDuration(com.google.protobuf.Duration.newBuilder()
                                .setSeconds(Duration.ofDays(daysKept).toSeconds())))
                .setAction(PolicyAction.POLICY_ACTION_DELETE)
                .setFollowUp(FollowUp.FOLLOW_UP_NEVER)
                .build();
    }

    void apply(List<Policy> policies) {
        PolicyServiceGrpc.newBlockingStub(server.channel())
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addAllPolicies(policies)
                        .build());
    }

    /** Applies the policy, and plans by it alone. */
    Plan plan(Policy policy) {
        apply(List.of(policy));
        return server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget(policy.getTarget())
                        .addPolicies(policy.getName())
                        .build())
                .getPlan();
    }

    /** Executes a plan; seconds from the request to the end of its run, which must be complete. */
    double execute(Plan plan) {
        long begin = System.nanoTime();
        server.awaitComplete(
                server.maintenance()
                        .executeCleanup(ExecuteCleanupRequest.newBuilder()
                                .setRequestId(id())
                                .setPlanId(plan.getPlanId())
                                .build()),
                ExecuteCleanupResponse::getEvent);
        return (System.nanoTime() - begin) / 1e9;
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
