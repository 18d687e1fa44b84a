package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.ListCalendarsRequest;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.ListSchedulesResponse;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.Schedule;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All schedules, and a calendar of what they will start in two weeks. */
@Singleton
final class SchedulePages implements Pages {
    private static final int MOST_SCHEDULES = 200;

    private final Clock clock;

    SchedulePages(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/schedules", this::list);
    }

    private Reply list(Request request) {
        Api api = request.api();
        ZoneId zone = request.zone();
        Instant now = clock.instant();
        ListSchedulesResponse answer = api.schedules()
                .listSchedules(ListSchedulesRequest.newBuilder()
                        .setPageSize(MOST_SCHEDULES)
                        .build());
        try (Together together = new Together()) {
            Supplier<List<ExclusionCalendar>> calendars = together.ask(() -> calendars(api));
            Map<String, Supplier<List<ForecastFire>>> asked = new LinkedHashMap<>();
            answer.getSchedulesList()
                    .forEach(schedule -> asked.put(schedule.getName(), together.ask(() -> coming(api, schedule))));
            Map<String, List<ForecastFire>> coming = new LinkedHashMap<>();
            asked.forEach((schedule, fires) -> coming.put(schedule, fires.get()));
            return request.page(
                    Section.SCHEDULES,
                    "Schedules",
                    "schedules.jte",
                    new SchedulesView(
                            answer.getSchedulesList().stream()
                                    .map(schedule -> ScheduleLine.of(schedule, now))
                                    .toList(),
                            !answer.getNextPageToken().isEmpty(),
                            TwoWeeks.of(coming, zone, now),
                            calendars.get()));
        }
    }

    /** No target is asked anything: a calendar says when, and what stands in the way that is known here. */
    private static List<ForecastFire> coming(Api api, Schedule schedule) {
        return api.schedules()
                .previewSchedule(PreviewScheduleRequest.newBuilder()
                        .setName(schedule.getName())
                        .setTarget(OneOfMany.of(schedule))
                        .setTimes(TwoWeeks.MOST_TIMES)
                        .setWithoutTargets(true)
                        .build())
                .getFiresList();
    }

    private static List<ExclusionCalendar> calendars(Api api) {
        return api.schedules()
                .listCalendars(ListCalendarsRequest.getDefaultInstance())
                .getCalendarsList();
    }

    /** What schedules do, where a form asked for it. */
    static Reply back(Request request, Notice notice) {
        return Reply.seeOther("/schedules/" + request.variable("schedule") + "?done=" + notice.word());
    }
}
