package dev.caretaker.server.console.page;

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
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Target;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The first page: how all targets are, what works, what was done in the last day, what comes next, what is on hold. */
@Singleton
final class OverviewPages implements Pages {
    private static final Duration DAY = Duration.ofDays(1);
    /** A page that comes late is worse than one that says what it does not know yet. */
    private static final Duration PATIENCE = Duration.ofMillis(80);

    private static final int MOST = 1_000;
    private static final int RUNS_SHOWN = 12;
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
        try (Together together = new Together()) {
            Supplier<List<Target>> targets = together.ask(() -> api.targets()
                    .listTargets(
                            ListTargetsRequest.newBuilder().setPageSize(MOST).build())
                    .getTargetsList());
            Supplier<List<Run>> recent = together.ask(() -> recent(api));
            Supplier<List<Run>> open = together.ask(() -> open(api));
            Supplier<List<Hold>> holds = together.ask(() ->
                    api.holds().listHolds(ListHoldsRequest.getDefaultInstance()).getHoldsList());
            Supplier<List<Debt>> debts = together.ask(() ->
                    api.runs().listDebts(ListDebtsRequest.getDefaultInstance()).getDebtsList());
            Supplier<List<Fire>> idle = together.ask(() -> idle(api));
            Supplier<List<Coming>> coming = together.ask(() -> Coming.of(api));
            List<String> names = targets.get().stream().map(Target::getName).toList();
            Map<String, Look> known = looks.of(api, names, PATIENCE);
            OverviewView view =
                    view(names, known, recent.get(), open.get(), idle.get(), holds.get(), debts.get(), coming.get());
            return request.livePage(Section.OVERVIEW, "Overview", view.looking() > 0 ? 3 : 30, "overview.jte", view);
        }
    }

    private List<Run> recent(Api api) {
        return api.runs()
                .listRuns(ListRunsRequest.newBuilder()
                        .setCreatedAfter(Moments.timestamp(clock.instant().minus(DAY)))
                        .setPageSize(MOST)
                        .build())
                .getRunsList();
    }

    /** One more than are shown, so that it is seen whether there are more. */
    private List<Fire> idle(Api api) {
        return api.schedules()
                .listFires(ListFiresRequest.newBuilder()
                        .addAllOutcomes(FirePages.IDLE)
                        .setAfterTime(Moments.timestamp(clock.instant().minus(DAY)))
                        .setPageSize(OverviewView.IDLE_SHOWN + 1)
                        .build())
                .getFiresList();
    }

    private static List<Run> open(Api api) {
        return api.runs()
                .listRuns(ListRunsRequest.newBuilder().addAllStates(OPEN).build())
                .getRunsList();
    }

    private static OverviewView view(
            List<String> names,
            Map<String, Look> known,
            List<Run> recent,
            List<Run> open,
            List<Fire> idle,
            List<Hold> holds,
            List<Debt> debts,
            List<Coming> coming) {
        List<TargetLine> lines = new ArrayList<>();
        for (String name : names) {
            lines.add(known.containsKey(name) ? TargetLine.of(name, known.get(name)) : TargetLine.unknown(name));
        }
        lines.sort(Comparator.comparingInt(TargetLine::rank).reversed().thenComparing(TargetLine::name));
        List<Run> ended = recent.stream()
                .filter(run -> run.getState() == RunState.RUN_STATE_ENDED
                        && run.getParentRunId().isEmpty())
                .toList();
        List<Run> shown = ended.stream()
                .sorted(Comparator.comparingInt(OverviewPages::gravity).reversed())
                .limit(RUNS_SHOWN)
                .toList();
        return new OverviewView(
                lines,
                DayFigures.of(recent),
                open,
                shown,
                ended.size() - shown.size(),
                idle,
                coming,
                holds,
                debts,
                names.size() - known.size());
    }

    /** Stable among equals, so that the newest stay first. */
    private static int gravity(Run run) {
        return switch (run.getOutcome()) {
            case RUN_OUTCOME_FAILED -> 2;
            case RUN_OUTCOME_DEADLINE, RUN_OUTCOME_CANCELLED -> 1;
            default -> 0;
        };
    }
}
