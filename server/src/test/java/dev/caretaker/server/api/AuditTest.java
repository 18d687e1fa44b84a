package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.Actor;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.RunServiceGrpc;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static ApiServer server;
    private static RunServiceGrpc.RunServiceBlockingStub runs;
    private final String requestId = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        server = ApiServer.start();
        runs = RunServiceGrpc.newBlockingStub(server.channel());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void a_mutation_is_recorded_once_with_who_what_where_and_why() {
        PauseRunRequest request = PauseRunRequest.newBuilder()
                .setRequestId(requestId)
                .setRunId(run())
                .setReason("lunch")
                .setActor("alice")
                .build();
        runs.pauseRun(request);
        runs.pauseRun(request);
        assertThat(audited("actor || ' ' || verified || ' ' || method || ' ' || target || ' ' || outcome"))
                .isEqualTo("alice false PauseRun main OK");
        assertThat(audited("summary ->> 'reason'")).isEqualTo("lunch");
        assertThat(audited("summary ->> 'run_id'")).isEqualTo(request.getRunId());
    }

    @Test
    void what_a_plan_became_is_recorded() {
        var plan = MaintenanceServiceGrpc.newBlockingStub(server.channel())
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(requestId)
                        .addPolicies("old-jobs")
                        .build())
                .getPlan();
        assertThat(audited("target || ' ' || (summary ->> 'policies')")).isEqualTo("main old-jobs");
        assertThat(audited("summary ->> 'plan_id'")).isEqualTo(plan.getPlanId());
    }

    @Test
    void what_was_refused_is_recorded_with_the_reason() {
        ErrorDetails.of(() -> runs.cancelRun(CancelRunRequest.newBuilder()
                .setRequestId(requestId)
                .setRunId(UUID.randomUUID().toString())
                .build()));
        assertThat(audited("outcome || ' ' || reason")).isEqualTo("REFUSED RUN_NOT_FOUND");
    }

    @Test
    void bad_input_is_recorded_too_whatever_it_holds() {
        ErrorDetails.of(() -> PolicyServiceGrpc.newBlockingStub(server.channel())
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(requestId)
                        .setActor("eve\0" + "e".repeat(5_000))
                        .addPolicies(ValidationTest.GOOD.toBuilder().setName("\0'; DROP TABLE caretaker.audit"))
                        .build()));
        assertThat(audited("outcome || ' ' || reason")).isEqualTo("REFUSED INVALID_FIELD");
        assertThat(audited("summary ->> 'policies'")).asString().contains("DROP TABLE");
    }

    @Test
    void a_reused_id_is_recorded_as_refused() {
        PauseRunRequest request = PauseRunRequest.newBuilder()
                .setRequestId(requestId)
                .setRunId(run())
                .build();
        runs.pauseRun(request);
        ErrorDetails.of(
                () -> runs.pauseRun(request.toBuilder().setReason("other").build()));
        assertThat(server.store()
                        .value(
                                "SELECT string_agg(outcome || ' ' || reason, ', ' ORDER BY audit_id) FROM caretaker.audit"
                                        + " WHERE request_id = '" + requestId + "'"))
                .isEqualTo("OK , REFUSED REQUEST_ID_REUSED");
    }

    private static String run() {
        return server.bean(FakeRuns.class).add(new Actor("test", true)).id().toString();
    }

    private Object audited(String expression) {
        String rows = " FROM caretaker.audit WHERE request_id = '" + requestId + "'";
        assertThat(server.store().number("SELECT count(*)" + rows)).isEqualTo(1);
        return server.store().value("SELECT " + expression + rows);
    }
}
