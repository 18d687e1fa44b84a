package dev.caretaker.server.api;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.ObservationWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.RunReader;
import dev.caretaker.server.api.mapping.RunWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.api.stream.EventStreams;
import dev.caretaker.server.report.observe.Observations;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.Runs.RunFilter;
import dev.caretaker.server.run.Runs.RunPage;
import dev.caretaker.server.store.Actor;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.CancelRunResponse;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.GetRunResponse;
import dev.caretaker.v1.ListDebtsRequest;
import dev.caretaker.v1.ListDebtsResponse;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PauseRunResponse;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.ResumeRunResponse;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.SettleDebtsRequest;
import dev.caretaker.v1.SettleDebtsResponse;
import dev.caretaker.v1.TuneRunRequest;
import dev.caretaker.v1.TuneRunResponse;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Shows and steers runs. */
@Singleton
final class RunEndpoint extends RunServiceGrpc.RunServiceImplBase {
    private static final int USUAL_PAGE = 50;
    private static final int LARGEST_PAGE = 1_000;
    private static final int MOST_POINTS = 500;

    private final Runs runs;
    private final Commands commands;
    private final EventStreams streams;
    private final LeftDebts debts;
    private final Observations observations;

    RunEndpoint(Runs runs, Commands commands, EventStreams streams, LeftDebts debts, Observations observations) {
        this.runs = runs;
        this.observations = observations;
        this.debts = debts;
        this.commands = commands;
        this.streams = streams;
    }

    @Override
    public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> observer) {
        Violations violations = new Violations();
        UUID id = violations.uuid("run_id", request.getRunId());
        int points = request.getCoursePoints();
        violations.require(points >= 0 && points <= MOST_POINTS, "course_points", "must be 0 to 500");
        violations.check();
        Run.Builder run = RunWriter.write(runs.get(id)).toBuilder();
        observations.of(id).map(ObservationWriter::write).ifPresent(run::setObservation);
        GetRunResponse.Builder answer = GetRunResponse.newBuilder().setRun(run);
        if (points > 0) {
            runs.course(id, points).stream().map(RunWriter::write).forEach(answer::addCourse);
        }
        Replies.send(observer, answer.build());
    }

    @Override
    public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        RunFilter filter = RunReader.filter(violations, request, at);
        RunPage page = violations.checked(() -> runs.list(filter));
        ListRunsResponse.Builder answer = ListRunsResponse.newBuilder()
                .addAllRuns(page.runs().stream().map(RunWriter::write).toList())
                .setNextPageToken(paging.next(page.nextPageToken()));
        if (request.getWithSums()) {
            answer.setSums(RunWriter.write(runs.sums(filter)));
        }
        Replies.send(observer, answer.build());
    }

    @Override
    public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> observer) {
        Violations violations = new Violations();
        UUID runId = violations.uuid("run_id", request.getRunId());
        violations.require(request.getFromSequence() >= 0, "from_sequence", "must not be negative");
        violations.check();
        streams.watch(
                runId,
                Math.max(1, request.getFromSequence()),
                observer,
                event -> WatchRunResponse.newBuilder().setEvent(event).build());
    }

    @Override
    public void pauseRun(PauseRunRequest request, StreamObserver<PauseRunResponse> observer) {
        Replies.send(
                observer,
                commands.execute(
                        request,
                        PauseRunResponse.parser(),
                        violations -> steer(
                                violations,
                                request.getRunId(),
                                request.getReason(),
                                (id, actor) -> runs.pause(id, actor, request.getReason()),
                                run -> PauseRunResponse.newBuilder().setRun(run).build())));
    }

    @Override
    public void resumeRun(ResumeRunRequest request, StreamObserver<ResumeRunResponse> observer) {
        Replies.send(
                observer,
                commands.execute(
                        request,
                        ResumeRunResponse.parser(),
                        violations -> steer(
                                violations,
                                request.getRunId(),
                                request.getReason(),
                                (id, actor) -> runs.resume(id, actor, request.getReason()),
                                run -> ResumeRunResponse.newBuilder()
                                        .setRun(run)
                                        .build())));
    }

    @Override
    public void cancelRun(CancelRunRequest request, StreamObserver<CancelRunResponse> observer) {
        Replies.send(
                observer,
                commands.execute(
                        request,
                        CancelRunResponse.parser(),
                        violations -> steer(
                                violations,
                                request.getRunId(),
                                request.getReason(),
                                (id, actor) -> runs.cancel(id, actor, request.getReason()),
                                run -> CancelRunResponse.newBuilder()
                                        .setRun(run)
                                        .build())));
    }

    @Override
    public void tuneRun(TuneRunRequest request, StreamObserver<TuneRunResponse> observer) {
        Replies.send(observer, commands.execute(request, TuneRunResponse.parser(), violations -> {
            violations.require(
                    !request.getTuning().getAllFields().isEmpty(),
                    "tuning",
                    "is required: at least one setting to change");
            var change = RunReader.tuning(violations, "tuning", request.getTuning());
            violations.text("reason", request.getReason());
            return command(
                    violations,
                    request.getRunId(),
                    Map.of(
                            "tuning",
                            TextFormat.printer().emittingSingleLine(true).printToString(request.getTuning()),
                            "reason",
                            request.getReason()),
                    (id, actor) -> runs.tune(id, actor, request.getReason(), change),
                    run -> TuneRunResponse.newBuilder().setRun(run).build());
        }));
    }

    @Override
    public void listDebts(ListDebtsRequest request, StreamObserver<ListDebtsResponse> observer) {
        Replies.send(observer, debts.list(request));
    }

    @Override
    public void settleDebts(SettleDebtsRequest request, StreamObserver<SettleDebtsResponse> observer) {
        Replies.send(observer, debts.settle(request));
    }

    private <A extends Message> Command<A> steer(
            Violations violations, String runId, String reason, Steering steering, Function<Run, A> answer) {
        violations.text("reason", reason);
        return command(violations, runId, Map.of("reason", reason), steering, answer);
    }

    private <A extends Message> Command<A> command(
            Violations violations, String runId, Map<String, String> what, Steering steering, Function<Run, A> answer) {
        UUID id = violations.uuid("run_id", runId);
        Map<String, String> summary = new LinkedHashMap<>(what);
        summary.put("run_id", runId);
        return new Command<>(
                "",
                summary,
                actor -> answer.apply(RunWriter.write(steering.apply(id, actor))),
                () -> Optional.of(answer.apply(RunWriter.write(runs.get(id)))),
                given -> Map.of("target", run(given).getTarget()));
    }

    /** Every steering RPC answers with the run, in its field 1. */
    private static Run run(Message answer) {
        return (Run) answer.getField(answer.getDescriptorForType().findFieldByNumber(1));
    }

    /** One way to steer a run. */
    @FunctionalInterface
    private interface Steering {
        RunView apply(UUID runId, Actor actor);
    }
}
