package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Notice;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.GetScheduleRequest;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.PauseScheduleRequest;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.ResumeScheduleRequest;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.TriggerScheduleRequest;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One schedule: what it did, what it will do, and what may be asked of it. */
@Singleton
final class ScheduleWorkPages implements Pages {
    private static final int COMING = 5;
    private static final int FIRES = 20;
    /** To look at the next times, cleanups are planned at their targets. */
    private static final long MINUTES = 2;

    private final Clock clock;
    private final LookupCache<Asked> asked = new LookupCache<>();

    ScheduleWorkPages(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/schedules/{schedule}", this::show);
        routes.post("/schedules/{schedule}/pause", this::pause);
        routes.post("/schedules/{schedule}/resume", this::resume);
        routes.post("/schedules/{schedule}/trigger", this::trigger);
    }

    /** Its next times, or why they are not known. */
    private record Next(List<ForecastFire> fires, String problem) {}

    /** What targets say to its next times, as the schedule was when they were asked. */
    private record Asked(Timestamp changed, Next next) {}

    private Reply show(Request request) {
        Api api = request.api();
        String name = request.variable("schedule");
        Schedule schedule = api.schedules()
                .getSchedule(GetScheduleRequest.newBuilder().setName(name).build())
                .getSchedule();
        try (Together together = new Together()) {
            String alone = OneOfMany.of(schedule);
            Timestamp changed = schedule.getUpdateTime();
            if (request.isToLook()) {
                asked.again(name, () -> new Asked(changed, next(api, name, alone, true)));
                return Reply.seeOther("/schedules/" + name);
            }
            Optional<Next> said = asked.fresh(name)
                    .filter(answer -> answer.changed().equals(changed))
                    .map(Asked::next);
            Supplier<Next> next = together.ask(() -> said.orElseGet(() -> next(api, name, alone, false)));
            Supplier<List<Fire>> fires = together.ask(() -> api.schedules()
                    .listFires(ListFiresRequest.newBuilder()
                            .setSchedule(name)
                            .setPageSize(FIRES)
                            .build())
                    .getFiresList());
            ScheduleView view = new ScheduleView(
                    ScheduleLine.of(schedule, clock.instant()),
                    schedule.hasPause() && ScheduleLine.holds(schedule.getPause(), clock.instant()),
                    next.get().fires(),
                    alone,
                    said.isPresent(),
                    next.get().problem(),
                    fires.get());
            return request.page(Section.SCHEDULES, name, "schedule.jte", view);
        }
    }

    /** Of a target that is away the times are still told, without what it would say. */
    private static Next next(Api api, String name, String alone, boolean asked) {
        PreviewScheduleRequest preview = PreviewScheduleRequest.newBuilder()
                .setName(name)
                .setTarget(alone)
                .setTimes(COMING)
                .setWithoutTargets(!asked)
                .build();
        if (!asked) {
            return new Next(api.schedules().previewSchedule(preview).getFiresList(), "");
        }
        try {
            return new Next(
                    api.schedules()
                            .withDeadlineAfter(MINUTES, TimeUnit.MINUTES)
                            .previewSchedule(preview)
                            .getFiresList(),
                    "");
        } catch (StatusRuntimeException e) {
            String why = e.getStatus().getDescription();
            return new Next(next(api, name, alone, false).fires(), why == null ? "The target did not answer." : why);
        }
    }

    private Reply pause(Request request) {
        PauseScheduleRequest.Builder pause = PauseScheduleRequest.newBuilder()
                .setRequestId(request.requestId())
                .setActor(request.actor())
                .setName(request.variable("schedule"))
                .setReason(request.field("reason"));
        Until.of(request).ifPresent(pause::setDuration);
        request.api().schedules().pauseSchedule(pause.build());
        return SchedulePages.back(request, Notice.SCHEDULE_PAUSED);
    }

    private Reply resume(Request request) {
        request.api()
                .schedules()
                .resumeSchedule(ResumeScheduleRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setActor(request.actor())
                        .setName(request.variable("schedule"))
                        .build());
        return SchedulePages.back(request, Notice.SCHEDULE_RESUMED);
    }

    private Reply trigger(Request request) {
        request.api()
                .schedules()
                .triggerSchedule(TriggerScheduleRequest.newBuilder()
                        .setRequestId(request.requestId())
                        .setActor(request.actor())
                        .setName(request.variable("schedule"))
                        .setTarget(request.field("target"))
                        .setIgnoreWindow(request.isChecked("ignore-window"))
                        .build());
        return SchedulePages.back(request, Notice.TRIGGERED);
    }
}
