package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.server.api.Fakes.FakePolicies;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.NullTest;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.TuneRunRequest;
import dev.caretaker.v1.WatchRunRequest;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ValidationTest {
    static final Policy GOOD = Policy.newBuilder()
            .setName("old-jobs")
            .setTarget("main")
            .setTable(TableName.newBuilder().setName("jobs"))
            .setTimeColumn(
                    TimeColumn.newBuilder().setName("ended").setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
            .setRetention(
                    Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(86_400)))
            .setAction(PolicyAction.POLICY_ACTION_DELETE)
            .build();

    private static ApiServer server;
    private static RunServiceGrpc.RunServiceBlockingStub runs;
    private static MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance;
    private static PolicyServiceGrpc.PolicyServiceBlockingStub policies;

    @BeforeAll
    static void start() {
        server = ApiServer.start();
        runs = RunServiceGrpc.newBlockingStub(server.channel());
        maintenance = MaintenanceServiceGrpc.newBlockingStub(server.channel());
        policies = PolicyServiceGrpc.newBlockingStub(server.channel());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void all_mistakes_of_all_policies_are_told_with_their_paths() {
        Filter incomplete = Filter.newBuilder()
                .setAnd(FilterList.newBuilder()
                        .addFilters(Filter.newBuilder()
                                .setIsNull(NullTest.newBuilder().setColumn("a")))
                        .addFilters(Filter.newBuilder()
                                .setComparison(Comparison.newBuilder()
                                        .setColumn("b")
                                        .setOperator(ComparisonOperator.COMPARISON_OPERATOR_EQUAL))))
                .build();
        ErrorDetails refused = ErrorDetails.of(() -> policies.applyPolicies(ApplyPoliciesRequest.newBuilder()
                .addPolicies(GOOD.toBuilder().setFilter(incomplete))
                .addPolicies(GOOD.toBuilder().clearRetention())
                .build()));
        assertThat(refused.code()).isEqualTo("INVALID_ARGUMENT");
        assertThat(refused.reason()).isEqualTo("INVALID_FIELD");
        assertThat(refused.fields())
                .containsExactly(
                        "request_id",
                        "policies[0].filter.and.filters[1].comparison.value",
                        "policies[1].name",
                        "policies[1].retention");
        assertThat(server.bean(FakePolicies.class).applied.get()).isZero();
    }

    @Test
    void no_policies_are_refused_and_so_are_more_than_500() {
        var request = ApplyPoliciesRequest.newBuilder().setRequestId(id());
        assertThat(ErrorDetails.of(() -> policies.applyPolicies(request.build()))
                        .fields())
                .containsExactly("policies");
        for (int i = 0; i <= 500; i++) {
            request.addPolicies(GOOD.toBuilder().setName("p" + i));
        }
        assertThat(ErrorDetails.of(() -> policies.applyPolicies(request.build()))
                        .fields())
                .containsExactly("policies");
    }

    @Test
    void plans_need_a_target_or_policies_and_sane_durations() {
        assertThat(ErrorDetails.of(() -> maintenance.planCleanup(PlanCleanupRequest.newBuilder()
                                .setRequestId(id())
                                .setCountTimeout(Duration.newBuilder().setSeconds(3_601))
                                .setTimeToLive(Duration.newBuilder().setSeconds(-1))
                                .build()))
                        .fields())
                .containsExactly("target", "count_timeout", "time_to_live");
    }

    @Test
    void warnings_that_are_for_the_policy_to_allow_cannot_be_overridden() {
        assertThat(ErrorDetails.of(() -> maintenance
                                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                                        .setRequestId(id())
                                        .setPlanId(id())
                                        .addOverrideWarnings(PlanWarningCode.PLAN_WARNING_CODE_UNINDEXED_FOREIGN_KEY)
                                        .addOverrideWarnings(PlanWarningCode.PLAN_WARNING_CODE_CASCADE)
                                        .addOverrideWarningsValue(4711)
                                        .build())
                                .next())
                        .fields())
                .containsExactly("override_warnings[1]", "override_warnings[2]");
    }

    @Test
    void tuning_is_checked_and_leaves_alone_what_it_does_not_name() {
        FakeRuns fake = server.bean(FakeRuns.class);
        String run = fake.add(new Actor("test", true)).id().toString();
        assertThat(ErrorDetails.of(() -> runs.tuneRun(TuneRunRequest.newBuilder()
                                .setRequestId(id())
                                .setRunId(run)
                                .build()))
                        .fields())
                .containsExactly("tuning");
        assertThat(ErrorDetails.of(() -> runs.tuneRun(TuneRunRequest.newBuilder()
                                .setRequestId(id())
                                .setRunId(run)
                                .setTuning(dev.caretaker.v1.Tuning.newBuilder()
                                        .setBatchTarget(Duration.newBuilder().setSeconds(11))
                                        .setPauseRatio(101)
                                        .setMaxRowsPerSecond(-1))
                                .build()))
                        .fields())
                .containsExactly("tuning.batch_target", "tuning.pause_ratio", "tuning.max_rows_per_second");
        runs.tuneRun(TuneRunRequest.newBuilder()
                .setRequestId(id())
                .setRunId(run)
                .setTuning(dev.caretaker.v1.Tuning.newBuilder().setMaxRowsPerSecond(500))
                .build());
        assertThat(fake.get(UUID.fromString(run)).tuning())
                .isEqualTo(new Tuning(Tuning.DEFAULT.pace(), Tuning.DEFAULT.batchTarget(), 500, 0, 0, 0, 1));
    }

    @Test
    void what_is_unknown_is_not_found() {
        assertThat(ErrorDetails.of(() -> runs.getRun(
                                GetRunRequest.newBuilder().setRunId(id()).build()))
                        .reason())
                .isEqualTo("RUN_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> runs.watchRun(WatchRunRequest.newBuilder()
                                        .setRunId(id())
                                        .build())
                                .next())
                        .reason())
                .isEqualTo("RUN_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> maintenance.getPlan(
                                GetPlanRequest.newBuilder().setPlanId(id()).build()))
                        .reason())
                .isEqualTo("PLAN_NOT_FOUND");
    }

    @Test
    void ids_must_be_UUIDs() {
        assertThat(ErrorDetails.of(() -> runs.getRun(GetRunRequest.newBuilder()
                                .setRunId("'; DROP TABLE run")
                                .build()))
                        .fields())
                .containsExactly("run_id");
        assertThat(ErrorDetails.of(() -> runs.watchRun(WatchRunRequest.newBuilder()
                                        .setRunId(id())
                                        .setFromSequence(-1)
                                        .build())
                                .next())
                        .fields())
                .containsExactly("from_sequence");
    }

    @Test
    void issues_of_a_target_that_is_not_configured_are_not_found() {
        ErrorDetails refused = ErrorDetails.of(() -> maintenance.detectIssues(
                DetectIssuesRequest.newBuilder().setTarget("main").build()));
        assertThat(refused.code()).isEqualTo("NOT_FOUND");
        assertThat(refused.reason()).isEqualTo("TARGET_NOT_FOUND");
        assertThat(refused.thrown()).hasMessageContaining("main");
    }

    @Test
    void policies_come_in_pages() {
        FakePolicies fake = server.bean(FakePolicies.class);
        var request = ApplyPoliciesRequest.newBuilder().setRequestId(id());
        for (String name : new String[] {"a", "b", "c"}) {
            request.addPolicies(GOOD.toBuilder().setName(name));
        }
        policies.applyPolicies(request.build());
        ListPoliciesResponse first = policies.listPolicies(
                ListPoliciesRequest.newBuilder().setPageSize(2).build());
        assertThat(first.getPoliciesList()).extracting(Policy::getName).containsExactly("a", "b");
        ListPoliciesResponse second = policies.listPolicies(ListPoliciesRequest.newBuilder()
                .setPageToken(first.getNextPageToken())
                .build());
        assertThat(second.getPoliciesList()).extracting(Policy::getName).containsExactly("c");
        assertThat(second.getNextPageToken()).isEmpty();
        fake.stored.clear();
    }

    @Test
    void runs_are_filtered_and_a_page_is_never_too_large() {
        runs.listRuns(ListRunsRequest.newBuilder()
                .setTarget("main")
                .addStates(dev.caretaker.v1.RunState.RUN_STATE_PAUSED)
                .setPageSize(5_000)
                .build());
        var listed = server.bean(FakeRuns.class).listed;
        assertThat(listed.target()).contains("main");
        assertThat(listed.states()).containsExactly(RunState.PAUSED);
        assertThat(listed.pageSize()).isEqualTo(1_000);
        assertThat(ErrorDetails.of(() -> runs.listRuns(ListRunsRequest.newBuilder()
                                .setPageSize(-1)
                                .setPageToken("nonsense")
                                .addStatesValue(0)
                                .build()))
                        .fields())
                .containsExactly("page_size", "page_token", "states[0]");
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
