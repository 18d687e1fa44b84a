package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.store.Actor;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.AuditEntry;
import dev.caretaker.v1.AuditOutcome;
import dev.caretaker.v1.AuditServiceGrpc;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.ListAuditEntriesRequest;
import dev.caretaker.v1.ListAuditEntriesResponse;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.RunServiceGrpc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    @Test
    void who_asked_for_what_is_listed_newest_first_and_by_what_it_is_about() {
        String run = run();
        String other = run();
        String actor = "lister of " + run;
        for (String one : List.of(run, other, run)) {
            runs.pauseRun(PauseRunRequest.newBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .setRunId(one)
                    .setReason("by " + one)
                    .setActor(actor)
                    .build());
        }
        ErrorDetails.of(() -> runs.cancelRun(CancelRunRequest.newBuilder()
                .setRequestId(requestId)
                .setRunId("no such run, " + run)
                .setActor(actor)
                .build()));

        ListAuditEntriesRequest mine =
                ListAuditEntriesRequest.newBuilder().setAskedBy(actor).build();
        assertThat(list(mine))
                .extracting(AuditEntry::getMethod)
                .containsExactly("CancelRun", "PauseRun", "PauseRun", "PauseRun");
        AuditEntry refused = list(mine).getFirst();
        assertThat(refused.getOutcome()).isEqualTo(AuditOutcome.AUDIT_OUTCOME_REFUSED);
        assertThat(refused.getReason()).isEqualTo("INVALID_FIELD");
        assertThat(refused.getMessage()).isNotEmpty();
        assertThat(refused.getRequestId()).isEqualTo(requestId);
        assertThat(refused.getActor().getVerified()).isFalse();

        assertThat(list(mine.toBuilder().setAbout(run).build()))
                .as("what one value of the summary is")
                .hasSize(2)
                .allSatisfy(entry -> {
                    assertThat(entry.getTarget()).isEqualTo("main");
                    assertThat(entry.getSummaryMap())
                            .containsEntry("run_id", run)
                            .containsEntry("reason", "by " + run);
                });
        assertThat(list(mine.toBuilder().setMethod("CancelRun").build())).hasSize(1);
        assertThat(list(mine.toBuilder()
                        .setOutcome(AuditOutcome.AUDIT_OUTCOME_OK)
                        .setTarget("main")
                        .build()))
                .hasSize(3);
        assertThat(list(mine.toBuilder().setTarget("mai").build())).isEmpty();
        assertThat(list(mine.toBuilder().setBeforeTime(refused.getTime()).build()))
                .hasSize(3);
        assertThat(list(mine.toBuilder().setAfterTime(refused.getTime()).build()))
                .containsExactly(refused);
    }

    @Test
    void pages_of_the_audit_follow_each_other_without_a_gap() {
        String actor = "pager " + requestId;
        for (int i = 0; i < 5; i++) {
            runs.pauseRun(PauseRunRequest.newBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .setRunId(run())
                    .setActor(actor)
                    .build());
        }
        ListAuditEntriesRequest.Builder request =
                ListAuditEntriesRequest.newBuilder().setAskedBy(actor).setPageSize(2);
        List<Long> seen = new ArrayList<>();
        do {
            ListAuditEntriesResponse page = audit().listAuditEntries(request.build());
            page.getEntriesList().forEach(entry -> seen.add(entry.getEntryId()));
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());

        assertThat(seen).hasSize(5).doesNotHaveDuplicates().isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void names_of_several_things_at_once_are_found_one_by_one() {
        MaintenanceServiceGrpc.newBlockingStub(server.channel())
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(requestId)
                        .addPolicies("old-jobs")
                        .addPolicies("old-events")
                        .build());

        for (String name : List.of("old-jobs", "old-events")) {
            assertThat(list(ListAuditEntriesRequest.newBuilder().setAbout(name).build()))
                    .extracting(AuditEntry::getRequestId)
                    .contains(requestId);
        }
    }

    @Test
    void what_nobody_can_look_for_in_the_audit_is_refused() {
        assertThat(ErrorDetails.of(() -> audit().listAuditEntries(ListAuditEntriesRequest.newBuilder()
                                .setAskedBy("a\0")
                                .setAbout("x".repeat(256))
                                .setOutcomeValue(99)
                                .setPageToken("elsewhere")
                                .setAfterTime(Timestamp.newBuilder().setNanos(-1))
                                .build()))
                        .fields())
                .containsExactlyInAnyOrder("asked_by", "about", "outcome", "page_token", "after_time");
    }

    private static AuditServiceGrpc.AuditServiceBlockingStub audit() {
        return AuditServiceGrpc.newBlockingStub(server.channel());
    }

    private static List<AuditEntry> list(ListAuditEntriesRequest request) {
        return audit().listAuditEntries(request).getEntriesList();
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
