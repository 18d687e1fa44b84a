package dev.caretaker.server.api;

import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.command.RequestMessage;
import dev.caretaker.server.api.mapping.BackupDemands;
import dev.caretaker.server.api.mapping.RunBounds;
import dev.caretaker.server.api.mapping.TableNames;
import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.api.mapping.UpkeepWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.api.stream.EventStreams;
import dev.caretaker.server.partition.upkeep.plan.PartitionOrders;
import dev.caretaker.server.partition.upkeep.plan.PartitionOrders.Holding;
import dev.caretaker.server.partition.upkeep.plan.PartitionOrders.Order;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlans;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.CreatePartitionRequest;
import dev.caretaker.v1.CreatePartitionResponse;
import dev.caretaker.v1.DropRetiredRequest;
import dev.caretaker.v1.DropRetiredResponse;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanUpkeepResponse;
import dev.caretaker.v1.ReattachPartitionRequest;
import dev.caretaker.v1.ReattachPartitionResponse;
import dev.caretaker.v1.RunEvent;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The RPCs that plan upkeep, or start runs that change partitions and stream them. */
@Singleton
final class PartitionRuns {
    private static final int MOST_NAMES = 500;
    private static final int MOST_DROPS = 1_000;
    private static final Duration LONGEST_LIFE = Duration.ofDays(7);

    private final UpkeepPlans plans;
    private final PartitionOrders orders;
    private final Runs runs;
    private final Commands commands;
    private final EventStreams streams;

    PartitionRuns(UpkeepPlans plans, PartitionOrders orders, Runs runs, Commands commands, EventStreams streams) {
        this.plans = plans;
        this.orders = orders;
        this.runs = runs;
        this.commands = commands;
        this.streams = streams;
    }

    PlanUpkeepResponse plan(PlanUpkeepRequest request) {
        return commands.execute(request, PlanUpkeepResponse.parser(), violations -> {
            List<String> names = request.getSetsList();
            violations.require(names.size() <= MOST_NAMES, "sets", "must not hold more than 500 names");
            for (int i = 0; i < Math.min(names.size(), MOST_NAMES); i++) {
                violations.required("sets[" + i + "]", names.get(i));
            }
            violations.require(
                    !names.isEmpty() || !request.getTarget().isEmpty(), "target", "is required unless sets are named");
            Optional<Duration> life = request.hasTimeToLive()
                    ? Optional.ofNullable(Times.read(
                            violations,
                            "time_to_live",
                            request.getTimeToLive(),
                            Duration.ofSeconds(1),
                            LONGEST_LIFE,
                            "at least one second and at most 7 days"))
                    : Optional.empty();
            Optional<String> target = Optional.of(request.getTarget()).filter(name -> !name.isEmpty());
            Optional<BackupDemand> backup =
                    BackupDemands.read(violations, request.hasRequireBackup(), request.getRequireBackup());
            return new Command<>(
                    request.getTarget(),
                    Map.of("sets", String.join(",", names)),
                    actor -> PlanUpkeepResponse.newBuilder()
                            .setPlan(UpkeepWriter.write(
                                    plans.plan(new UpkeepPlans.PlanRequest(target, names, life, backup, actor))))
                            .build(),
                    // A plan changes nothing: one whose answer was lost just expires.
                    Optional::empty,
                    answer -> Map.of(
                            "target", answer.getPlan().getTarget(),
                            "plan_id", answer.getPlan().getPlanId()));
        });
    }

    void execute(ExecuteUpkeepRequest request, StreamObserver<ExecuteUpkeepResponse> observer) {
        StringValue runId = commands.execute(request, StringValue.parser(), violations -> {
            UUID planId = violations.uuid("plan_id", request.getPlanId());
            Optional<Duration> limit = RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
            Optional<String> etag = Optional.of(request.getEtag()).filter(text -> !text.isEmpty());
            return new Command<>(
                    "",
                    Map.of("plan_id", request.getPlanId()),
                    actor -> answer(plans.execute(
                            new UpkeepPlans.ExecuteRequest(planId, etag, limit, Optional.empty(), actor))),
                    () -> plans.get(planId).runId().map(run -> StringValue.of(run.toString())),
                    run -> Map.of("target", plans.get(planId).target(), "run_id", run.getValue()));
        });
        streams.watch(
                UUID.fromString(runId.getValue()),
                1,
                observer,
                event -> ExecuteUpkeepResponse.newBuilder().setEvent(event).build());
    }

    void create(CreatePartitionRequest request, StreamObserver<CreatePartitionResponse> observer) {
        start(
                request,
                "",
                Map.of("set", request.getSet()),
                violations -> {
                    violations.required("set", request.getSet());
                    Holding holding = holding(violations, request);
                    Optional<Duration> limit =
                            RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
                    return (id, actor) -> orders.create(id, request.getSet(), holding, new Order(actor, limit));
                },
                observer,
                event -> CreatePartitionResponse.newBuilder().setEvent(event).build());
    }

    private static Holding holding(Violations violations, CreatePartitionRequest request) {
        return switch (request.getHoldingCase()) {
            case TIME -> {
                Instant time = Times.read(violations, "time", request.getTime());
                yield new Holding(Optional.ofNullable(time), Optional.empty());
            }
            case KEY -> new Holding(Optional.empty(), Optional.of(BigInteger.valueOf(request.getKey())));
            case HOLDING_NOT_SET -> {
                violations.add("holding", "is required: a time or a key");
                yield new Holding(Optional.empty(), Optional.empty());
            }
        };
    }

    void drop(DropRetiredRequest request, StreamObserver<DropRetiredResponse> observer) {
        start(
                request,
                request.getTarget(),
                Map.of("partitions", Integer.toString(request.getPartitionsCount())),
                violations -> {
                    violations.required("target", request.getTarget());
                    List<TableName> names = new ArrayList<>();
                    violations.require(
                            request.getPartitionsCount() > 0 && request.getPartitionsCount() <= MOST_DROPS,
                            "partitions",
                            "must hold 1 to 1,000 partitions");
                    for (int i = 0; i < Math.min(request.getPartitionsCount(), MOST_DROPS); i++) {
                        names.add(TableNames.read(violations, "partitions[" + i + "]", true, request.getPartitions(i)));
                    }
                    Optional<Duration> limit =
                            RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
                    return (id, actor) -> orders.drop(
                            id, request.getTarget(), names.stream().distinct().toList(), new Order(actor, limit));
                },
                observer,
                event -> DropRetiredResponse.newBuilder().setEvent(event).build());
    }

    void reattach(ReattachPartitionRequest request, StreamObserver<ReattachPartitionResponse> observer) {
        start(
                request,
                request.getTarget(),
                Map.of("partition", request.getPartition().getName()),
                violations -> {
                    violations.required("target", request.getTarget());
                    TableName name =
                            TableNames.read(violations, "partition", request.hasPartition(), request.getPartition());
                    Optional<Duration> limit =
                            RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
                    return (id, actor) -> orders.reattach(id, request.getTarget(), name, new Order(actor, limit));
                },
                observer,
                event -> ReattachPartitionResponse.newBuilder().setEvent(event).build());
    }

    /** A run's id follows from its request's id, so that an attempt that was cut short finds the run it made. */
    private <A> void start(
            Message request,
            String target,
            Map<String, String> summary,
            Function<Violations, BiFunction<UUID, Actor, RunView>> reader,
            StreamObserver<A> observer,
            Function<RunEvent, A> envelope) {
        StringValue runId = commands.execute(request, StringValue.parser(), violations -> {
            var starter = reader.apply(violations);
            return new Command<>(
                    target,
                    summary,
                    actor -> answer(starter.apply(runId(request), actor)),
                    () -> runs.find(runId(request)).map(PartitionRuns::answer),
                    run -> Map.of("run_id", run.getValue()));
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
