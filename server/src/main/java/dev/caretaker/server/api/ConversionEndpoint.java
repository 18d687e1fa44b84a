package dev.caretaker.server.api;

import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.command.RequestMessage;
import dev.caretaker.server.api.mapping.BackupDemands;
import dev.caretaker.server.api.mapping.ConversionReader;
import dev.caretaker.server.api.mapping.ConversionWriter;
import dev.caretaker.server.api.mapping.ListPlace;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.RunBounds;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.api.stream.EventStreams;
import dev.caretaker.server.partition.conversion.Conversion;
import dev.caretaker.server.partition.conversion.Conversions;
import dev.caretaker.server.partition.conversion.Conversions.Place;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Actor;
import dev.caretaker.v1.CompleteConversionRequest;
import dev.caretaker.v1.CompleteConversionResponse;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.GetConversionRequest;
import dev.caretaker.v1.GetConversionResponse;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListConversionsResponse;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.PlanConversionResponse;
import dev.caretaker.v1.RevertConversionRequest;
import dev.caretaker.v1.RevertConversionResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.StartConversionRequest;
import dev.caretaker.v1.StartConversionResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Plans, starts and reverts conversions of plain tables. */
@Singleton
final class ConversionEndpoint extends ConversionServiceGrpc.ConversionServiceImplBase {
    private static final int USUAL_PAGE = 100;

    private final Conversions conversions;
    private final Runs runs;
    private final Commands commands;
    private final EventStreams streams;

    ConversionEndpoint(Conversions conversions, Runs runs, Commands commands, EventStreams streams) {
        this.conversions = conversions;
        this.runs = runs;
        this.commands = commands;
        this.streams = streams;
    }

    @Override
    public void planConversion(PlanConversionRequest request, StreamObserver<PlanConversionResponse> observer) {
        Replies.send(observer, commands.execute(request, PlanConversionResponse.parser(), violations -> {
            var wanted = ConversionReader.read(violations, request);
            return new Command<>(
                    request.getSet().getTarget(),
                    Map.of(
                            "table", request.getSet().getTable().getName(),
                            "key_column", request.getKeyColumn(),
                            "accepted_losses", request.getAcceptedLossesList().toString()),
                    actor -> PlanConversionResponse.newBuilder()
                            .setConversion(ConversionWriter.write(conversions.plan(wanted.apply(actor)), true))
                            .build(),
                    // A plan changes nothing: one whose answer was lost just expires.
                    Optional::empty,
                    answer -> Map.of("conversion_id", answer.getConversion().getConversionId()));
        }));
    }

    @Override
    public void startConversion(StartConversionRequest request, StreamObserver<StartConversionResponse> observer) {
        run(
                request,
                request.getConversionId(),
                violations -> {
                    UUID id = violations.uuid("conversion_id", request.getConversionId());
                    Optional<String> etag = text(request.getEtag());
                    Optional<Duration> limit =
                            RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
                    Optional<BackupDemand> demand =
                            BackupDemands.read(violations, request.hasRequireBackup(), request.getRequireBackup());
                    return (run, actor) -> conversions.start(run, id, etag, limit, demand, actor);
                },
                observer,
                event -> StartConversionResponse.newBuilder().setEvent(event).build());
    }

    @Override
    public void completeConversion(
            CompleteConversionRequest request, StreamObserver<CompleteConversionResponse> observer) {
        Replies.send(observer, commands.execute(request, CompleteConversionResponse.parser(), violations -> {
            UUID id = violations.uuid("conversion_id", request.getConversionId());
            return new Command<>(
                    "",
                    Map.of("conversion_id", request.getConversionId()),
                    actor -> CompleteConversionResponse.newBuilder()
                            .setConversion(ConversionWriter.write(conversions.complete(id), true))
                            .build(),
                    // Asking twice is no error.
                    Optional::empty,
                    answer -> Map.of("target", answer.getConversion().getTarget()));
        }));
    }

    @Override
    public void revertConversion(RevertConversionRequest request, StreamObserver<RevertConversionResponse> observer) {
        run(
                request,
                request.getConversionId(),
                violations -> {
                    UUID id = violations.uuid("conversion_id", request.getConversionId());
                    Optional<Duration> limit =
                            RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
                    return (run, actor) -> conversions.revert(run, id, limit, actor);
                },
                observer,
                event -> RevertConversionResponse.newBuilder().setEvent(event).build());
    }

    @Override
    public void getConversion(GetConversionRequest request, StreamObserver<GetConversionResponse> observer) {
        Violations violations = new Violations();
        UUID id = violations.uuid("conversion_id", request.getConversionId());
        Conversion conversion = violations.checked(() -> conversions.get(id));
        Replies.send(
                observer,
                GetConversionResponse.newBuilder()
                        .setConversion(ConversionWriter.write(conversion, true))
                        .build());
    }

    @Override
    public void listConversions(ListConversionsRequest request, StreamObserver<ListConversionsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at = paging.page(
                violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, Conversions.LARGEST_PAGE);
        Optional<Place> after = at.after()
                .flatMap(token -> ListPlace.read(violations, token))
                .map(place -> new Place(place.created(), place.id()));
        List<Conversion> found =
                violations.checked(() -> conversions.list(text(request.getTarget()), after, at.size() + 1));
        List<Conversion> page = found.subList(0, Math.min(found.size(), at.size()));
        Optional<String> next = found.size() > page.size()
                ? Optional.of(
                        new ListPlace(page.getLast().created(), page.getLast().id()).token())
                : Optional.empty();
        Replies.send(
                observer,
                ListConversionsResponse.newBuilder()
                        .addAllConversions(page.stream()
                                .map(conversion -> ConversionWriter.write(conversion, false))
                                .toList())
                        .setNextPageToken(paging.next(next))
                        .build());
    }

    /** A run's id follows from its request's id, so that an attempt that was cut short finds the run it made. */
    private <A> void run(
            Message request,
            String conversionId,
            Function<Violations, BiFunction<UUID, Actor, RunView>> reader,
            StreamObserver<A> observer,
            Function<RunEvent, A> envelope) {
        StringValue runId = commands.execute(request, StringValue.parser(), violations -> {
            var starter = reader.apply(violations);
            return new Command<>(
                    "",
                    Map.of("conversion_id", conversionId),
                    actor -> answer(starter.apply(runId(request), actor)),
                    () -> runs.find(runId(request)).map(ConversionEndpoint::answer),
                    run -> Map.of(
                            "target", runs.get(UUID.fromString(run.getValue())).target(), "run_id", run.getValue()));
        });
        streams.watch(UUID.fromString(runId.getValue()), 1, observer, envelope);
    }

    private static StringValue answer(RunView run) {
        return StringValue.of(run.id().toString());
    }

    private static UUID runId(Message request) {
        UUID requestId = UUID.fromString(RequestMessage.requestId(request));
        return UUID.nameUUIDFromBytes(("run of request " + requestId).getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }
}
