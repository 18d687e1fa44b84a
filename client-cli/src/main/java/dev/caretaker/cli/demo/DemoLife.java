package dev.caretaker.cli.demo;

import dev.caretaker.cli.connect.Connection;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.Style;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What there is to see in a demo that stays: a past, a proven backup, a hold, a run at work and one that is paused. */
final class DemoLife {
    /** A few rows at a time: it goes on for twenty minutes. */
    private static final String ROWS_PER_SECOND = "50";

    private static final String BATCH = "10ms";

    private static final Duration BEGINNING = Duration.ofMinutes(1);

    private final DemoShell shell;
    private final DemoProcess demo;

    DemoLife(DemoShell shell, DemoProcess demo) {
        this.shell = shell;
        this.demo = demo;
    }

    void begin() {
        shell.show("backups", "run", DemoCommand.TARGET, "--to", "cold");
        shell.show("backups", "verify", newest(RunKind.RUN_KIND_BACKUP).getRunId());
        demo.live();
        shell.page()
                .blank()
                .paragraph(
                        "",
                        Style.DIM,
                        "Growth of five weeks and what became of schedules for a week are made up, so that there is something"
                                + " to look at; rows came for two runs that go on.");
        shell.show(
                "holds",
                "set",
                "--target",
                DemoCommand.TARGET,
                "--kind",
                "reindex",
                "--until",
                "7d",
                "--reason",
                "release 4.2: no index is rebuilt this week");
        demo.watched().ifPresent(this::execute);
        demo.paused().ifPresent(policy -> {
            execute(policy);
            shell.show("runs", "pause", atWork(policy), "--reason", "an auditor reads the log today");
        });
    }

    private void execute(String policy) {
        shell.say("plan", policy, "--target", DemoCommand.TARGET);
        String plan;
        try (Connection connection = shell.open()) {
            plan = connection
                    .within(DemoCommand.PLANNING)
                    .maintenance()
                    .planCleanup(PlanCleanupRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setTarget(DemoCommand.TARGET)
                            .addPolicies(policy)
                            .setActor(shell.environment().userName())
                            .build())
                    .getPlan()
                    .getPlanId();
        }
        shell.run("plan", "--show", plan, "--brief");
        int code = shell.show(
                "execute",
                plan,
                "--yes",
                "--detach",
                "--pace",
                "polite",
                "--batch-target",
                BATCH,
                "--max-rows-per-second",
                ROWS_PER_SECOND);
        if (code != ExitCode.COMPLETE) {
            throw new CommandFailure(code, "the demo's run of " + policy + " did not start");
        }
    }

    /** Id of the newest cleanup, once it has begun. */
    private String atWork(String policy) {
        String id = newest(RunKind.RUN_KIND_CLEANUP).getRunId();
        Instant until = Instant.now().plus(BEGINNING);
        for (Run run = run(id); !hasBegun(run); run = run(id)) {
            if (run.getState() == RunState.RUN_STATE_ENDED || Instant.now().isAfter(until)) {
                throw new CommandFailure(ExitCode.FAILED, "the demo's run of " + policy + " did not begin");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure(ExitCode.FAILED, "interrupted while a run began", e);
            }
        }
        return id;
    }

    private static boolean hasBegun(Run run) {
        return run.getState() == RunState.RUN_STATE_RUNNING
                || run.getState() == RunState.RUN_STATE_THROTTLED
                || run.getTotals().getBatches() > 0;
    }

    private Run run(String id) {
        try (Connection connection = shell.open()) {
            return connection
                    .runs()
                    .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                    .getRun();
        }
    }

    private Run newest(RunKind kind) {
        try (Connection connection = shell.open()) {
            return connection
                    .runs()
                    .listRuns(ListRunsRequest.newBuilder()
                            .setTarget(DemoCommand.TARGET)
                            .setKind(kind)
                            .setPageSize(1)
                            .build())
                    .getRuns(0);
        }
    }
}
