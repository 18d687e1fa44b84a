package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListFiresResponse;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.Schedule;
import jakarta.inject.Singleton;
import java.util.List;

/** What became of the times of schedules: why did it not run at two? */
@Singleton
final class FirePages implements Pages {
    private static final int PAGE = 50;
    /** Nothing started then. */
    static final List<FireOutcome> IDLE = List.of(
            FireOutcome.FIRE_OUTCOME_SKIPPED_OVERLAP,
            FireOutcome.FIRE_OUTCOME_SKIPPED_CALENDAR,
            FireOutcome.FIRE_OUTCOME_SKIPPED_WINDOW,
            FireOutcome.FIRE_OUTCOME_SKIPPED_PAUSED,
            FireOutcome.FIRE_OUTCOME_SKIPPED_HOLD,
            FireOutcome.FIRE_OUTCOME_MISSED,
            FireOutcome.FIRE_OUTCOME_REFUSED);

    @Override
    public void add(Routes routes) {
        routes.get("/fires", this::list);
    }

    private Reply list(Request request) {
        Api api = request.api();
        FireFilter filter = new FireFilter(
                request.query("schedule"),
                request.query("target"),
                request.query("idle").equals("1"));
        ListFiresRequest.Builder wanted = ListFiresRequest.newBuilder()
                .setSchedule(filter.schedule())
                .setTarget(filter.target())
                .setPageSize(PAGE)
                .setPageToken(request.query("page"));
        if (filter.idle()) {
            wanted.addAllOutcomes(IDLE);
        }
        ListFiresResponse answer = api.schedules().listFires(wanted.build());
        List<String> schedules = api
                .schedules()
                .listSchedules(
                        ListSchedulesRequest.newBuilder().setPageSize(1_000).build())
                .getSchedulesList()
                .stream()
                .map(Schedule::getName)
                .toList();
        return request.page(
                Section.SCHEDULES,
                "What became of schedules",
                "fires.jte",
                new FiresView(filter, schedules, Targets.names(api), answer.getFiresList(), answer.getNextPageToken()));
    }
}
