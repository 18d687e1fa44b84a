package dev.caretaker.cli.routine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.RunAccepted;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunRoutineResponse;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStateChanged;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.Severity;
import dev.caretaker.v1.StepFinished;
import dev.caretaker.v1.StepStarted;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TableTotals;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutineTest {
    private final FakeServer server = new FakeServer();

    @BeforeEach
    void answer() {
        server.onStream("RunRoutine", RunRoutineRequest.class, (request, stream) -> {
            stream.onNext(RunRoutineResponse.newBuilder()
                    .setEvent(RunEvent.newBuilder()
                            .setAccepted(RunAccepted.newBuilder()
                                    .setTarget("shop")
                                    .addSteps(part(1, "old-jobs"))
                                    .addSteps(part(2, "failed-jobs"))))
                    .build());
            stream.onCompleted();
        });
    }

    private static RunStep part(int ordinal, String policy) {
        return RunStep.newBuilder()
                .setOrdinal(ordinal)
                .setKind("part")
                .setRelation(TableName.newBuilder().setSchema("app").setName("Jobs"))
                .setPolicy(policy)
                .build();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void on_a_pipe_there_is_one_line_a_part_and_policy() {
        server.onStream("RunRoutine", RunRoutineRequest.class, (request, stream) -> {
            RunStep detect = RunStep.newBuilder()
                    .setOrdinal(2)
                    .setKind("part")
                    .setRelation(TableName.newBuilder().setName("detect"))
                    .build();
            AtomicLong sequence = new AtomicLong();
            List.of(
                            RunEvent.newBuilder()
                                    .setAccepted(RunAccepted.newBuilder()
                                            .setKind(RunKind.RUN_KIND_ROUTINE)
                                            .setTarget("shop")
                                            .addSteps(part(1, "old-jobs"))
                                            .addSteps(detect)),
                            RunEvent.newBuilder()
                                    .setStepStarted(StepStarted.newBuilder().setStep(part(1, "old-jobs"))),
                            RunEvent.newBuilder()
                                    .setStateChanged(RunStateChanged.newBuilder()
                                            .setFrom(RunState.RUN_STATE_RUNNING)
                                            .setTo(RunState.RUN_STATE_WAITING_LOCK)
                                            .setReason("Waits for run 1.")),
                            finished(part(1, "old-jobs"), "Run 1: complete, 2 of 2 steps done."),
                            finished(detect, "3 findings: 0 critical, 3 warnings, from 52 checks."),
                            RunEvent.newBuilder()
                                    .setFinished(RunFinished.newBuilder()
                                            .setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE)
                                            .addTables(TableTotals.newBuilder().setPolicy("old-jobs"))))
                    .forEach(event -> stream.onNext(RunRoutineResponse.newBuilder()
                            .setEvent(event.setRunId("r").setSequence(sequence.incrementAndGet()))
                            .build()));
            stream.onCompleted();
        });
        server.on(
                "DetectIssues",
                DetectIssuesRequest.class,
                request -> DetectIssuesResponse.newBuilder()
                        .addFindings(Finding.newBuilder().setSeverity(Severity.SEVERITY_WARNING))
                        .build());

        Cli.Result result = Cli.to(server).run("routine", "standard", "--target", "shop", "--fail-on", "warning");

        assertThat(result.out().lines().map(line -> line.replaceFirst("^\\S+ \\S+  ", "")))
                .containsExactly(
                        "run r: routine of shop, 2 steps",
                        "cleanup old-jobs: complete: Run 1: complete, 2 of 2 steps done.",
                        "detect: complete: 3 findings: 0 critical, 3 warnings, from 52 checks.",
                        "Complete: ~0 rows deleted (run r)");
        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.err()).contains("Findings at least this bad: 1");
        assertThat(server.request(DetectIssuesRequest.class).getMinimumSeverity())
                .isEqualTo(Severity.SEVERITY_WARNING);
    }

    private static RunEvent.Builder finished(RunStep part, String message) {
        return RunEvent.newBuilder()
                .setStepFinished(StepFinished.newBuilder()
                        .setStep(part.toBuilder()
                                .setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE)
                                .setMessage(message)));
    }

    @Test
    void a_dry_run_tells_the_policies_of_one_table_apart() {
        Cli.Result result = Cli.to(server).run("routine", "standard", "--target", "shop", "--dry-run");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("1 +part +app\\.Jobs +old-jobs")
                .containsPattern("2 +part +app\\.Jobs +failed-jobs");
        RunRoutineRequest sent = server.request(RunRoutineRequest.class);
        assertThat(sent.getRoutine()).isEqualTo("standard");
        assertThat(sent.getValidateOnly()).isTrue();
    }
}
