package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.ActorOption;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.watch.FollowOptions;
import dev.caretaker.cli.watch.RunWatch;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker runs watch RUN}. */
@Command(
        name = "watch",
        description = {
            "Replay a run's events and follow it to its end. Exits as the run does.",
            "Without an id it attaches to what runs."
        },
        footer = {"", "0 complete, 1 failed, 5 cancelled, 7 partial; 0 when detached."})
public final class WatchRun implements Callable<Integer> {
    private static final int MOST = 1_000;

    private final Session session;

    @Mixin
    private RunArgument run;

    @Option(
            names = "--from",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of the first event wanted. Default: 1.")
    private long from;

    @Mixin
    private FollowOptions follow;

    @Mixin
    private ActorOption actor;

    public WatchRun(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (from < 1) {
            throw CommandFailure.usage("--from: events are numbered from 1");
        }
        return new RunWatch(session, follow, actor.name(session.environment()))
                .watch(run.isGiven() ? run.resolve(session) : running(), from);
    }

    /** The newest run that has not ended; one that another run started only if there is nothing else. */
    private String running() {
        ListRunsRequest.Builder request = ListRunsRequest.newBuilder().setPageSize(MOST);
        for (RunState state : RunState.values()) {
            if (state != RunState.RUN_STATE_UNSPECIFIED
                    && state != RunState.RUN_STATE_ENDED
                    && state != RunState.UNRECOGNIZED) {
                request.addStates(state);
            }
        }
        List<Run> runs = session.connection().runs().listRuns(request.build()).getRunsList();
        List<Run> started = runs.stream()
                .filter(candidate -> candidate.getParentRunId().isEmpty())
                .toList();
        List<Run> choice = started.isEmpty() ? runs : started;
        if (choice.isEmpty()) {
            throw new CommandFailure(ExitCode.REFUSED, "nothing runs now; --last shows the run before");
        }
        if (choice.size() > 1) {
            session.hint("This is the newest of " + choice.size() + " runs; 'caretaker runs list' shows them.");
        }
        return choice.get(0).getRunId();
    }
}
