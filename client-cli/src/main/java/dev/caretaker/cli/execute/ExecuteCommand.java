package dev.caretaker.cli.execute;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.error.Reading;
import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.plan.Blockers;
import dev.caretaker.cli.plan.PlanView;
import dev.caretaker.cli.plan.PlanWindow;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.watch.FollowOptions;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.cli.watch.RunWatch;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.Tuning;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker execute PLAN}. */
@Command(
        name = "execute",
        description = "Run exactly a plan and show how it goes.",
        footer = {
            "",
            "Ctrl-C leaves and the run goes on; 'caretaker runs watch' comes back to it.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable,",
            "5 cancelled, 7 partial (deadline, pinned or residual rows, archive not at its destination yet)."
        })
public final class ExecuteCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    private String planId;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Needed where there is no terminal to ask on.")
    private boolean yes;

    @Option(names = "--wait", description = "Follow the run to its end. The default.")
    private boolean wait;

    @Option(names = "--detach", description = "Print the run's id once it is accepted, and leave.")
    private boolean detach;

    @Option(
            names = "--override",
            paramLabel = "CODE",
            split = ",",
            description = "Accept blocking warnings with this code. May be given several times.")
    private List<String> overrides = List.of();

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Longest time the run may take once it works; the policies' deadlines hold, too.")
    private Duration deadline;

    @Option(names = "--ignore-window", description = "Work at once, although the policies' window is closed.")
    private boolean ignoreWindow;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private FollowOptions follow;

    @Mixin
    private MutationOptions mutation;

    public ExecuteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (wait && detach) {
            throw CommandFailure.usage("--wait and --detach contradict each other");
        }
        List<PlanWarningCode> accepted = accepted();
        GetPlanRequest wanted = GetPlanRequest.newBuilder().setPlanId(planId).build();
        Plan plan = session.connection().maintenance().getPlan(wanted).getPlan();
        Environment environment = session.environment();
        summarize(plan);
        Blockers blockers = Blockers.of(plan).without(accepted);
        if (!blockers.isEmpty()) {
            throw new CommandFailure(ExitCode.REFUSED, blockers.advice() + " [PLAN_BLOCKED]");
        }
        if (!yes && plan.getStepsCount() > 0 && !confirmed(plan)) {
            throw new CommandFailure(ExitCode.REFUSED, "not executed");
        }
        ExecuteCleanupRequest request = request(plan, accepted);
        Opening opening = Opening.of(
                ExecuteCleanupResponse::getEvent,
                observer -> session.connection().maintenanceStreams().executeCleanup(request, observer));
        RunWatch watch = new RunWatch(session, follow, mutation.actor(environment));
        return detach
                ? watch.startAndLeave(opening, request.getRequestId())
                : watch.start(opening, request.getRequestId());
    }

    /** Who said yes beforehand has seen it. Where the output belongs to a program, only whoever is asked gets to see it. */
    private void summarize(Plan plan) {
        Environment environment = session.environment();
        boolean programs = session.format() != Format.TABLE || detach;
        if (programs && (yes || !environment.terminal().isInteractive())) {
            return;
        }
        PrintStream out = programs ? environment.err() : environment.out();
        PlanView view = new PlanView(plan, environment.clock(), new Page(environment, out));
        if (yes) {
            view.title();
        } else {
            view.summary();
        }
        out.println();
    }

    private ExecuteCleanupRequest request(Plan plan, List<PlanWarningCode> accepted) {
        ExecuteCleanupRequest.Builder request = ExecuteCleanupRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setPlanId(plan.getPlanId())
                .setEtag(plan.getEtag())
                .addAllOverrideWarnings(accepted);
        Tuning wanted = tuning.toProto();
        if (!wanted.equals(Tuning.getDefaultInstance())) {
            request.setTuning(wanted);
        }
        request.setIgnoreWindow(ignoreWindow);
        if (deadline != null) {
            request.setDeadline(Durations.toProto(deadline));
        }
        return request.build();
    }

    private List<PlanWarningCode> accepted() {
        return overrides.stream()
                .map(given -> ChoiceText.ofOption("--override", given, PlanWarningCode.class, "PLAN_WARNING_CODE_"))
                .toList();
    }

    private String question(Plan plan) {
        Optional<String> opening = ignoreWindow
                ? Optional.empty()
                : PlanWindow.opening(plan, session.environment().clock());
        String wait = opening.map(at -> "The run will wait for its window, which opens " + at
                        + "; with --ignore-window it would work at once.\n")
                .orElse("");
        return wait + "Execute this plan? [y/N] ";
    }

    private boolean confirmed(Plan plan) {
        Environment environment = session.environment();
        if (!environment.terminal().isInteractive()) {
            throw CommandFailure.usage("there is no terminal to ask on: --yes executes without asking");
        }
        environment.out().flush();
        environment.err().print(question(plan));
        environment.err().flush();
        try {
            String answer =
                    new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8)).readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot read the answer: " + Reading.why(e), e);
        }
    }
}
