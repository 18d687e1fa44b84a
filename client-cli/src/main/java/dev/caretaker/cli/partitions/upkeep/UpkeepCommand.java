package dev.caretaker.cli.partitions.upkeep;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.upkeep.RequiredBackup;
import dev.caretaker.cli.watch.FollowOptions;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.cli.watch.RunWatch;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanUpkeepRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions upkeep}. */
@Command(
        name = "upkeep",
        description = "Create the partitions that are missing, retire old ones, drop those held long enough.",
        footer = {
            "",
            "One step that fails does not stop the others. Ctrl-C leaves and the run goes on.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable, 5 cancelled, 7 partial."
        })
public final class UpkeepCommand implements Callable<Integer> {
    private static final Duration PLANNING = Duration.ofMinutes(2);

    private final Session session;

    @Parameters(paramLabel = "SET", arity = "0..*", description = "Only these sets. Default: all of the target.")
    private List<String> sets = List.of();

    @Option(names = "--target", paramLabel = "NAME", description = "The target. Required unless sets are named.")
    private String target = "";

    @Option(names = "--plan", description = "Only show what would be done, with locks and statements.")
    private boolean planOnly;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Longest time the run may take.")
    private Duration deadline;

    @Option(names = "--detach", description = "Print the run's id once it is accepted, and leave.")
    private boolean detach;

    @Mixin
    private RequiredBackup backup;

    @Mixin
    private FollowOptions follow;

    @Mixin
    private MutationOptions mutation;

    public UpkeepCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (target.isEmpty() && sets.isEmpty()) {
            throw CommandFailure.usage("--target names the target to work on");
        }
        Plan plan = plan();
        if (planOnly) {
            session.printer().one(plan, page -> new UpkeepView(plan, page).show());
            return ExitCode.COMPLETE;
        }
        if (session.format() == Format.TABLE && !detach) {
            new UpkeepView(plan, session.printer().page()).brief();
        }
        if (plan.getStepsCount() == 0) {
            if (session.format() != Format.TABLE) {
                session.printer().one(plan, page -> {});
            }
            return ExitCode.COMPLETE;
        }
        ExecuteUpkeepRequest request = request(plan);
        if (session.format() == Format.TABLE && !detach) {
            session.printer().page().blank();
        }
        Opening opening = Opening.of(
                ExecuteUpkeepResponse::getEvent,
                observer -> session.connection().partitionStreams().executeUpkeep(request, observer));
        RunWatch watch = new RunWatch(session, follow, mutation.actor(session.environment()));
        return detach
                ? watch.startAndLeave(opening, request.getRequestId())
                : watch.start(opening, request.getRequestId());
    }

    private Plan plan() {
        PlanUpkeepRequest.Builder request = PlanUpkeepRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setActor(mutation.actor(session.environment()))
                .setTarget(target)
                .addAllSets(sets);
        backup.toProto().ifPresent(request::setRequireBackup);
        return session.connection()
                .usuallyWithin(PLANNING)
                .partitions()
                .planUpkeep(request.build())
                .getPlan();
    }

    private ExecuteUpkeepRequest request(Plan plan) {
        ExecuteUpkeepRequest.Builder request = ExecuteUpkeepRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setPlanId(plan.getPlanId())
                .setEtag(plan.getEtag());
        if (deadline != null) {
            request.setDeadline(Durations.toProto(deadline));
        }
        return request.build();
    }
}
