package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Moments;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ForecastFire;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A calendar of what is due, from today on.
 *
 * @param zone in which its days begin and end
 * @param days fourteen, whether something is due or not
 * @param often what is due so often that its times are not told one by one
 */
public record TwoWeeks(ZoneId zone, List<Day> days, List<Due> often) {
    static final int DAYS = 14;
    /** More than hourly for two weeks is listed apart. */
    static final int MOST_TIMES = 400;

    private static final DateTimeFormatter TITLE = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);

    /** @param title such as "Mon 30 Nov" */
    public record Day(LocalDate date, String title, List<Due> dues) {}

    /**
     * Times of a schedule within a day.
     *
     * @param clock the first, "02:00"
     * @param times how many there are
     * @param started how many of these would start, at one target at least
     * @param obstacle what stands in the way of the first that something does, at any target; UNSPECIFIED: nothing
     */
    public record Due(String schedule, String clock, int times, int started, FireOutcome obstacle) {
        public boolean isObstructed() {
            return obstacle != FireOutcome.FIRE_OUTCOME_UNSPECIFIED;
        }

        /** Whether nothing of it would start. */
        public boolean isOff() {
            return started == 0;
        }
    }

    /** @param fires forecast by schedule, each for {@link #MOST_TIMES} at most */
    static TwoWeeks of(Map<String, List<ForecastFire>> fires, ZoneId zone, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        Instant end = today.plusDays(DAYS).atStartOfDay(zone).toInstant();
        Map<LocalDate, List<Due>> byDay = new TreeMap<>();
        List<Due> often = new ArrayList<>();
        fires.forEach((schedule, all) -> {
            Map<Instant, List<ForecastFire>> byTime = all.stream()
                    .collect(Collectors.groupingBy(
                            fire -> Moments.instant(fire.getStartTime()), TreeMap::new, Collectors.toList()));
            boolean beyond = byTime.keySet().stream().anyMatch(at -> !at.isBefore(end));
            if (!beyond && byTime.size() >= MOST_TIMES) {
                often.add(due(schedule, byTime, zone));
                return;
            }
            byTime.entrySet().stream()
                    .filter(entry -> entry.getKey().isBefore(end))
                    .collect(Collectors.groupingBy(entry -> LocalDate.ofInstant(entry.getKey(), zone)))
                    .forEach((day, entries) -> byDay.computeIfAbsent(day, one -> new ArrayList<>())
                            .add(due(
                                    schedule,
                                    new TreeMap<>(entries.stream()
                                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))),
                                    zone)));
        });
        return new TwoWeeks(
                zone,
                today.datesUntil(today.plusDays(DAYS))
                        .map(day -> new Day(
                                day,
                                TITLE.format(day),
                                byDay.getOrDefault(day, List.of()).stream()
                                        .sorted(Comparator.comparing(Due::clock).thenComparing(Due::schedule))
                                        .toList()))
                        .toList(),
                often);
    }

    private static Due due(String schedule, Map<Instant, List<ForecastFire>> byTime, ZoneId zone) {
        int started = (int) byTime.values().stream()
                .filter(fires -> fires.stream().anyMatch(TwoWeeks::starts))
                .count();
        FireOutcome obstacle = byTime.values().stream()
                .flatMap(List::stream)
                .filter(fire -> !starts(fire))
                .map(ForecastFire::getOutcome)
                .findFirst()
                .orElse(FireOutcome.FIRE_OUTCOME_UNSPECIFIED);
        Instant first = byTime.keySet().iterator().next();
        return new Due(schedule, CLOCK.format(first.atZone(zone)), byTime.size(), started, obstacle);
    }

    private static boolean starts(ForecastFire fire) {
        return fire.getOutcome() == FireOutcome.FIRE_OUTCOME_STARTED;
    }
}
