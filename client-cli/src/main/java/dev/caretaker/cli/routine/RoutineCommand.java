package dev.caretaker.cli.routine;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.issues.FindingsAtLeast;
import dev.caretaker.cli.issues.Severities;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.upkeep.RunOptions;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunRoutineResponse;
import dev.caretaker.v1.Severity;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker routine NAME}. */
@Command(
        name = "routine",
        description =
                "Run several kinds of upkeep as one: standard (daily), full (weekly), or one from the configuration.",
        footer = {
            "",
            "Each part starts a run of its own; one that fails does not stop the others. Ctrl-C leaves and the run goes on.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable, 5 cancelled, 6 findings, 7 partial."
        })
public final class RoutineCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "ROUTINE", description = "standard, full, or one of your own.")
    private String routine;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            order = 50,
            converter = Durations.Converter.class,
            description = "Longest time it may take once it works. Default: the routine's own, usually 1h.")
    private Duration deadline;

    @Option(
            names = "--ignore-window",
            order = 51,
            description = "Work at once, although the routine's window, or that of a policy, is closed.")
    private boolean ignoreWindow;

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            order = 52,
            converter = Severities.class,
            description = "Look for findings when it is complete, and exit with 6 if one is at least this bad.")
    private Severity failOn;

    @Mixin
    private RunOptions run;

    public RoutineCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (failOn != null && !run.follows()) {
            throw CommandFailure.usage(
                    "--fail-on goes without --dry-run and --detach: it looks when the routine is complete");
        }
        RunRoutineRequest.Builder request = RunRoutineRequest.newBuilder()
                .setRequestId(run.requestId())
                .setActor(run.actor(session))
                .setTarget(run.target())
                .setRoutine(routine)
                .setIgnoreWindow(ignoreWindow)
                .setValidateOnly(run.dryRun());
        if (deadline != null) {
            request.setDeadline(Durations.toProto(deadline));
        }
        RunRoutineRequest wanted = request.build();
        int exitCode = run.run(
                session,
                RunRoutineResponse::getEvent,
                (maintenance, observer) -> maintenance.runRoutine(wanted, observer),
                maintenance -> maintenance.runRoutine(wanted));
        boolean looks = failOn != null && exitCode == ExitCode.COMPLETE;
        return looks && FindingsAtLeast.exist(session, run.target(), failOn) ? ExitCode.FINDINGS : exitCode;
    }
}
