package dev.caretaker.server.api;

import com.google.protobuf.Message;
import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.EndOfSpan;
import dev.caretaker.server.api.mapping.FireWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.ScheduleWriter;
import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.schedule.ExclusionCalendar;
import dev.caretaker.server.schedule.Schedules;
import dev.caretaker.server.schedule.Schedules.SchedulePage;
import dev.caretaker.server.schedule.StoredSchedule;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ApplySchedulesResponse;
import dev.caretaker.v1.DeleteCalendarRequest;
import dev.caretaker.v1.DeleteCalendarResponse;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.DeleteScheduleResponse;
import dev.caretaker.v1.GetScheduleRequest;
import dev.caretaker.v1.GetScheduleResponse;
import dev.caretaker.v1.ListCalendarsRequest;
import dev.caretaker.v1.ListCalendarsResponse;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListFiresResponse;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.ListSchedulesResponse;
import dev.caretaker.v1.PauseScheduleRequest;
import dev.caretaker.v1.PauseScheduleResponse;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.PreviewScheduleResponse;
import dev.caretaker.v1.ResumeScheduleRequest;
import dev.caretaker.v1.ResumeScheduleResponse;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.TriggerScheduleRequest;
import dev.caretaker.v1.TriggerScheduleResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Keeps the schedules, and shows what became of their nominal times. */
@Singleton
final class ScheduleEndpoint extends ScheduleServiceGrpc.ScheduleServiceImplBase {
    private static final int USUAL_PAGE = 100;
    private static final int USUAL_TIMES = 10;
    private static final int MOST_TIMES = 1_000;

    private final Schedules schedules;
    private final ScheduleFires fires;
    private final ScheduleChanges changes;
    private final Commands commands;
    private final ControlStore control;

    ScheduleEndpoint(
            Schedules schedules,
            ScheduleFires fires,
            ScheduleChanges changes,
            Commands commands,
            ControlStore control) {
        this.schedules = schedules;
        this.fires = fires;
        this.changes = changes;
        this.commands = commands;
        this.control = control;
    }

    @Override
    public void applySchedules(ApplySchedulesRequest request, StreamObserver<ApplySchedulesResponse> observer) {
        Replies.send(
                observer,
                commands.execute(
                        request,
                        request.getValidateOnly(),
                        ApplySchedulesResponse.parser(),
                        violations -> changes.command(violations, request)));
    }

    @Override
    public void listSchedules(ListSchedulesRequest request, StreamObserver<ListSchedulesResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at = paging.page(
                violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, Schedules.LARGEST_PAGE);
        SchedulePage page = violations.checked(() -> schedules.list(text(request.getTarget()), at.size(), at.after()));
        List<Schedules.Standing> standing = schedules.standing(page.schedules().stream()
                .map(stored -> stored.schedule().name())
                .toList());
        Replies.send(
                observer,
                ListSchedulesResponse.newBuilder()
                        .addAllSchedules(page.schedules().stream()
                                .map(stored -> ScheduleWriter.write(stored, standing))
                                .toList())
                        .setNextPageToken(paging.next(page.nextPageToken()))
                        .build());
    }

    @Override
    public void getSchedule(GetScheduleRequest request, StreamObserver<GetScheduleResponse> observer) {
        Violations violations = new Violations();
        violations.required("name", request.getName());
        Replies.send(
                observer,
                GetScheduleResponse.newBuilder()
                        .setSchedule(violations.checked(() -> shown(schedules.get(request.getName()))))
                        .build());
    }

    @Override
    public void deleteSchedule(DeleteScheduleRequest request, StreamObserver<DeleteScheduleResponse> observer) {
        Replies.send(observer, commands.execute(request, DeleteScheduleResponse.parser(), violations -> {
            violations.required("name", request.getName());
            return new Command<>(
                    "",
                    Map.of("schedule", request.getName()),
                    actor -> DeleteScheduleResponse.newBuilder()
                            .setSchedule(ScheduleWriter.write(
                                    schedules.delete(request.getName(), text(request.getEtag())), List.of()))
                            .build(),
                    // It is gone, and so is what it was: its name is all that can be told again.
                    () -> Optional.of(DeleteScheduleResponse.newBuilder()
                            .setSchedule(Schedule.newBuilder().setName(request.getName()))
                            .build()),
                    answer -> Map.of("target", answer.getSchedule().getTarget()));
        }));
    }

    @Override
    public void pauseSchedule(PauseScheduleRequest request, StreamObserver<PauseScheduleResponse> observer) {
        Replies.send(observer, commands.execute(request, PauseScheduleResponse.parser(), violations -> {
            violations.required("name", request.getName());
            violations.text("reason", request.getReason());
            Optional<Instant> until = EndOfSpan.read(violations, request, "end_time", control::now);
            return steering(
                    request.getName(),
                    Map.of("schedule", request.getName(), "reason", request.getReason()),
                    actor -> schedules.pause(request.getName(), request.getReason(), until, actor),
                    schedule -> PauseScheduleResponse.newBuilder()
                            .setSchedule(schedule)
                            .build());
        }));
    }

    @Override
    public void resumeSchedule(ResumeScheduleRequest request, StreamObserver<ResumeScheduleResponse> observer) {
        Replies.send(observer, commands.execute(request, ResumeScheduleResponse.parser(), violations -> {
            violations.required("name", request.getName());
            return steering(
                    request.getName(),
                    Map.of("schedule", request.getName()),
                    actor -> schedules.resume(request.getName()),
                    schedule -> ResumeScheduleResponse.newBuilder()
                            .setSchedule(schedule)
                            .build());
        }));
    }

    private <A extends Message> Command<A> steering(
            String name,
            Map<String, String> summary,
            Function<Actor, StoredSchedule> steer,
            Function<Schedule, A> answer) {
        Supplier<Optional<A>> asItIs = () -> Optional.of(answer.apply(shown(schedules.get(name))));
        return new Command<>("", summary, actor -> answer.apply(shown(steer.apply(actor))), asItIs, given -> Map.of());
    }

    @Override
    public void triggerSchedule(TriggerScheduleRequest request, StreamObserver<TriggerScheduleResponse> observer) {
        Replies.send(
                observer,
                commands.execute(
                        request, TriggerScheduleResponse.parser(), violations -> fires.trigger(violations, request)));
    }

    @Override
    public void previewSchedule(PreviewScheduleRequest request, StreamObserver<PreviewScheduleResponse> observer) {
        Violations violations = new Violations();
        violations.required("name", request.getName());
        violations.require(
                request.getTimes() >= 0 && request.getTimes() <= MOST_TIMES, "times", "must be 0 to 1,000; 0 means 10");
        Optional<Instant> after = request.hasAfterTime()
                ? Optional.ofNullable(Times.read(violations, "after_time", request.getAfterTime()))
                : Optional.empty();
        int times = request.getTimes() == 0 ? USUAL_TIMES : request.getTimes();
        Replies.send(
                observer,
                PreviewScheduleResponse.newBuilder()
                        .addAllFires(violations
                                .checked(() -> schedules.preview(
                                        request.getName(),
                                        text(request.getTarget()),
                                        after,
                                        times,
                                        !request.getWithoutTargets()))
                                .stream()
                                .map(FireWriter::write)
                                .toList())
                        .build());
    }

    @Override
    public void listFires(ListFiresRequest request, StreamObserver<ListFiresResponse> observer) {
        Replies.send(observer, fires.list(request));
    }

    @Override
    public void listCalendars(ListCalendarsRequest request, StreamObserver<ListCalendarsResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at = paging.page(
                violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, Schedules.LARGEST_PAGE);
        violations.check();
        List<ExclusionCalendar> rest = schedules.calendars().stream()
                .filter(calendar -> at.after()
                        .filter(last -> calendar.name().compareTo(last) <= 0)
                        .isEmpty())
                .toList();
        List<ExclusionCalendar> page = rest.stream().limit(at.size()).toList();
        Replies.send(
                observer,
                ListCalendarsResponse.newBuilder()
                        .addAllCalendars(
                                page.stream().map(ScheduleWriter::write).toList())
                        .setNextPageToken(paging.next(
                                rest.size() > page.size()
                                        ? Optional.of(page.getLast().name())
                                        : Optional.empty()))
                        .build());
    }

    @Override
    public void deleteCalendar(DeleteCalendarRequest request, StreamObserver<DeleteCalendarResponse> observer) {
        Replies.send(observer, commands.execute(request, DeleteCalendarResponse.parser(), violations -> {
            violations.required("name", request.getName());
            return new Command<>(
                    "",
                    Map.of("calendar", request.getName()),
                    actor -> DeleteCalendarResponse.newBuilder()
                            .setCalendar(ScheduleWriter.write(schedules.deleteCalendar(request.getName())))
                            .build(),
                    // It is gone, and so is what it was: its name is all that can be told again.
                    () -> Optional.of(DeleteCalendarResponse.newBuilder()
                            .setCalendar(dev.caretaker.v1.ExclusionCalendar.newBuilder()
                                    .setName(request.getName()))
                            .build()),
                    answer -> Map.of());
        }));
    }

    private Schedule shown(StoredSchedule stored) {
        return ScheduleWriter.write(
                stored, schedules.standing(List.of(stored.schedule().name())));
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }
}
