package dev.caretaker.server.schedule;

import dev.caretaker.server.report.ScheduleOutlook;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.TableName;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tells reports what schedules have ahead. */
@Singleton
final class Ahead implements ScheduleOutlook {
    /** Nominal times that are looked at for each schedule. */
    private static final int MOST = 1_000;

    private final Schedules schedules;
    private final ScheduleLineStore lines;
    private final Forecasts forecasts;

    Ahead(Schedules schedules, ScheduleLineStore lines, Forecasts forecasts) {
        this.schedules = schedules;
        this.lines = lines;
        this.forecasts = forecasts;
    }

    @Override
    public List<Coming> coming(String target, Instant from, Duration span) {
        Map<String, ScheduleLine> bySchedule =
                lines.ofTarget(target).stream().collect(Collectors.toMap(ScheduleLine::schedule, Function.identity()));
        List<Coming> coming = new ArrayList<>();
        for (StoredSchedule schedule : ofTarget(target)) {
            Optional.ofNullable(bySchedule.get(schedule.schedule().name()))
                    .flatMap(line -> coming(schedule, line, from, from.plus(span)))
                    .ifPresent(coming::add);
        }
        coming.sort(Comparator.comparing(Coming::first).thenComparing(Coming::schedule));
        return coming;
    }

    private List<StoredSchedule> ofTarget(String target) {
        List<StoredSchedule> all = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Schedules.SchedulePage page = schedules.list(Optional.of(target), Schedules.LARGEST_PAGE, token);
            all.addAll(page.schedules());
            token = page.nextPageToken();
        } while (token.isPresent());
        return all;
    }

    private Optional<Coming> coming(StoredSchedule schedule, ScheduleLine line, Instant from, Instant until) {
        List<Forecast> due = forecasts.within(schedule, line, from, until, MOST + 1);
        if (due.isEmpty()) {
            return Optional.empty();
        }
        List<Forecast> looked = due.subList(0, Math.min(due.size(), MOST));
        long starts = looked.stream()
                .filter(time -> time.outcome() == FireOutcome.STARTED)
                .count();
        String obstacle = looked.stream()
                .filter(time -> time.outcome() != FireOutcome.STARTED)
                .findFirst()
                .map(Forecast::message)
                .orElse("");
        return Optional.of(new Coming(
                schedule.schedule().name(),
                words(schedule.schedule().action()),
                looked.getFirst().nominal(),
                looked.size(),
                due.size() > MOST,
                starts,
                obstacle));
    }

    private static String words(Action action) {
        return switch (action) {
            case Action.Routine routine -> "routine " + routine.name();
            case Action.Cleanup cleanup -> "cleanup of " + names(cleanup.policies(), "all policies");
            case Action.Upkeep upkeep -> "upkeep of " + names(upkeep.sets(), "all partition sets");
            case Action.Vacuum vacuum -> "vacuum of " + names(tables(vacuum.tables()), "what needs it");
            case Action.Reindex reindex -> "reindex of " + names(tables(reindex.tables()), "what is bloated");
            case Action.Detection ignored -> "all checks";
            case Action.Report report -> "report of " + Show.span(report.period());
            case Action.Backup backup -> "backup to " + backup.terms().destination();
            case Action.BackupVerify ignored -> "verification of the newest backup";
            case Action.ArchiveVerify verify ->
                "verification of archives of " + names(verify.terms().policies(), "all policies");
        };
    }

    private static List<String> tables(List<TableName> tables) {
        return tables.stream().map(TableName::toString).toList();
    }

    /** The first three. */
    private static String names(List<String> names, String all) {
        if (names.isEmpty()) {
            return all;
        }
        String first = names.stream().limit(3).collect(Collectors.joining(", "));
        return names.size() > 3 ? first + " and " + (names.size() - 3) + " more" : first;
    }
}
