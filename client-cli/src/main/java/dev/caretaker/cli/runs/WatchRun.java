package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.ActorOption;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.watch.FollowOptions;
import dev.caretaker.cli.watch.RunWatch;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker runs watch RUN}. */
@Command(
        name = "watch",
        description = "Replay a run's events and follow it to its end. Exits as the run does.",
        footer = {"", "0 complete, 1 failed, 5 cancelled, 7 partial; 0 when detached."})
public final class WatchRun implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "RUN", description = "Id of the run.")
    private String runId;

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
        return new RunWatch(session, follow, actor.name(session.environment())).watch(runId, from);
    }
}
