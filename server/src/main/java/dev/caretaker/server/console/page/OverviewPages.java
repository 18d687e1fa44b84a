package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.page.Looks.Look;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListDebtsRequest;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunSums;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The first page: how all targets are, what works, what was done in the last day, what comes next, what is on hold. */
@Singleton
final class OverviewPages implements Pages {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int RUNS_SHOWN = 12;
    private static final int OPEN_SHOWN = 20;
    private static final List<RunState> OPEN = List.of(
            RunState.RUN_STATE_QUEUED,
            RunState.RUN_STATE_WAITING_WINDOW,
            RunState.RUN_STATE_WAITING_LOCK,
            RunState.RUN_STATE_RUNNING,
            RunState.RUN_STATE_THROTTLED,
            RunState.RUN_STATE_PAUSED,
            RunState.RUN_STATE_CANCELLING);

    private final Looks looks;
    private final Clock clock;

    OverviewPages(Looks looks, Clock clock) {
        this.looks = looks;
        this.clock = clock;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/", this::overview);
    }

    private Reply overview(Request request) {
        Api api = request.api();
        Timestamp since = Moments.timestamp(clock.instant().minus(DAY));
        try (Together together = new Together()) {
            Supplier<List<String>> targets = together.ask(() -> Targets.names(api));
            Supplier<RunSums> day = together.ask(() -> day(api, since));
            Supplier<ListRunsResponse> ended = together.ask(() -> ended(api, since, List.of()));
            Supplier<ListRunsResponse> failed =
                    together.ask(() -> ended(api, since, List.of(RunOutcome.RUN_OUTCOME_FAILED)));
            Supplier<ListRunsResponse> stopped = together.ask(() ->
                    ended(api, since, List.of(RunOutcome.RUN_OUTCOME_DEADLINE, RunOutcome.RUN_OUTCOME_CANCELLED)));
            Supplier<ListRunsResponse> open = together.ask(() -> open(api));
            Supplier<List<Hold>> holds = together.ask(() -> holds(api));
            Supplier<List<Debt>> debts = together.ask(() -> debts(api));
            Supplier<List<Fire>> idle = together.ask(() -> idle(api, since));
            Supplier<List<Coming>> coming = together.ask(() -> Coming.of(api));
            List<String> names = targets.get();
            Map<String, Look> known = looks.of(api, names, Looks.A_MOMENT);
            List<Run> shown = worstFirst(failed.get(), stopped.get(), ended.get());
            OverviewView view = new OverviewView(
                    TargetLine.worstFirst(names, known, clock.instant()),
                    day.get().toBuilder()
                            .setRowsDeleted(day.get().getRowsDeleted()
                                    + open.get().getSums().getRowsDeleted())
                            .setRowsExact(day.get().getRowsExact()
                                    && open.get().getSums().getRowsExact())
                            .setBytesReturned(day.get().getBytesReturned()
                                    + open.get().getSums().getBytesReturned())
                            .build(),
                    open.get().getRunsList(),
                    open.get().getSums().getRuns() - open.get().getRunsCount(),
                    shown,
                    ended.get().getSums().getRuns() - shown.size(),
                    idle.get(),
                    coming.get(),
                    holds.get(),
                    debts.get(),
                    names.size() - known.size());
            return request.livePage(Section.OVERVIEW, "Overview", view.looking() > 0 ? 3 : 30, "overview.jte", view);
        }
    }

    /** Counted where the runs are kept: a day may have many. */
    private static RunSums day(Api api, Timestamp since) {
        return api.runs()
                .listRuns(ListRunsRequest.newBuilder()
                        .setEndedAfter(since)
                        .setWithSums(true)
                        .setPageSize(1)
                        .build())
                .getSums();
    }

    /** The newest runs that ended so, without those that are part of another one. */
    private static ListRunsResponse ended(Api api, Timestamp since, List<RunOutcome> outcomes) {
        return api.runs()
                .listRuns(ListRunsRequest.newBuilder()
                        .setEndedAfter(since)
                        .addAllOutcomes(outcomes)
                        .setTopLevel(true)
                        .setWithSums(outcomes.isEmpty())
                        .setPageSize(RUNS_SHOWN)
                        .build());
    }

    private static List<Run> worstFirst(ListRunsResponse... answers) {
        Map<String, Run> runs = new LinkedHashMap<>();
        for (ListRunsResponse answer : answers) {
            answer.getRunsList().forEach(run -> runs.putIfAbsent(run.getRunId(), run));
        }
        return runs.values().stream().limit(RUNS_SHOWN).toList();
    }

    /** One more than are shown, so that it is seen whether there are more. */
    private static List<Fire> idle(Api api, Timestamp since) {
        return api.schedules()
                .listFires(ListFiresRequest.newBuilder()
                        .addAllOutcomes(FirePages.IDLE)
                        .setAfterTime(since)
                        .setPageSize(OverviewView.IDLE_SHOWN + 1)
                        .build())
                .getFiresList();
    }

    private static ListRunsResponse open(Api api) {
        return api.runs()
                .listRuns(ListRunsRequest.newBuilder()
                        .addAllStates(OPEN)
                        .setWithSums(true)
                        .setPageSize(OPEN_SHOWN)
                        .build());
    }

    private static List<Hold> holds(Api api) {
        return api.holds()
                .listHolds(ListHoldsRequest.newBuilder()
                        .setPageSize(OverviewView.HOLDS_SHOWN + 1)
                        .build())
                .getHoldsList();
    }

    private static List<Debt> debts(Api api) {
        return api.runs()
                .listDebts(ListDebtsRequest.newBuilder()
                        .setPageSize(OverviewView.DEBTS_SHOWN + 1)
                        .build())
                .getDebtsList();
    }
}
