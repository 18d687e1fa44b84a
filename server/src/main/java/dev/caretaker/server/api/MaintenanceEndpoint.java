package dev.caretaker.server.api;

import com.google.protobuf.StringValue;
import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.DebtWriter;
import dev.caretaker.server.api.mapping.OutlookWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.PartitionReader;
import dev.caretaker.server.api.mapping.PartitionWriter;
import dev.caretaker.server.api.mapping.PlanReader;
import dev.caretaker.server.api.mapping.PlanWriter;
import dev.caretaker.server.api.mapping.UpkeepWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.api.stream.EventStreams;
import dev.caretaker.server.cleanup.plan.Plans;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.listing.PartitionQuery;
import dev.caretaker.server.partition.listing.PartitionedTable;
import dev.caretaker.server.partition.listing.Partitions;
import dev.caretaker.server.partition.upkeep.plan.UpkeepOutlook;
import dev.caretaker.server.partition.upkeep.plan.UpkeepPlans;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.CancelQueriesRequest;
import dev.caretaker.v1.CancelQueriesResponse;
import dev.caretaker.v1.CleanReindexLeftoversRequest;
import dev.caretaker.v1.CleanReindexLeftoversResponse;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.GetPlanResponse;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.ListRoutinesRequest;
import dev.caretaker.v1.ListRoutinesResponse;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanCleanupResponse;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunRoutineResponse;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableUpkeep;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Plans and runs maintenance. */
@Singleton
final class MaintenanceEndpoint extends MaintenanceServiceGrpc.MaintenanceServiceImplBase {
    private final Plans plans;
    private final UpkeepPlans upkeepPlans;
    private final UpkeepOutlook outlook;
    private final Partitions partitions;
    private final Upkeep upkeep;
    private final Commands commands;
    private final EventStreams streams;
    private final Issues issues;
    private final Debts debts;
    private final Clock clock;

    MaintenanceEndpoint(
            Plans plans,
            UpkeepPlans upkeepPlans,
            UpkeepOutlook outlook,
            Partitions partitions,
            Upkeep upkeep,
            Commands commands,
            EventStreams streams,
            Issues issues,
            Debts debts,
            Clock clock) {
        this.plans = plans;
        this.upkeepPlans = upkeepPlans;
        this.outlook = outlook;
        this.partitions = partitions;
        this.upkeep = upkeep;
        this.commands = commands;
        this.streams = streams;
        this.issues = issues;
        this.debts = debts;
        this.clock = clock;
    }

    @Override
    public void planCleanup(PlanCleanupRequest request, StreamObserver<PlanCleanupResponse> observer) {
        Replies.send(observer, commands.execute(request, PlanCleanupResponse.parser(), violations -> {
            var read = PlanReader.plan(violations, request);
            return new Command<>(
                    request.getTarget(),
                    Map.of("policies", String.join(",", request.getPoliciesList())),
                    actor -> PlanCleanupResponse.newBuilder()
                            .setPlan(PlanWriter.write(plans.plan(read.apply(actor)), clock.instant()))
                            .build(),
                    // A plan changes nothing: one whose answer was lost just expires.
                    Optional::empty,
                    answer -> Map.of(
                            "target", answer.getPlan().getTarget(),
                            "plan_id", answer.getPlan().getPlanId()));
        }));
    }

    @Override
    public void getPlan(GetPlanRequest request, StreamObserver<GetPlanResponse> observer) {
        Violations violations = new Violations();
        UUID id = violations.uuid("plan_id", request.getPlanId());
        Plan plan = violations.checked(() -> find(id));
        Replies.send(observer, GetPlanResponse.newBuilder().setPlan(plan).build());
    }

    /** Of a cleanup, or of upkeep. */
    private Plan find(UUID id) {
        try {
            return PlanWriter.write(plans.get(id), clock.instant());
        } catch (CaretakerException e) {
            if (e.reason() != Reason.PLAN_NOT_FOUND) {
                throw e;
            }
            return UpkeepWriter.write(upkeepPlans.get(id));
        }
    }

    @Override
    public void executeCleanup(ExecuteCleanupRequest request, StreamObserver<ExecuteCleanupResponse> observer) {
        StringValue runId =
                commands.execute(request, StringValue.parser(), violations -> execution(violations, request));
        streams.watch(
                UUID.fromString(runId.getValue()),
                1,
                observer,
                event -> ExecuteCleanupResponse.newBuilder().setEvent(event).build());
    }

    @Override
    public void listPartitions(ListPartitionsRequest request, StreamObserver<ListPartitionsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        PartitionQuery query = PartitionReader.read(violations, paging, request);
        Partitions.Page page = violations.checked(() -> partitions.list(query));
        Replies.send(
                observer,
                ListPartitionsResponse.newBuilder()
                        .addAllTables(page.tables().stream()
                                .map(table -> PartitionWriter.write(table, clock.instant()))
                                .toList())
                        .addAllPartitions(page.partitions().stream()
                                .map(PartitionWriter::write)
                                .toList())
                        .addAllUpkeep(upkeepOf(query, page))
                        .addAllDebts(debtsOf(query, page))
                        .setNextPageToken(paging.next(page.next().map(String::valueOf)))
                        .build());
    }

    private List<Debt> debtsOf(PartitionQuery query, Partitions.Page page) {
        Set<TableName> listed = listed(page);
        return debts.list(Debts.Filter.open(query.target())).stream()
                .filter(debt -> listed.contains(debt.table()))
                .map(DebtWriter::write)
                .toList();
    }

    private static Set<TableName> listed(Partitions.Page page) {
        return page.tables().stream().map(PartitionedTable::name).collect(Collectors.toSet());
    }

    private List<TableUpkeep> upkeepOf(PartitionQuery query, Partitions.Page page) {
        Set<TableName> listed = listed(page);
        return outlook.of(query.target()).stream()
                .filter(set -> listed.contains(set.set().table()))
                .map(OutlookWriter::write)
                .toList();
    }

    @Override
    public void detectIssues(DetectIssuesRequest request, StreamObserver<DetectIssuesResponse> observer) {
        Replies.send(observer, issues.detect(request));
    }

    @Override
    public void cancelQueries(CancelQueriesRequest request, StreamObserver<CancelQueriesResponse> observer) {
        Replies.send(observer, issues.cancel(request));
    }

    @Override
    public void runVacuum(RunVacuumRequest request, StreamObserver<RunVacuumResponse> observer) {
        upkeep.vacuum(request, observer);
    }

    @Override
    public void runReindex(RunReindexRequest request, StreamObserver<RunReindexResponse> observer) {
        upkeep.reindex(request, observer);
    }

    @Override
    public void listRoutines(ListRoutinesRequest request, StreamObserver<ListRoutinesResponse> observer) {
        Replies.send(observer, upkeep.routines(request));
    }

    @Override
    public void runRoutine(RunRoutineRequest request, StreamObserver<RunRoutineResponse> observer) {
        upkeep.routine(request, observer);
    }

    @Override
    public void cleanReindexLeftovers(
            CleanReindexLeftoversRequest request, StreamObserver<CleanReindexLeftoversResponse> observer) {
        Replies.send(observer, upkeep.leftovers(request));
    }

    private Command<StringValue> execution(Violations violations, ExecuteCleanupRequest request) {
        var read = PlanReader.execution(violations, request);
        return new Command<>(
                "",
                Map.of("plan_id", request.getPlanId()),
                actor -> StringValue.of(plans.execute(read.apply(actor)).id().toString()),
                () -> plans.get(UUID.fromString(request.getPlanId()))
                        .runId()
                        .map(run -> StringValue.of(run.toString())),
                run -> Map.of(
                        "target",
                        plans.get(UUID.fromString(request.getPlanId())).target(),
                        "run_id",
                        run.getValue()));
    }
}
