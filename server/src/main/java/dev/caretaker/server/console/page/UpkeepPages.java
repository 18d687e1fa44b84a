package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.PartitionServiceGrpc.PartitionServiceBlockingStub;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanUpkeepRequest;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** Plans of upkeep: made, looked at, executed as they were looked at. */
@Singleton
final class UpkeepPages implements Pages {
    private static final long MINUTES = 5;

    private final Clock clock;

    UpkeepPages(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void add(Routes routes) {
        routes.post("/upkeep", this::make);
        routes.get("/upkeep/{plan}", this::show);
        routes.post("/upkeep/{plan}/execute", this::execute);
    }

    private Reply make(Request request) {
        Plan plan = patient(request.api())
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setActor(request.actor())
                        .setTarget(request.field("target"))
                        .addAllSets(request.fields("set"))
                        .build())
                .getPlan();
        return Reply.seeOther("/upkeep/" + plan.getPlanId());
    }

    private Reply show(Request request) {
        Plan plan = request.api()
                .maintenance()
                .getPlan(GetPlanRequest.newBuilder()
                        .setPlanId(request.variable("plan"))
                        .build())
                .getPlan();
        return request.page(
                Section.PARTITIONS,
                "Upkeep of " + plan.getTarget(),
                "upkeep.jte",
                PlanView.of(request, "/upkeep/" + plan.getPlanId(), plan, clock.instant()));
    }

    private Reply execute(Request request) {
        ExecuteUpkeepRequest execute = ExecuteUpkeepRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setPlanId(request.variable("plan"))
                .setEtag(request.field("etag"))
                .build();
        String run = Api.first(() -> patient(request.api()).executeUpkeep(execute))
                .getEvent()
                .getRunId();
        return Reply.seeOther("/runs/" + run);
    }

    private static PartitionServiceBlockingStub patient(Api api) {
        return api.partitions().withDeadlineAfter(MINUTES, TimeUnit.MINUTES);
    }
}
