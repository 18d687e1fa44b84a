package dev.caretaker.cli.watch;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.error.ServerError;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;

/** Shows a run while it works, and how it ended; knows the exit code. The door for every command that starts a run. */
public final class RunWatch {
    /** Servers send a heartbeat every ten seconds unless configured otherwise. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Session session;
    private final FollowOptions options;
    private final String actor;
    private final RunSteps steps = new RunSteps();

    /**
     * @param actor who cancels, if an interrupt does
     */
    public RunWatch(Session session, FollowOptions options, String actor) {
        this.session = session;
        this.options = options;
        this.actor = actor;
    }

    /**
     * Opens the stream that starts a run, and follows it to its end.
     *
     * @param requestId id of the request, under which it can be repeated safely
     */
    public int start(Opening opening, String requestId) {
        try (RunSink sink = sink()) {
            return conclude(accepting(follower(sink, false), opening, canceller(sink), requestId), sink, requestId);
        }
    }

    /** Opens the stream that starts a run, prints the run's id and leaves. */
    public int startAndLeave(Opening opening, String requestId) {
        RunSink sink = session.format() == Format.NDJSON ? sink() : new QuietSink(session.environment());
        Ending ending = accepting(follower(sink, true), opening, null, requestId);
        if (ending instanceof Ending.Detached detached && !detached.interrupted()) {
            switch (session.format()) {
                case TABLE -> {
                    session.environment().out().println(detached.runId());
                    session.hint("Watch it: caretaker runs watch " + detached.runId());
                }
                case JSON, YAML -> print(get(detached.runId()));
                case NDJSON -> {
                    // The first event is the answer.
                }
            }
            return ExitCode.COMPLETE;
        }
        return conclude(ending, sink, requestId);
    }

    private Ending accepting(Follower follower, Opening opening, Consumer<String> canceller, String requestId) {
        try {
            return follower.follow(opening, session.environment().interrupts(), canceller);
        } catch (StatusRuntimeException e) {
            boolean unreachable = ExitCode.of(e.getStatus().getCode()) == ExitCode.UNREACHABLE;
            if (follower.runId().isEmpty() && unreachable && ServerError.of(e).leavesDoubt()) {
                session.hint(repeat(requestId));
            }
            throw e;
        }
    }

    private static String repeat(String requestId) {
        return "Should the server have accepted it after all: repeated with --request-id " + requestId
                + " it attaches to that run instead of starting another.";
    }

    /** Follows a run that exists, from an event on; 1 is the beginning. */
    public int watch(String runId, long fromSequence) {
        if (fromSequence > 1) {
            Run run = get(runId);
            if (run.getState() == RunState.RUN_STATE_ENDED && fromSequence > run.getLastSequence()) {
                session.hint("The run has ended; its last event is number " + run.getLastSequence() + ".");
                return ExitCode.of(run.getOutcome(), run.getDebtsList());
            }
            steps.accept(run.getStepsList());
        }
        try (RunSink sink = sink()) {
            Ending ending = follow(runId, fromSequence, sink);
            if (!(ending instanceof Ending.Expired) || fromSequence > 1) {
                return conclude(ending, sink, "");
            }
        }
        return watchTheRest(runId);
    }

    /** The beginning is no longer kept: shows where the run stands, then follows from there. */
    private int watchTheRest(String runId) {
        Run run = get(runId);
        session.hint("The run's first events are no longer kept.");
        if (run.getState() == RunState.RUN_STATE_ENDED) {
            print(run);
            return ExitCode.of(run.getOutcome(), run.getDebtsList());
        }
        steps.accept(run.getStepsList());
        long next = run.getLastSequence() + 1;
        try (RunSink sink = sink()) {
            return conclude(follow(runId, next, sink), sink, "");
        }
    }

    private Ending follow(String runId, long fromSequence, RunSink sink) {
        return follower(sink, false)
                .from(runId, fromSequence)
                .follow(watching(runId, fromSequence), session.environment().interrupts(), canceller(sink));
    }

    private int conclude(Ending ending, RunSink sink, String requestId) {
        sink.close();
        if (ending instanceof Ending.Finished finished) {
            switch (session.format()) {
                case TABLE ->
                    RunSummary.show(
                            finished.runId(),
                            finished.event(),
                            steps.areParts()
                                    && !session.environment().terminal().isDisplay(),
                            session.names(),
                            session.printer().page());
                case JSON, YAML -> print(get(finished.runId()));
                case NDJSON -> {
                    // The last event says it all.
                }
            }
            return ExitCode.of(finished.event().getOutcome(), finished.event().getDebtsList());
        }
        if (ending instanceof Ending.Detached detached) {
            session.hint(
                    detached.runId().isEmpty()
                            ? "Detached before the server answered. " + repeat(requestId)
                            : "Detached; the run goes on. Watch it again: caretaker runs watch " + detached.runId());
            return ExitCode.COMPLETE;
        }
        throw ((Ending.Expired) ending).error();
    }

    private Follower follower(RunSink sink, boolean leaveAfterFirst) {
        return new Follower(sink, this::reopening, options.reconnectFor(), SILENCE, leaveAfterFirst);
    }

    private Opening reopening(String runId, long sequence) {
        session.connection().hurry();
        return watching(runId, sequence);
    }

    private Opening watching(String runId, long fromSequence) {
        WatchRunRequest request = WatchRunRequest.newBuilder()
                .setRunId(runId)
                .setFromSequence(fromSequence)
                .build();
        return Opening.of(
                WatchRunResponse::getEvent,
                observer -> session.connection().runStreams().watchRun(request, observer));
    }

    private Consumer<String> canceller(RunSink sink) {
        return options.cancels() ? runId -> cancel(runId, sink) : null;
    }

    private void cancel(String runId, RunSink sink) {
        CancelRunRequest request = CancelRunRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setRunId(runId)
                .setActor(actor)
                .setReason("interrupted at the client")
                .build();
        try {
            session.connection().runs().cancelRun(request);
            sink.notice("Asked the run to cancel; once more Ctrl-C leaves.");
        } catch (StatusRuntimeException e) {
            sink.notice("The run could not be cancelled: "
                    + ServerError.of(e).sentence(session.serverAddress(), session.names()));
        }
    }

    private RunSink sink() {
        Environment environment = session.environment();
        return switch (session.format()) {
            case NDJSON -> new NdjsonSink(environment);
            case JSON, YAML, SARIF -> new QuietSink(environment);
            case TABLE ->
                environment.terminal().isDisplay()
                        ? new BarsSink(environment, session.names(), steps)
                        : new LinesSink(environment, session.names(), steps);
        };
    }

    private Run get(String runId) {
        return session.connection()
                .runs()
                .getRun(GetRunRequest.newBuilder().setRunId(runId).build())
                .getRun();
    }

    private void print(Run run) {
        session.printer()
                .one(run, page -> RunView.show(run, session.environment().clock(), session.names(), page));
    }
}
