package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.api.Fakes.FakePlans;
import dev.caretaker.server.api.Fakes.FakePolicies;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PauseRunResponse;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.RunServiceGrpc;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestIdTest {
    private static ApiServer server;
    private static RunServiceGrpc.RunServiceBlockingStub runs;
    private static MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance;
    private static PolicyServiceGrpc.PolicyServiceBlockingStub policies;
    private static FakeRuns fakeRuns;

    private final String requestId = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        server = ApiServer.start();
        runs = RunServiceGrpc.newBlockingStub(server.channel());
        maintenance = MaintenanceServiceGrpc.newBlockingStub(server.channel());
        policies = PolicyServiceGrpc.newBlockingStub(server.channel());
        fakeRuns = server.bean(FakeRuns.class);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void forget() {
        fakeRuns.steered.clear();
        fakeRuns.whileSteering = () -> {};
        server.bean(FakePolicies.class).failure = null;
    }

    @Test
    void the_same_request_twice_acts_once_and_gets_the_first_answer() {
        PauseRunRequest request = pause("lunch");
        PauseRunResponse first = runs.pauseRun(request);
        assertThat(runs.pauseRun(request)).isEqualTo(first);
        assertThat(fakeRuns.steered).hasSize(1);
    }

    @Test
    void who_repeats_it_does_not_matter() {
        PauseRunRequest request = pause("lunch");
        PauseRunResponse first = runs.pauseRun(request);
        assertThat(runs.pauseRun(request.toBuilder().setActor("somebody else").build()))
                .isEqualTo(first);
        assertThat(fakeRuns.steered).hasSize(1);
    }

    @Test
    void the_same_id_with_other_content_is_refused() {
        PauseRunRequest request = pause("lunch");
        runs.pauseRun(request);
        ErrorDetails refused = ErrorDetails.of(
                () -> runs.pauseRun(request.toBuilder().setReason("dinner").build()));
        assertThat(refused.code()).isEqualTo("ALREADY_EXISTS");
        assertThat(refused.reason()).isEqualTo("REQUEST_ID_REUSED");
        assertThat(refused.thrown()).hasMessageContaining("was used before, by PauseRun with other content.");
        assertThat(fakeRuns.steered).hasSize(1);
    }

    @Test
    void the_same_id_for_another_method_is_refused() {
        PauseRunRequest request = pause("lunch");
        runs.pauseRun(request);
        ErrorDetails refused = ErrorDetails.of(() -> runs.cancelRun(CancelRunRequest.newBuilder()
                .setRequestId(requestId)
                .setRunId(request.getRunId())
                .setReason("lunch")
                .build()));
        assertThat(refused.reason()).isEqualTo("REQUEST_ID_REUSED");
    }

    @Test
    void twenty_at_once_act_once_and_all_get_the_same_answer() throws Exception {
        PauseRunRequest request = pause("all at once");
        List<Future<PauseRunResponse>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<PauseRunResponse> call = () -> runs.pauseRun(request);
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(call));
            }
            for (Future<PauseRunResponse> answer : answers) {
                assertThat(answer.get()).isEqualTo(answers.getFirst().get());
            }
        }
        assertThat(fakeRuns.steered).hasSize(1);
    }

    @Test
    void while_the_first_is_at_work_the_second_is_told_so_and_later_gets_its_answer() throws Exception {
        PauseRunRequest request = pause("slowly");
        CountDownLatch steering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fakeRuns.whileSteering = () -> {
            steering.countDown();
            await(goOn);
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<PauseRunResponse> first = threads.submit(() -> runs.pauseRun(request));
            await(steering);
            ErrorDetails refused = ErrorDetails.of(() -> runs.pauseRun(request));
            assertThat(refused.code()).isEqualTo("ABORTED");
            assertThat(refused.reason()).isEqualTo("REQUEST_IN_PROGRESS");
            goOn.countDown();
            assertThat(runs.pauseRun(request)).isEqualTo(first.get());
        }
        assertThat(fakeRuns.steered).hasSize(1);
    }

    @Test
    void a_request_that_failed_may_be_tried_again_but_not_with_other_content() {
        server.bean(FakePolicies.class).failure =
                CaretakerException.of(Reason.TARGET_UNREACHABLE, "the target does not answer");
        ApplyPoliciesRequest request = ApplyPoliciesRequest.newBuilder()
                .setRequestId(requestId)
                .addPolicies(ValidationTest.GOOD)
                .build();
        assertThat(ErrorDetails.of(() -> policies.applyPolicies(request)).reason())
                .isEqualTo("TARGET_UNREACHABLE");
        server.bean(FakePolicies.class).failure = null;
        assertThat(ErrorDetails.of(() -> policies.applyPolicies(
                                request.toBuilder().addPruneTargets("main").build()))
                        .reason())
                .isEqualTo("REQUEST_ID_REUSED");
        assertThat(policies.applyPolicies(request).getPoliciesCount()).isEqualTo(1);
    }

    @Test
    void a_request_that_is_only_validated_leaves_its_id_to_the_one_that_is_meant() {
        ApplyPoliciesRequest request = ApplyPoliciesRequest.newBuilder()
                .setRequestId(requestId)
                .addPolicies(ValidationTest.GOOD)
                .build();

        policies.applyPolicies(request.toBuilder().setValidateOnly(true).build());

        assertThat(policies.applyPolicies(request).getPoliciesCount()).isEqualTo(1);
    }

    @Test
    void a_request_id_must_be_a_UUID() {
        for (String id : List.of("", "1", "{" + UUID.randomUUID() + "}", "1-1-1-1-1")) {
            ErrorDetails refused = ErrorDetails.of(
                    () -> runs.pauseRun(pause("x").toBuilder().setRequestId(id).build()));
            assertThat(refused.code()).isEqualTo("INVALID_ARGUMENT");
            assertThat(refused.fields()).containsExactly("request_id");
        }
        assertThat(fakeRuns.steered).isEmpty();
    }

    @Test
    void a_repeated_execution_attaches_to_the_run_it_made_from_its_first_event() {
        Plan plan = maintenance
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget("main")
                        .build())
                .getPlan();
        ExecuteCleanupRequest request = ExecuteCleanupRequest.newBuilder()
                .setRequestId(requestId)
                .setPlanId(plan.getPlanId())
                .setEtag(plan.getEtag())
                .build();
        int before = fakeRuns.started.get();
        List<ExecuteCleanupResponse> first = drain(maintenance.executeCleanup(request));
        List<ExecuteCleanupResponse> second = drain(maintenance.executeCleanup(request));
        assertThat(fakeRuns.started.get() - before).isEqualTo(1);
        assertThat(first)
                .extracting(response -> response.getEvent().getSequence())
                .containsExactly(1L, 2L);
        assertThat(second.getFirst().getEvent().hasAccepted()).isTrue();
        assertThat(second.getFirst().getEvent().getRunId())
                .isEqualTo(first.getFirst().getEvent().getRunId());
        assertThat(ErrorDetails.of(() -> drain(maintenance.executeCleanup(request.toBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .build())))
                        .reason())
                .isEqualTo("PLAN_ALREADY_EXECUTED");
    }

    @Test
    void a_plan_with_another_etag_is_not_executed() {
        var plan = server.bean(FakePlans.class)
                .plan(new dev.caretaker.server.cleanup.plan.PlanRequest(
                        List.of(),
                        java.util.Optional.of("main"),
                        false,
                        java.util.Optional.empty(),
                        false,
                        java.util.Optional.empty(),
                        new Actor("test", true)));
        ErrorDetails refused = ErrorDetails.of(() -> drain(maintenance.executeCleanup(ExecuteCleanupRequest.newBuilder()
                .setRequestId(requestId)
                .setPlanId(plan.id().toString())
                .setEtag("another")
                .build())));
        assertThat(refused.code()).isEqualTo("ABORTED");
        assertThat(refused.reason()).isEqualTo("ETAG_MISMATCH");
    }

    private PauseRunRequest pause(String reason) {
        return PauseRunRequest.newBuilder()
                .setRequestId(requestId)
                .setRunId(fakeRuns.add(new Actor("test", true)).id().toString())
                .setReason(reason)
                .build();
    }

    private static <T> List<T> drain(Iterator<T> stream) {
        List<T> all = new ArrayList<>();
        stream.forEachRemaining(all::add);
        return all;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
