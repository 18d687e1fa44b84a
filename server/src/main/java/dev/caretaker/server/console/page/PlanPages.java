package dev.caretaker.server.console.page;

import dev.caretaker.server.console.page.PlansInMaking.Making;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Problem;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.Pace;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.Tuning;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Plans of cleanups: made, looked at, executed as they were looked at. */
@Singleton
final class PlanPages implements Pages {
    /** Counting rows exactly may take its time; the server bounds each count by itself. */
    private static final long MINUTES = 5;

    /** Longer than that nobody waits for a page that says nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int REFRESH_SECONDS = 2;

    private final PlansInMaking making;
    private final Clock clock;

    PlanPages(PlansInMaking making, Clock clock) {
        this.making = making;
        this.clock = clock;
    }

    @Override
    public void add(Routes routes) {
        routes.post("/plans", this::make);
        routes.get("/planning/{request}", this::planning);
        routes.get("/plans/{plan}", this::show);
        routes.post("/plans/{plan}/execute", this::execute);
    }

    private Reply make(Request request) {
        PlanCleanupRequest wanted = PlanCleanupRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setTarget(request.field("target"))
                .addAllPolicies(request.fields("policy"))
                .setExact(request.isChecked("exact"))
                .build();
        Api api = request.api();
        return made(making.begin(
                                wanted, asked -> patient(api).planCleanup(asked).getPlan())
                        .within(PATIENCE))
                .orElseGet(() -> Reply.seeOther("/planning/" + wanted.getRequestId()));
    }

    private static Optional<Reply> made(Optional<Plan> plan) {
        return plan.map(one -> Reply.seeOther("/plans/" + one.getPlanId()));
    }

    /** While a plan is being made; then it goes on to that. */
    private Reply planning(Request request) {
        String id = request.variable("request");
        Optional<Making> known = making.of(id);
        Optional<Problem> problem = Optional.empty();
        try {
            Optional<Reply> made = known.flatMap(one -> made(one.within(Duration.ZERO)));
            if (made.isPresent()) {
                return made.get();
            }
        } catch (StatusRuntimeException e) {
            problem = Optional.of(Problem.of(e));
        }
        PlanningView view = PlanningView.of(id, known, problem);
        return request.livePage(
                Section.POLICIES, "Planning", view.isOpen() ? REFRESH_SECONDS : 0, "planning.jte", view);
    }

    private Reply show(Request request) {
        Plan plan = request.api()
                .maintenance()
                .getPlan(GetPlanRequest.newBuilder()
                        .setPlanId(request.variable("plan"))
                        .build())
                .getPlan();
        if (plan.getSetsCount() > 0) {
            return Reply.seeOther("/upkeep/" + plan.getPlanId());
        }
        return request.page(
                Section.POLICIES,
                "Plan for " + plan.getTarget(),
                "plan.jte",
                PlanView.of(request, "/plans/" + plan.getPlanId(), plan, clock.instant()));
    }

    private Reply execute(Request request) {
        ExecuteCleanupRequest.Builder execute = ExecuteCleanupRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setPlanId(request.variable("plan"))
                .setEtag(request.field("etag"))
                .setIgnoreWindow(request.isChecked("ignore-window"));
        request.fields("override")
                .forEach(name -> Arrays.stream(PlanWarningCode.values())
                        .filter(code -> code != PlanWarningCode.UNRECOGNIZED
                                && code.name().equals(name))
                        .forEach(execute::addOverrideWarnings));
        Arrays.stream(Pace.values())
                .filter(pace -> pace != Pace.UNRECOGNIZED && pace.name().equals(request.field("pace")))
                .findFirst()
                .ifPresent(pace -> execute.setTuning(Tuning.newBuilder().setPace(pace)));
        String run = Api.first(() -> patient(request.api()).executeCleanup(execute.build()))
                .getEvent()
                .getRunId();
        return Reply.seeOther("/runs/" + run);
    }

    private static MaintenanceServiceBlockingStub patient(Api api) {
        return api.maintenance().withDeadlineAfter(MINUTES, TimeUnit.MINUTES);
    }
}
