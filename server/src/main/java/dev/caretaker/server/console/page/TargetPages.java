package dev.caretaker.server.console.page;

import dev.caretaker.server.console.page.Looks.Look;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.GetGrowthRequest;
import dev.caretaker.v1.GetTableRequest;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.TableName;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A target: how it is, how it grows, its largest tables and what is done about them. */
@Singleton
final class TargetPages implements Pages {
    /** Checks of a target that answers take less as a rule. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LONG_PATIENCE = Duration.ofSeconds(25);
    private static final int RUNS = 10;
    private static final int PARTITIONS = 200;

    private final Looks looks;

    TargetPages(Looks looks) {
        this.looks = looks;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/targets/{target}", this::target);
        routes.get("/targets/{target}/table", this::table);
        routes.post("/targets/{target}/hold", this::hold);
        routes.post("/holds/{hold}/release", this::release);
    }

    private Reply target(Request request) {
        Api api = request.api();
        String name = request.variable("target");
        if (request.isToLook()) {
            // Fails for one that there is not, which a look would only note.
            growth(api, name, Optional.empty());
            looks.again(api, name, LONG_PATIENCE);
            return Reply.seeOther("/targets/" + name);
        }
        try (Together together = new Together()) {
            Supplier<Growth> growth = together.ask(() -> growth(api, name, Optional.empty()));
            Supplier<List<Policy>> policies = together.ask(() -> PolicyPages.all(api, name));
            Supplier<List<Run>> runs = together.ask(() -> runs(api, name));
            Supplier<List<Hold>> holds = together.ask(() -> HoldPages.inForce(api, name));
            // Fails for one that there is not, which a look would only note.
            Growth grown = growth.get();
            Optional<Look> look =
                    Optional.ofNullable(looks.of(api, List.of(name), PATIENCE).get(name));
            TargetView view = new TargetView(
                    name,
                    look.flatMap(Look::health),
                    look.map(Look::problem).orElse(""),
                    look.map(seen -> Moments.timestamp(seen.taken())),
                    grown,
                    policies.get(),
                    runs.get(),
                    holds.get());
            return request.page(Section.TARGETS, name, "target.jte", view);
        }
    }

    private Reply table(Request request) {
        Api api = request.api();
        String name = request.variable("target");
        TableName table = TableName.newBuilder()
                .setSchema(request.query("schema"))
                .setName(request.query("name"))
                .build();
        try (Together together = new Together()) {
            Supplier<TableView.StateSeen> state = together.ask(() -> state(api, name, table));
            Supplier<Growth> growth = together.ask(() -> growth(api, name, Optional.of(table)));
            Supplier<List<Policy>> policies = together.ask(() -> PolicyPages.all(api, name));
            Supplier<PartitionsSeen> partitions = together.ask(() -> partitions(api, name, table));
            return request.page(
                    Section.TARGETS,
                    table.getName(),
                    "table.jte",
                    new TableView(
                            name,
                            table,
                            state.get(),
                            growth.get(),
                            policies.get().stream()
                                    .filter(policy -> same(policy.getTable(), table))
                                    .toList(),
                            partitions.get()));
        }
    }

    private Reply hold(Request request) {
        String target = request.variable("target");
        SetHoldRequest.Builder hold = SetHoldRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setTarget(target)
                .setReason(request.field("reason"))
                .setPauseRunning(request.isChecked("pause-running"));
        Until.of(request).ifPresent(hold::setDuration);
        request.api().holds().setHold(hold.build());
        looks.begin(request.api(), target);
        return Reply.seeOther("/targets/" + target + "?done=" + Notice.HELD.word());
    }

    private Reply release(Request request) {
        String target = HoldPages.release(request).getTarget();
        if (target.isEmpty()) {
            return Reply.seeOther("/?done=" + Notice.RELEASED.word());
        }
        looks.begin(request.api(), target);
        return Reply.seeOther("/targets/" + target + "?done=" + Notice.RELEASED.word());
    }

    private static Growth growth(Api api, String target, Optional<TableName> table) {
        GetGrowthRequest.Builder request = GetGrowthRequest.newBuilder().setTarget(target);
        table.ifPresent(request::setTable);
        return api.growth().getGrowth(request.build()).getGrowth();
    }

    private static List<Run> runs(Api api, String target) {
        return api.runs()
                .listRuns(ListRunsRequest.newBuilder()
                        .setTarget(target)
                        .setPageSize(RUNS)
                        .build())
                .getRunsList();
    }

    /** Asks the target itself, which may be away: then the page says so, and shows the rest. */
    private static PartitionsSeen partitions(Api api, String target, TableName table) {
        try {
            ListPartitionsResponse answer = api.maintenance()
                    .listPartitions(ListPartitionsRequest.newBuilder()
                            .setTarget(target)
                            .setTable(table)
                            .setPageSize(PARTITIONS)
                            .build());
            return new PartitionsSeen(
                    answer.getPartitionsList(), !answer.getNextPageToken().isEmpty(), "");
        } catch (StatusRuntimeException e) {
            return new PartitionsSeen(List.of(), false, why(e));
        }
    }

    /** The same of the table itself. */
    private static TableView.StateSeen state(Api api, String target, TableName table) {
        try {
            return new TableView.StateSeen(
                    Optional.of(api.targets()
                            .getTable(GetTableRequest.newBuilder()
                                    .setTarget(target)
                                    .setTable(table)
                                    .build())
                            .getTable()),
                    "");
        } catch (StatusRuntimeException e) {
            return new TableView.StateSeen(Optional.empty(), why(e));
        }
    }

    private static String why(StatusRuntimeException failure) {
        return Optional.ofNullable(failure.getStatus().getDescription()).orElse("");
    }

    private static boolean same(TableName one, TableName other) {
        return one.getName().equals(other.getName()) && schema(one).equals(schema(other));
    }

    private static String schema(TableName table) {
        return table.getSchema().isEmpty() ? "public" : table.getSchema();
    }
}
