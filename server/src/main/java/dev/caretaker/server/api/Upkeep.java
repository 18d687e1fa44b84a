package dev.caretaker.server.api;

import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.command.RequestMessage;
import dev.caretaker.server.api.mapping.EventWriter;
import dev.caretaker.server.api.mapping.LeftoverWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.ReindexReader;
import dev.caretaker.server.api.mapping.RoutineReader;
import dev.caretaker.server.api.mapping.RoutineWriter;
import dev.caretaker.server.api.mapping.VacuumReader;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.api.security.Caller;
import dev.caretaker.server.api.stream.EventStreams;
import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.reindex.Leftovers;
import dev.caretaker.server.reindex.ReindexOrder;
import dev.caretaker.server.reindex.ReindexRequest;
import dev.caretaker.server.reindex.Reindexes;
import dev.caretaker.server.routine.Routines;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.vacuum.VacuumOrder;
import dev.caretaker.server.vacuum.Vacuums;
import dev.caretaker.v1.CleanReindexLeftoversRequest;
import dev.caretaker.v1.CleanReindexLeftoversResponse;
import dev.caretaker.v1.ListRoutinesRequest;
import dev.caretaker.v1.ListRoutinesResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunRoutineResponse;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The RPCs that start runs of upkeep and stream them. A run's id follows from its request's id, so that an attempt that was
 * cut short finds the run it made.
 */
@Singleton
final class Upkeep {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final Vacuums vacuums;
    private final Reindexes reindexes;
    private final Leftovers leftovers;
    private final Routines routines;
    private final Runs runs;
    private final BackupGate backups;
    private final Commands commands;
    private final EventStreams streams;
    private final Clock clock;

    Upkeep(
            Vacuums vacuums,
            Reindexes reindexes,
            Leftovers leftovers,
            Routines routines,
            Runs runs,
            BackupGate backups,
            Commands commands,
            EventStreams streams,
            Clock clock) {
        this.vacuums = vacuums;
        this.reindexes = reindexes;
        this.leftovers = leftovers;
        this.routines = routines;
        this.runs = runs;
        this.backups = backups;
        this.commands = commands;
        this.streams = streams;
        this.clock = clock;
    }

    void vacuum(RunVacuumRequest request, StreamObserver<RunVacuumResponse> observer) {
        Function<RunEvent, RunVacuumResponse> envelope =
                event -> RunVacuumResponse.newBuilder().setEvent(event).build();
        if (request.getValidateOnly()) {
            VacuumOrder order = validated(request, violations -> VacuumReader.order(violations, request));
            requireBackup(order);
            List<RunStep> steps = new ArrayList<>();
            for (VacuumRequest chosen : vacuums.select(order)) {
                steps.add(
                        EventWriter.preview(steps.size() + 1, chosen.stepKind(), chosen.table(), "", chosen.reason()));
            }
            preview(observer, RunKind.VACUUM, request.getTarget(), steps, envelope);
            return;
        }
        String tables = request.getTablesCount() == 0 ? "by threshold" : request.getTablesCount() + " named";
        run(
                request,
                request.getTarget(),
                Map.of("tables", tables),
                violations -> VacuumReader.order(violations, request),
                (run, order) -> {
                    requireBackup(order);
                    return vacuums.start(run, order);
                },
                observer,
                envelope);
    }

    private void requireBackup(VacuumOrder order) {
        order.backup()
                .ifPresent(demand -> backups.require(
                        order.target(),
                        vacuums.select(order).stream().map(VacuumRequest::table).toList(),
                        demand));
    }

    void reindex(RunReindexRequest request, StreamObserver<RunReindexResponse> observer) {
        Function<RunEvent, RunReindexResponse> envelope =
                event -> RunReindexResponse.newBuilder().setEvent(event).build();
        if (request.getValidateOnly()) {
            ReindexOrder order = validated(request, violations -> ReindexReader.order(violations, request));
            List<RunStep> steps = new ArrayList<>();
            for (ReindexRequest chosen : reindexes.select(order)) {
                String why = chosen.refusal()
                        .map(refusal -> "left alone: " + refusal)
                        .orElse(chosen.reason());
                steps.add(EventWriter.preview(steps.size() + 1, ReindexRequest.STEP_KIND, chosen.index(), "", why));
            }
            preview(observer, RunKind.REINDEX, request.getTarget(), steps, envelope);
            return;
        }
        int named = request.getIndexesCount() + request.getTablesCount();
        run(
                request,
                request.getTarget(),
                Map.of("indexes", named == 0 ? "by bloat" : named + " named"),
                violations -> ReindexReader.order(violations, request),
                reindexes::start,
                observer,
                envelope);
    }

    CleanReindexLeftoversResponse leftovers(CleanReindexLeftoversRequest request) {
        return commands.execute(request, CleanReindexLeftoversResponse.parser(), violations -> {
            String target = violations.required("target", request.getTarget());
            return new Command<>(
                    target,
                    Map.of("drop", Boolean.toString(request.getDrop())),
                    actor -> LeftoverWriter.write(request.getDrop() ? leftovers.drop(target) : leftovers.list(target)),
                    // Dropping again drops what is left.
                    Optional::empty,
                    answer -> Map.of("target", target, "leftovers", Integer.toString(answer.getLeftoversCount())));
        });
    }

    ListRoutinesResponse routines(ListRoutinesRequest request) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        violations.check();
        List<RoutineConfig> rest = routines.list().stream()
                .filter(routine -> at.after()
                        .filter(last -> routine.name().compareTo(last) <= 0)
                        .isEmpty())
                .toList();
        List<RoutineConfig> page = rest.stream().limit(at.size()).toList();
        Optional<String> last =
                rest.size() > page.size() ? Optional.of(page.getLast().name()) : Optional.empty();
        return ListRoutinesResponse.newBuilder()
                .addAllRoutines(page.stream().map(RoutineWriter::write).toList())
                .setNextPageToken(paging.next(last))
                .build();
    }

    void routine(RunRoutineRequest request, StreamObserver<RunRoutineResponse> observer) {
        Function<RunEvent, RunRoutineResponse> envelope =
                event -> RunRoutineResponse.newBuilder().setEvent(event).build();
        if (request.getValidateOnly()) {
            Routines.Order order = validated(request, violations -> RoutineReader.order(violations, request));
            List<RunStep> steps = new ArrayList<>();
            for (Routines.Planned part : routines.parts(order)) {
                steps.add(EventWriter.preview(steps.size() + 1, part.kind(), part.relation(), part.policy(), ""));
            }
            preview(observer, RunKind.ROUTINE, request.getTarget(), steps, envelope);
            return;
        }
        run(
                request,
                request.getTarget(),
                Map.of("routine", request.getRoutine()),
                violations -> RoutineReader.order(violations, request),
                routines::start,
                observer,
                envelope);
    }

    /** What the request asks for, of one that changes nothing. */
    private static <T> T validated(Message request, Function<Violations, Function<Actor, T>> reader) {
        Violations violations = new Violations();
        violations.uuid("request_id", RequestMessage.requestId(request));
        Actor actor = Caller.actor(violations.text("actor", RequestMessage.actor(request)));
        Function<Actor, T> read = reader.apply(violations);
        return violations.checked(() -> read.apply(actor));
    }

    private <A> void preview(
            StreamObserver<A> observer,
            RunKind kind,
            String target,
            List<RunStep> steps,
            Function<RunEvent, A> envelope) {
        observer.onNext(envelope.apply(EventWriter.preview(kind, target, steps, clock.instant())));
        observer.onCompleted();
    }

    private <T, A> void run(
            Message request,
            String target,
            Map<String, String> summary,
            Function<Violations, Function<Actor, T>> reader,
            BiFunction<UUID, T, RunView> start,
            StreamObserver<A> observer,
            Function<RunEvent, A> envelope) {
        StringValue runId = commands.execute(request, StringValue.parser(), violations -> {
            Function<Actor, T> order = reader.apply(violations);
            return new Command<>(
                    target,
                    summary,
                    actor -> answer(start.apply(runId(request), order.apply(actor))),
                    () -> runs.find(runId(request)).map(Upkeep::answer),
                    run -> Map.of("target", target, "run_id", run.getValue()));
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
}
