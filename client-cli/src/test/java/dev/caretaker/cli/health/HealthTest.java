package dev.caretaker.cli.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Actor;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.GetHealthRequest;
import dev.caretaker.v1.GetHealthResponse;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthFigure;
import dev.caretaker.v1.HealthFigures;
import dev.caretaker.v1.HealthReason;
import dev.caretaker.v1.HealthReasonCode;
import dev.caretaker.v1.HealthVerdict;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.PolicyDebt;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.SetRunway;
import dev.caretaker.v1.TargetCheck;
import dev.caretaker.v1.WorkDone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Timestamp NOON =
            Timestamp.newBuilder().setSeconds(1_772_020_800).build();
    private static final Run FAILED = Run.newBuilder()
            .setRunId("0f0f0f0f-0000-4000-8000-000000000001")
            .setKind(RunKind.RUN_KIND_CLEANUP)
            .setOutcome(RunOutcome.RUN_OUTCOME_FAILED)
            .setEndTime(NOON)
            .build();
    private static final Health SICK = Health.newBuilder()
            .setTarget("shop")
            .setLookTime(NOON)
            .setVerdict(HealthVerdict.HEALTH_VERDICT_CRITICAL)
            .setCheck(TargetCheck.newBuilder().setServerVersion("18.6").setDatabaseBytes(5L << 30))
            .setCriticalFindings(1)
            .setWarningFindings(30)
            .addReasons(HealthReason.newBuilder()
                    .setVerdict(HealthVerdict.HEALTH_VERDICT_CRITICAL)
                    .setCode(HealthReasonCode.HEALTH_REASON_CODE_RUN_ENDED_BADLY)
                    .setMessage("The latest cleanup ended as FAILED. Table jobs is gone.")
                    .setId(FAILED.getRunId()))
            .addReasons(HealthReason.newBuilder()
                    .setVerdict(HealthVerdict.HEALTH_VERDICT_ATTENTION)
                    .setCode(HealthReasonCode.HEALTH_REASON_CODE_FINDING)
                    .setMessage("Index a is the same as b.")
                    .setId("aaaa000011112222"))
            .addWork(WorkDone.newBuilder().setKind(RunKind.RUN_KIND_CLEANUP).setLatest(FAILED))
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result run(Health health, String... arguments) {
        server.on(
                "GetHealth",
                GetHealthRequest.class,
                request -> GetHealthResponse.newBuilder().setHealth(health).build());
        return Cli.to(server).run(arguments);
    }

    @Test
    void the_verdict_comes_first_and_then_why() {
        Cli.Result result = run(SICK, "health", "--target", "shop");
        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.out()).isEqualTo("""
                target      shop
                verdict     critical
                server      PostgreSQL 18.6, the primary
                size        5 GB
                findings    1 critical, 30 warnings
                last backup none known
                looked at   2026-02-25 12:00:00Z

                Why
                  critical   The latest cleanup ended as FAILED. Table jobs is gone.
                             run 0f0f0f0f-0000-4000-8000-000000000001
                  attention  Index a is the same as b.
                             finding aaaa000011112222
                  30 further findings: 'caretaker issues --target shop' lists them.

                Latest work
                  WORK     LATEST                ENDED AS  LATEST COMPLETE
                  cleanup  2026-02-25 12:00:00Z  failed
                """);
    }

    @Test
    void debt_bloat_statistics_horizon_runway_holds_and_what_runs_left_are_told() {
        HealthFigure some =
                HealthFigure.newBuilder().setValue(3).setReadTime(NOON).build();
        Health full = SICK.toBuilder()
                .clearReasons()
                .clearWork()
                .setFigures(HealthFigures.newBuilder()
                        .addPolicies(PolicyDebt.newBuilder()
                                .setPolicy("old-jobs")
                                .setOverdue(Duration.newBuilder().setSeconds(90_000))
                                .setReadTime(NOON)
                                .setEligibleRows(some.toBuilder().setValue(12_345)))
                        .addPolicies(PolicyDebt.newBuilder()
                                .setPolicy("clean")
                                .setOverdue(Duration.getDefaultInstance())
                                .setReadTime(NOON))
                        .addPolicies(PolicyDebt.newBuilder().setPolicy("new"))
                        .addSets(SetRunway.newBuilder()
                                .setSet("events")
                                .setRunway(Duration.newBuilder().setSeconds(864_000))
                                .setReadTime(NOON)
                                .setDefaultRows(some))
                        .setTableBloatBytes(some.toBuilder().setValue(3L << 30))
                        .setIndexBloatBytes(some.toBuilder().setValue(0))
                        .setStaleStatisticsTables(some)
                        .setHorizonTransactions(some.toBuilder().setValue(1_500_000)))
                .addHolds(Hold.newBuilder()
                        .setHoldId("hold-1")
                        .setReason("release")
                        .setSetBy(Actor.newBuilder().setName("anna").setVerified(true)))
                .addDebts(Debt.newBuilder()
                        .setKind("index-build")
                        .setMessage("An index half built may be there.")
                        .setIncurTime(NOON)
                        .setRunId("run-1")
                        .setAttempts(2)
                        .setAnswer("It is locked."))
                .build();
        assertThat(run(full, "health", "--target", "shop").out()).isEqualTo("""
                target      shop
                verdict     critical
                server      PostgreSQL 18.6, the primary
                size        5 GB
                findings    1 critical, 30 warnings
                retention   rows of 1 of 3 policies are due, the oldest for 1d 1h (old-jobs); 1 not known
                runway      partitions of events last for 10d 0h
                bloat       ~3 GB in large tables, none in large indexes
                statistics  out of date for 3 tables
                horizon     vacuum is held back by 1,500,000 transactions
                last backup none known
                looked at   2026-02-25 12:00:00Z

                Retention debt
                  POLICY    OLDEST ROW DUE FOR  ROWS DUE  READ
                  old-jobs               1d 1h    12,345  2026-02-25 12:00:00Z
                  new                not known

                Partitions ahead
                  SET        FOR  ROWS IN DEFAULT  READ
                  events  10d 0h                3  2026-02-25 12:00:00Z

                On hold
                  HOLD    KINDS       END                   BY    REASON
                  hold-1  everything  until it is released  anna  release

                Left by runs
                  An index half built may be there.
                    index-build since 2026-02-25 12:00:00Z by run run-1; 2 attempts: It is locked.
                """);
    }

    @Test
    void the_exit_code_is_by_the_verdict_that_is_named() {
        Health careful = SICK.toBuilder()
                .setVerdict(HealthVerdict.HEALTH_VERDICT_ATTENTION)
                .build();
        assertThat(run(careful, "health", "--target", "shop").exitCode()).isZero();
        assertThat(run(careful, "health", "--target", "shop", "--fail-on", "attention")
                        .exitCode())
                .isEqualTo(6);
        assertThat(run(careful, "health", "--target", "shop", "--fail-on", "good")
                        .exitCode())
                .isEqualTo(2);
        assertThat(run(careful, "health").exitCode()).isEqualTo(2);
    }

    @Test
    void a_standby_is_called_one_and_is_critical() {
        Health standby = SICK.toBuilder()
                .setCheck(SICK.getCheck().toBuilder().setInRecovery(true))
                .clearReasons()
                .addReasons(HealthReason.newBuilder()
                        .setVerdict(HealthVerdict.HEALTH_VERDICT_CRITICAL)
                        .setCode(HealthReasonCode.HEALTH_REASON_CODE_TARGET_PROBLEM)
                        .setMessage("What is configured as the primary is a standby: nothing can be removed there."))
                .build();
        Cli.Result result = run(standby, "health", "--target", "shop");
        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.out())
                .contains("server      PostgreSQL 18.6, a standby\n")
                .contains("  critical   What is configured as the primary is a standby");
    }

    @Test
    void what_was_not_reached_is_said_so() {
        Health gone = Health.newBuilder()
                .setTarget("shop")
                .setLookTime(NOON)
                .setVerdict(HealthVerdict.HEALTH_VERDICT_CRITICAL)
                .addReasons(HealthReason.newBuilder()
                        .setVerdict(HealthVerdict.HEALTH_VERDICT_CRITICAL)
                        .setCode(HealthReasonCode.HEALTH_REASON_CODE_TARGET_PROBLEM)
                        .setMessage("Target shop cannot be reached: refused."))
                .build();
        assertThat(run(gone, "health", "--target", "shop").out())
                .contains("server      not reached")
                .doesNotContain("findings")
                .contains("  critical   Target shop cannot be reached: refused.\n");
    }
}
