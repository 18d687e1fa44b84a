package dev.caretaker.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.EstimateSource;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.GetPlanResponse;
import dev.caretaker.v1.Mechanism;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanCleanupResponse;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PlannedLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanTest {
    private final FakeServer server = new FakeServer();
    private final Plan.Builder plan = Plan.newBuilder()
            .setPlanId("plan-1")
            .setTarget("shop")
            .setExpireTime(Timestamp.newBuilder().setSeconds(Cli.NOW.getEpochSecond() + 3540));

    @BeforeEach
    void answer() {
        PlanStep.Builder step = plan.addStepsBuilder()
                .setOrdinal(1)
                .setPolicy("old-jobs")
                .setRelation(Events.JOBS)
                .setMechanism(Mechanism.MECHANISM_INDEX_RANGE)
                .setReason("the index jobs_status_end serves filter and time")
                .addLocks(PlannedLock.newBuilder()
                        .setRelation(Events.JOBS)
                        .setMode("ROW EXCLUSIVE")
                        .setDuration("per batch"))
                .addSql("DELETE FROM ONLY \"Jobs\" WHERE \"EndTime\" < $1");
        step.getEstimateBuilder()
                .setRows(120_000)
                .setBytesDeleted(50 << 20)
                .setBytesReusable(50 << 20)
                .setWalBytes(60 << 20)
                .setBatches(40)
                .setDuration(Duration.newBuilder().setSeconds(12));
        plan.addPoliciesBuilder()
                .setCutoff(Timestamp.newBuilder().setSeconds(Cli.NOW.getEpochSecond() - 604_800))
                .getPolicyBuilder()
                .setName("old-jobs")
                .setTable(Events.JOBS)
                .getRetentionBuilder()
                .getDurationBuilder()
                .setSeconds(604_800);
        server.on(
                "PlanCleanup",
                PlanCleanupRequest.class,
                request -> PlanCleanupResponse.newBuilder().setPlan(plan).build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result plan(String... more) {
        String[] args = new String[2 + more.length];
        args[0] = "plan";
        args[1] = "old-jobs";
        System.arraycopy(more, 0, args, 2, more.length);
        return Cli.to(server).run(args);
    }

    @Test
    void a_plan_shows_steps_cost_locks_expiry_and_what_to_type_next() {
        Cli.Result result = plan();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("(in 59m 00s)")
                .containsPattern("old-jobs +Jobs +7d +2025-05-25 12:00:00Z")
                .containsPattern("1 +index range +Jobs +old-jobs +~120,000 +50 MB +50 MB +0 B +60 MB +40 +~12 s")
                .contains("1. the index jobs_status_end serves filter and time")
                .contains("locks: ROW EXCLUSIVE on it (per batch)")
                .endsWith("Next: caretaker execute plan-1\n")
                .doesNotContain("DELETE FROM");
        assertThat(plan("--sql").out()).contains("     DELETE FROM ONLY \"Jobs\" WHERE \"EndTime\" < $1\n");
    }

    @Test
    void what_is_the_same_of_several_steps_or_policies_is_said_once() {
        for (int ordinal = 2; ordinal <= 5; ordinal++) {
            plan.addSteps(plan.getSteps(0).toBuilder()
                    .setOrdinal(ordinal)
                    .setReason(
                            ordinal == 4 ? "another reason" : plan.getSteps(0).getReason()));
        }
        for (String policy : new String[] {"old-jobs", "old-runs"}) {
            plan.addWarningsBuilder()
                    .setCode(PlanWarningCode.PLAN_WARNING_CODE_XMIN_UNSEEN)
                    .setPolicy(policy)
                    .setMessage("old snapshots would not be noticed");
        }
        String out = plan().out();
        assertThat(out)
                .contains("  1 to 3, 5. the index jobs_status_end serves filter and time\n")
                .contains("  4. another reason\n")
                .contains("  XMIN_UNSEEN (policies old-jobs, old-runs)\n")
                .containsOnlyOnce("old snapshots would not be noticed");
        assertThat(plan("--sql").out()).contains("  3. the index", "  5. the index");
    }

    @Test
    void a_brief_plan_has_sums_by_policy_and_warnings_by_code() {
        PlanStep second = plan.getSteps(0).toBuilder()
                .setOrdinal(2)
                .setMechanism(Mechanism.MECHANISM_DROP_PARTITION)
                .build();
        plan.addSteps(second)
                .addWarnings(PlanWarning.newBuilder()
                        .setCode(PlanWarningCode.PLAN_WARNING_CODE_LARGE_SHARE)
                        .setPolicy("old-jobs"))
                .addWarnings(PlanWarning.newBuilder()
                        .setCode(PlanWarningCode.PLAN_WARNING_CODE_CASCADE)
                        .setPolicy("old-jobs")
                        .setBlocking(true));
        assertThat(plan("--brief").out())
                .containsPattern("old-jobs +Jobs +index range, drop partition +~240,000 +100 MB +0 B +120 MB +~24.*s")
                .containsSubsequence("BLOCKING CASCADE: old-jobs", "LARGE_SHARE: old-jobs")
                .doesNotContain("locks:");
        assertThat(plan("--brief", "--sql").exitCode()).isEqualTo(2);
    }

    @Test
    void counted_rows_and_measured_times_wear_no_tilde() {
        plan.getStepsBuilder(0).getEstimateBuilder().setRowsExact(true).setSource(EstimateSource.ESTIMATE_SOURCE_PROBE);
        assertThat(plan().out()).containsPattern(" 120,000 +50 MB .* 12 s").doesNotContain("~");
    }

    @Test
    void blocking_warnings_come_first_with_what_mends_them() {
        plan.addWarnings(PlanWarning.newBuilder()
                .setCode(PlanWarningCode.PLAN_WARNING_CODE_LARGE_SHARE)
                .setMessage("60 % of the table would go"));
        plan.addWarnings(PlanWarning.newBuilder()
                .setCode(PlanWarningCode.PLAN_WARNING_CODE_UNINDEXED_FOREIGN_KEY)
                .setMessage("every deleted row scans items")
                .setBlocking(true)
                .putEvidence("constraint", "items_job_fk")
                .setRemediationSql("CREATE INDEX CONCURRENTLY ON items (job_id);"));
        String out = plan().out();
        assertThat(out)
                .contains("Warnings (1 blocking)")
                .containsSubsequence("BLOCKING UNINDEXED_FOREIGN_KEY", "constraint: items_job_fk", "LARGE_SHARE")
                .contains("    CREATE INDEX CONCURRENTLY ON items (job_id);\n")
                .endsWith("Next: caretaker execute plan-1 --override UNINDEXED_FOREIGN_KEY\n");
    }

    @Test
    void cascades_are_a_matter_of_the_policy() {
        plan.addWarningsBuilder()
                .setCode(PlanWarningCode.PLAN_WARNING_CODE_CASCADE)
                .setBlocking(true);
        assertThat(plan().out()).contains("allowCascade: true").doesNotContain("--override");
    }

    @Test
    void an_expired_or_empty_plan_is_not_offered_for_execution() {
        plan.setExpireTime(Timestamp.newBuilder().setSeconds(Cli.NOW.getEpochSecond() - 1));
        assertThat(plan().out()).contains("(expired)").endsWith("The plan has expired; make a new one.\n");
        plan.clearSteps().setExpireTime(Timestamp.newBuilder().setSeconds(Cli.NOW.getEpochSecond() + 9));
        assertThat(plan().out()).endsWith("Nothing to execute.\n");
    }

    @Test
    void a_plan_of_thousands_of_steps_is_shown_whole() {
        PlanStep step = plan.getSteps(0).toBuilder()
                .addSql("DELETE FROM ONLY \"Jobs\" WHERE " + "\"EndTime\" < $1 AND ".repeat(80) + "TRUE")
                .build();
        for (int ordinal = 2; ordinal <= 6_000; ordinal++) {
            plan.addSteps(step.toBuilder().setOrdinal(ordinal));
        }
        assertThat(plan.build().getSerializedSize()).isGreaterThan(8 << 20);
        assertThat(plan().out()).containsPattern("\n +6,?000 +index range +Jobs");
        assertThat(plan("-o", "json").out()).contains("\"ordinal\": 6000");
    }

    @Test
    void every_option_is_sent() {
        plan("--target", "shop", "--exact", "--count-timeout", "5m", "--probe", "--ttl", "2h", "--actor", "me");
        PlanCleanupRequest request = server.request(PlanCleanupRequest.class);
        assertThat(request.getPoliciesList()).containsExactly("old-jobs");
        assertThat(request.getTarget()).isEqualTo("shop");
        assertThat(request.getExact()).isTrue();
        assertThat(request.getCountTimeout().getSeconds()).isEqualTo(300);
        assertThat(request.getProbe()).isTrue();
        assertThat(request.getTimeToLive().getSeconds()).isEqualTo(7200);
        assertThat(request.getActor()).isEqualTo("me");
        assertThat(request.getRequestId()).isNotEmpty();
    }

    @Test
    void an_earlier_plan_can_be_read_again() {
        server.on(
                "GetPlan",
                GetPlanRequest.class,
                request -> GetPlanResponse.newBuilder()
                        .setPlan(plan.setRunId("run-1"))
                        .build());
        assertThat(Cli.to(server).run("plan", "--show", "plan-1").out()).endsWith("Next: caretaker runs show run-1\n");
        assertThat(Cli.to(server).run("plan", "--show", "plan-1", "--exact").exitCode())
                .isEqualTo(2);
        assertThat(server.requests(PlanCleanupRequest.class)).isEmpty();
    }

    @Test
    void a_plan_needs_policies_or_a_target() {
        Cli.Result result = Cli.to(server).run("plan");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("caretaker: name policies, or a target");
    }

    @Test
    void a_narrow_terminal_gets_whole_figures_and_cut_names() {
        plan.getStepsBuilder(0).getRelationBuilder().setName("a_very_long_table_name_indeed_".repeat(4));
        String out = Cli.to(server)
                .onTerminal(110)
                .with("NO_COLOR", "1")
                .run("plan", "old-jobs")
                .out();
        assertThat(out).contains("~120,000").contains("…");
        assertThat(out.lines().filter(line -> line.contains("index range"))).allMatch(line -> line.length() <= 110);
    }
}
