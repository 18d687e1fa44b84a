package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.Schedule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a schedule does next.
 *
 * @param at when
 * @param targets where
 * @param obstacle what would stand in the way, as things are; empty: nothing
 */
public record Coming(String schedule, Timestamp at, List<String> targets, String obstacle) {
    private static final int MOST_SCHEDULES = 50;
    private static final int SHOWN = 8;

    /** Of all schedules the next time, the soonest first. */
    static List<Coming> of(Api api) {
        List<Schedule> schedules = api.schedules()
                .listSchedules(ListSchedulesRequest.newBuilder()
                        .setPageSize(MOST_SCHEDULES)
                        .build())
                .getSchedulesList();
        List<Coming> all = new ArrayList<>();
        for (Schedule schedule : schedules) {
            all.addAll(next(schedule.getName(), api));
        }
        return all.stream()
                .sorted(Comparator.comparingLong((Coming one) -> one.at().getSeconds())
                        .thenComparing(Coming::schedule))
                .limit(SHOWN)
                .toList();
    }

    private static List<Coming> next(String schedule, Api api) {
        Map<Long, List<ForecastFire>> byTime = api
                .schedules()
                .previewSchedule(PreviewScheduleRequest.newBuilder()
                        .setName(schedule)
                        .setTimes(1)
                        .setWithoutTargets(true)
                        .build())
                .getFiresList()
                .stream()
                .collect(Collectors.groupingBy(
                        fire -> fire.getStartTime().getSeconds(), TreeMap::new, Collectors.toList()));
        return byTime.values().stream()
                .map(fires -> new Coming(
                        schedule,
                        fires.getFirst().getStartTime(),
                        fires.stream().map(ForecastFire::getTarget).toList(),
                        fires.stream()
                                .filter(fire -> fire.getOutcome() != FireOutcome.FIRE_OUTCOME_STARTED)
                                .map(ForecastFire::getMessage)
                                .findFirst()
                                .orElse("")))
                .toList();
    }
}
