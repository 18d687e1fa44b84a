package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.mapping.CalendarReader;
import dev.caretaker.server.api.mapping.ScheduleReader;
import dev.caretaker.server.api.mapping.ScheduleWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.schedule.AppliedSchedule;
import dev.caretaker.server.schedule.ExclusionCalendar;
import dev.caretaker.server.schedule.ScheduleChange;
import dev.caretaker.server.schedule.Schedules;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ApplySchedulesResponse;
import dev.caretaker.v1.Schedule;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads schedules and calendars that are to be applied, and applies them. */
@Singleton
final class ScheduleChanges {
    private static final int MOST_SCHEDULES = 1_000;
    private static final int MOST_CALENDARS = 100;

    private final Schedules schedules;

    ScheduleChanges(Schedules schedules) {
        this.schedules = schedules;
    }

    Command<ApplySchedulesResponse> command(Violations violations, ApplySchedulesRequest request) {
        violations.require(
                request.getPrune() || request.getSchedulesCount() + request.getCalendarsCount() > 0,
                "schedules",
                "must hold at least one schedule, unless calendars are given or prune is set");
        Schedules.Change change = new Schedules.Change(
                schedules(violations, request.getSchedulesList()),
                calendars(violations, request),
                request.getPrune(),
                request.getValidateOnly());
        return new Command<>(
                request.getSchedulesList().stream()
                        .map(Schedule::getTarget)
                        .filter(target -> !target.isEmpty())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(",")),
                Map.of(
                        "schedules",
                        request.getSchedulesList().stream()
                                .map(Schedule::getName)
                                .collect(Collectors.joining(",")),
                        "prune",
                        Boolean.toString(request.getPrune())),
                actor -> answer(schedules.apply(change, actor)),
                () -> Optional.of(applied(request)),
                answer -> Map.of("results", results(answer)));
    }

    private static List<ScheduleChange> schedules(Violations violations, List<Schedule> messages) {
        violations.require(messages.size() <= MOST_SCHEDULES, "schedules", "must not hold more than 1,000 schedules");
        Map<String, Integer> seen = new HashMap<>();
        List<ScheduleChange> changes = new ArrayList<>();
        for (int i = 0; i < Math.min(messages.size(), MOST_SCHEDULES); i++) {
            Schedule message = messages.get(i);
            String path = "schedules[" + i + "]";
            requireNew(violations, path, "schedules", message.getName(), seen, i);
            changes.add(new ScheduleChange(
                    ScheduleReader.read(violations, path, message),
                    Optional.of(message.getEtag()).filter(etag -> !etag.isEmpty())));
        }
        return changes;
    }

    private static List<ExclusionCalendar> calendars(Violations violations, ApplySchedulesRequest request) {
        violations.require(
                request.getCalendarsCount() <= MOST_CALENDARS, "calendars", "must not hold more than 100 calendars");
        Map<String, Integer> seen = new HashMap<>();
        List<ExclusionCalendar> calendars = new ArrayList<>();
        for (int i = 0; i < Math.min(request.getCalendarsCount(), MOST_CALENDARS); i++) {
            String path = "calendars[" + i + "]";
            requireNew(violations, path, "calendars", request.getCalendars(i).getName(), seen, i);
            calendars.add(CalendarReader.read(violations, path, request.getCalendars(i)));
        }
        return calendars;
    }

    private static void requireNew(
            Violations violations, String path, String list, String name, Map<String, Integer> seen, int place) {
        Integer earlier = seen.putIfAbsent(name, place);
        violations.require(
                earlier == null || name.isEmpty(), path + ".name", "is the name of " + list + "[" + earlier + "] too");
    }

    private static ApplySchedulesResponse answer(List<AppliedSchedule> applied) {
        return ApplySchedulesResponse.newBuilder()
                .addAllSchedules(applied.stream().map(ScheduleWriter::write).toList())
                .build();
    }

    /** The schedules as they are now: applied again they would not change. Fails if one was deleted since. */
    private ApplySchedulesResponse applied(ApplySchedulesRequest request) {
        return answer(request.getSchedulesList().stream()
                .map(message -> new AppliedSchedule(
                        schedules.get(message.getName()), AppliedSchedule.Result.UNCHANGED, List.of()))
                .toList());
    }

    private static String results(ApplySchedulesResponse answer) {
        return answer.getSchedulesList().stream()
                .map(applied -> applied.getSchedule().getName() + " " + applied.getResult())
                .collect(Collectors.joining(","));
    }
}
