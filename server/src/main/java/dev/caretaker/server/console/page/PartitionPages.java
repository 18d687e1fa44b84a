package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListPartitionSetsRequest;
import dev.caretaker.v1.ListPartitionSetsResponse;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.ListRetiredRequest;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.ReattachPartitionRequest;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.TableName;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Partition sets: where they are cut, what is there, what is missing, what was retired. */
@Singleton
final class PartitionPages implements Pages {
    /** Each asks its target. */
    private static final int SETS = 10;

    private static final int PARTITIONS = 10_000;
    private static final int CONVERSIONS = 20;

    private final Clock clock;

    PartitionPages(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/partitions", this::list);
        routes.get("/partitions/{set}", this::show);
        routes.post("/partitions/{set}/reattach", this::reattach);
    }

    private Reply list(Request request) {
        Api api = request.api();
        ListPartitionSetsResponse sets = api.partitions()
                .listPartitionSets(ListPartitionSetsRequest.newBuilder()
                        .setTarget(request.query("target"))
                        .setPageSize(SETS)
                        .setPageToken(request.query("page"))
                        .build());
        TreeMap<String, List<SetView>> byTarget = new TreeMap<>();
        try (Together together = new Together()) {
            List<Supplier<SetView>> views = sets.getSetsList().stream()
                    .map(set -> together.ask(() -> view(api, set)))
                    .toList();
            for (Supplier<SetView> view : views) {
                byTarget.computeIfAbsent(view.get().set().getTarget(), one -> new ArrayList<>())
                        .add(view.get());
            }
        }
        return request.page(
                Section.PARTITIONS,
                "Partitions",
                "partitions.jte",
                new PartitionsView(
                        byTarget,
                        Targets.names(api),
                        sets.getNextPageToken(),
                        api.conversions()
                                .listConversions(ListConversionsRequest.newBuilder()
                                        .setTarget(request.query("target"))
                                        .setPageSize(CONVERSIONS)
                                        .build())
                                .getConversionsList()));
    }

    private Reply show(Request request) {
        PartitionSet set = request.api()
                .partitions()
                .getPartitionSet(GetPartitionSetRequest.newBuilder()
                        .setName(request.variable("set"))
                        .build())
                .getSet();
        return request.page(Section.PARTITIONS, set.getName(), "partition-set.jte", view(request.api(), set));
    }

    /** Asks the target itself, which may be away: then that is said, and what is known here is shown. */
    private SetView view(Api api, PartitionSet set) {
        List<RetiredPartition> retired = api.partitions()
                .listRetired(ListRetiredRequest.newBuilder()
                        .setTarget(set.getTarget())
                        .setSet(set.getName())
                        .setPageSize(1_000)
                        .build())
                .getPartitionsList();
        try {
            ListPartitionsResponse listed = api.maintenance()
                    .listPartitions(ListPartitionsRequest.newBuilder()
                            .setTarget(set.getTarget())
                            .setTable(set.getTable())
                            .setPageSize(PARTITIONS)
                            .build());
            return SetView.of(set, listed, "", retired, clock.instant());
        } catch (StatusRuntimeException e) {
            String why = e.getStatus().getDescription();
            return SetView.of(
                    set,
                    ListPartitionsResponse.getDefaultInstance(),
                    why == null ? "The target did not answer." : why,
                    retired,
                    clock.instant());
        }
    }

    private Reply reattach(Request request) {
        PartitionSet set = request.api()
                .partitions()
                .getPartitionSet(GetPartitionSetRequest.newBuilder()
                        .setName(request.variable("set"))
                        .build())
                .getSet();
        ReattachPartitionRequest reattach = ReattachPartitionRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setTarget(set.getTarget())
                .setPartition(TableName.newBuilder()
                        .setSchema(request.field("schema"))
                        .setName(request.text("name")))
                .build();
        String run = Api.first(() -> request.api().partitions().reattachPartition(reattach))
                .getEvent()
                .getRunId();
        return Reply.seeOther("/runs/" + run);
    }
}
