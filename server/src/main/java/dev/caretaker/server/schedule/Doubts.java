package dev.caretaker.server.schedule;

import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.config.RoutineConfig.Part;
import dev.caretaker.server.config.RoutinesConfig;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.schedule.CleanupOutlook.Verdict;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.ScheduleLine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What may come between a schedule and a time at which nothing stands in its way now: a run that still goes on, and what a cleanup
 * would find. Of the latter it is told what would happen now, since nobody knows what the database will hold then.
 */
@Singleton
final class Doubts {
    private final FireStore fires;
    private final Runs runs;
    private final Policies policies;
    private final RoutinesConfig routines;
    private final CleanupOutlook cleanups;

    Doubts(FireStore fires, Runs runs, Policies policies, RoutinesConfig routines, CleanupOutlook cleanups) {
        this.fires = fires;
        this.runs = runs;
        this.policies = policies;
        this.routines = routines;
        this.cleanups = cleanups;
    }

    /**
     * The forecasts of a line, with what is known of its runs and, if the target is to be asked, of what its cleanups would do.
     *
     * @param forecasts in order of time
     * @param askTarget whether cleanups are planned at the target; else nothing is told of them
     */
    List<Forecast> told(Schedule schedule, ScheduleLine line, List<Forecast> forecasts, boolean askTarget) {
        List<Forecast> all = overlapping(schedule, line, forecasts);
        boolean any = all.stream().anyMatch(Forecast::starts);
        return askTarget && any ? cleaning(schedule, line, all) : all;
    }

    private List<Forecast> overlapping(Schedule schedule, ScheduleLine line, List<Forecast> forecasts) {
        Optional<RunView> going =
                line.runId().flatMap(runs::find).filter(run -> !run.state().isTerminal());
        Optional<FireStore.Usual> usual = fires.usualTime(line);
        String fate = schedule.overlap() == Overlap.QUEUE_ONE ? "It waits for its end" : "It is skipped";
        List<Forecast> all = new ArrayList<>();
        Optional<Instant> before = Optional.empty();
        for (Forecast forecast : forecasts) {
            List<String> doubts = new ArrayList<>();
            if (forecast.starts()) {
                going.filter(run -> before(forecast, run, usual) || all.isEmpty())
                        .ifPresent(run -> doubts.add(fate + " if run " + run.id() + ", which goes on since "
                                + run.created().truncatedTo(ChronoUnit.SECONDS) + ", has not ended by then."));
                if (before.isPresent() && usual.isPresent()) {
                    Duration gap = Duration.between(before.get(), forecast.due());
                    if (usual.get().time().compareTo(gap) > 0) {
                        doubts.add(fate + " if the one before still goes: its runs usually take "
                                + Amounts.time(usual.get().time()) + " (median of the last "
                                + usual.get().runs() + "), and it is due " + Amounts.time(gap) + " after it.");
                    }
                }
                before = Optional.of(forecast.due());
            }
            all.add(forecast.doubted(doubts));
        }
        return all;
    }

    /** Whether a run may well go on until then, by what is usual. */
    private static boolean before(Forecast forecast, RunView going, Optional<FireStore.Usual> usual) {
        return usual.filter(time -> going.created().plus(time.time()).isAfter(forecast.due()))
                .isPresent();
    }

    private List<Forecast> cleaning(Schedule schedule, ScheduleLine line, List<Forecast> forecasts) {
        return switch (schedule.action()) {
            case Action.Cleanup cleanup -> {
                Verdict verdict = cleanups.of(line.target(), cleanup.policies());
                yield forecasts.stream()
                        .map(forecast -> forecast.starts() ? judged(forecast, verdict) : forecast)
                        .toList();
            }
            case Action.Routine routine -> {
                List<String> doubts = ofRoutine(routine, line.target());
                yield forecasts.stream()
                        .map(forecast -> forecast.starts() ? forecast.doubted(doubts) : forecast)
                        .toList();
            }
            case Action.Upkeep ignored -> forecasts;
            case Action.Vacuum ignored -> forecasts;
            case Action.Reindex ignored -> forecasts;
            case Action.Detection ignored -> forecasts;
            case Action.Report ignored -> forecasts;
            case Action.Backup ignored -> forecasts;
            case Action.BackupVerify ignored -> forecasts;
            case Action.ArchiveVerify ignored -> forecasts;
        };
    }

    private static Forecast judged(Forecast forecast, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Goes goes -> forecast;
            case Verdict.Refused(String why) -> forecast.instead(FireOutcome.REFUSED, "As things stand: " + why);
            case Verdict.Unknown(String why) ->
                forecast.doubted(List.of("What its cleanup would do is not known now. " + why));
        };
    }

    /** Each cleanup of a routine is planned by itself, and what is refused keeps no other part. */
    private List<String> ofRoutine(Action.Routine routine, String target) {
        boolean cleans = Optional.ofNullable(routines.byName().get(routine.name()))
                .map(RoutineConfig::parts)
                .filter(parts -> parts.contains(Part.CLEANUP))
                .isPresent();
        List<String> doubts = new ArrayList<>();
        if (cleans) {
            for (var stored : policies.ofTarget(target)) {
                String policy = stored.policy().name();
                switch (cleanups.of(target, List.of(policy))) {
                    case Verdict.Goes goes -> {}
                    case Verdict.Refused(String why) ->
                        doubts.add("Its cleanup of policy " + policy + " would not be done. " + why);
                    case Verdict.Unknown(String why) -> {
                        doubts.add("What its cleanups would do is not known now. " + why);
                        return doubts;
                    }
                }
            }
        }
        return doubts;
    }
}
