package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.ListSchedulesResponse;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleStanding;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a schedule does next.
 *
 * @param at when
 * @param targets where
 * @param alone the one of these of which time and obstacle are known; empty: they are those of all
 * @param obstacle what would stand in the way, as things are; empty: nothing
 */
public record Coming(String schedule, Timestamp at, List<String> targets, String alone, String obstacle) {
    private static final int PAGE = 100;
    private static final int SHOWN = 8;

    /** Of all schedules the next time, the soonest first. Only those are previewed that may be among these. */
    static List<Coming> of(Api api) {
        List<Schedule> schedules = all(api).stream()
                .filter(schedule -> due(schedule) < Long.MAX_VALUE)
                .sorted(Comparator.comparingLong(Coming::due).thenComparing(Schedule::getName))
                .toList();
        List<Coming> soonest = List.of();
        for (Schedule schedule : schedules) {
            // A start may be later than the time it is for, and never earlier.
            if (soonest.size() == SHOWN && soonest.getLast().at().getSeconds() < due(schedule)) {
                break;
            }
            soonest = Stream.concat(soonest.stream(), next(schedule, api).stream())
                    .sorted(Comparator.comparingLong((Coming one) -> one.at().getSeconds())
                            .thenComparing(Coming::schedule))
                    .limit(SHOWN)
                    .toList();
        }
        return soonest;
    }

    private static List<Schedule> all(Api api) {
        return Whole.of(
                token -> api.schedules()
                        .listSchedules(ListSchedulesRequest.newBuilder()
                                .setPageSize(PAGE)
                                .setPageToken(token)
                                .build()),
                ListSchedulesResponse::getSchedulesList,
                ListSchedulesResponse::getNextPageToken);
    }

    /** Its next time at any target, in seconds since 1970. */
    private static long due(Schedule schedule) {
        return schedule.getStandingList().stream()
                .filter(ScheduleStanding::hasNextTime)
                .mapToLong(standing -> standing.getNextTime().getSeconds())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static List<Coming> next(Schedule schedule, Api api) {
        String alone = OneOfMany.of(schedule);
        return alone.isEmpty() ? each(schedule, api) : List.of(first(schedule, alone, api));
    }

    /** Of many targets only one is asked about that is due first; the others of that time stand beside it. */
    private static Coming first(Schedule schedule, String alone, Api api) {
        long due = due(schedule);
        List<String> targets = schedule.getStandingList().stream()
                .filter(standing ->
                        standing.hasNextTime() && standing.getNextTime().getSeconds() == due)
                .map(ScheduleStanding::getTarget)
                .toList();
        return preview(schedule.getName(), alone, api).stream()
                .map(fire ->
                        new Coming(schedule.getName(), fire.getStartTime(), targets, alone, obstacle(List.of(fire))))
                .findFirst()
                .orElseGet(() -> new Coming(
                        schedule.getName(),
                        Timestamp.newBuilder().setSeconds(due).build(),
                        targets,
                        alone,
                        ""));
    }

    private static List<Coming> each(Schedule schedule, Api api) {
        Map<Long, List<ForecastFire>> byTime = preview(schedule.getName(), "", api).stream()
                .collect(Collectors.groupingBy(
                        fire -> fire.getStartTime().getSeconds(), TreeMap::new, Collectors.toList()));
        return byTime.values().stream()
                .map(fires -> new Coming(
                        schedule.getName(),
                        fires.getFirst().getStartTime(),
                        fires.stream().map(ForecastFire::getTarget).toList(),
                        "",
                        obstacle(fires)))
                .toList();
    }

    /** @param target empty: all of them */
    private static List<ForecastFire> preview(String schedule, String target, Api api) {
        return api.schedules()
                .previewSchedule(PreviewScheduleRequest.newBuilder()
                        .setName(schedule)
                        .setTarget(target)
                        .setTimes(1)
                        .setWithoutTargets(true)
                        .build())
                .getFiresList();
    }

    private static String obstacle(List<ForecastFire> fires) {
        return fires.stream()
                .filter(fire -> fire.getOutcome() != FireOutcome.FIRE_OUTCOME_STARTED)
                .map(ForecastFire::getMessage)
                .findFirst()
                .orElse("");
    }
}
