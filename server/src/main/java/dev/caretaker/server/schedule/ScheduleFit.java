package dev.caretaker.server.schedule;

import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.config.ReportsConfig;
import dev.caretaker.server.config.RoutineConfig.Part;
import dev.caretaker.server.config.RoutinesConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.report.file.ReportFolder;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether what a schedule names is there. */
@Singleton
final class ScheduleFit {
    private static final int MOST_NAMED = 5;

    private final Targets targets;
    private final RoutinesConfig routines;
    private final Policies policies;
    private final PartitionSets sets;
    private final ReportFolder reports;
    private final Destinations destinations;
    private final Formats formats;

    ScheduleFit(
            Targets targets,
            RoutinesConfig routines,
            Policies policies,
            PartitionSets sets,
            ReportFolder reports,
            Destinations destinations,
            Formats formats) {
        this.targets = targets;
        this.routines = routines;
        this.policies = policies;
        this.sets = sets;
        this.reports = reports;
        this.destinations = destinations;
        this.formats = formats;
    }

    /** Names of the targets at which it works. */
    Set<String> targets(Schedule schedule) {
        return schedule.target().map(Set::of).orElseGet(targets::names);
    }

    /**
     * What cannot be as it is.
     *
     * @param path of the schedule in the request
     * @param calendars names of those that are there
     */
    List<FieldViolation> violations(String path, Schedule schedule, Set<String> calendars) {
        List<FieldViolation> found = new ArrayList<>();
        schedule.target()
                .filter(name -> !targets.names().contains(name))
                .ifPresent(name -> found.add(missing(path + ".target", "target", name, targets.names())));
        if (schedule.action() instanceof Action.Routine routine
                && !routines.byName().containsKey(routine.name())) {
            found.add(missing(
                    path + ".work.routine",
                    "routine",
                    routine.name(),
                    routines.byName().keySet()));
        }
        if (schedule.action() instanceof Action.Report && !reports.isThere()) {
            found.add(new FieldViolation(
                    path + ".work.report",
                    "needs a directory: caretaker." + ReportsConfig.DIRECTORY + " is not configured at this server"));
        }
        switch (schedule.action()) {
            case Action.Backup backup -> {
                destination(
                        found, path + ".work.backup.destination", backup.terms().destination());
                String compression = backup.terms().compression();
                Set<String> compressions = Set.copyOf(formats.compressionNames());
                if (!compressions.contains(compression)) {
                    found.add(missing(path + ".work.backup.compression", "compression", compression, compressions));
                }
            }
            case Action.BackupVerify verify -> {
                verify.terms()
                        .destination()
                        .ifPresent(name -> destination(found, path + ".work.backup_verify.destination", name));
                verify.terms()
                        .scratchTarget()
                        .filter(name -> !targets.names().contains(name))
                        .ifPresent(name -> found.add(
                                missing(path + ".work.backup_verify.scratch_target", "target", name, targets.names())));
            }
            default -> {}
        }
        for (int i = 0; i < schedule.calendars().size(); i++) {
            String calendar = schedule.calendars().get(i);
            if (!calendars.contains(calendar)) {
                found.add(missing(path + ".calendars[" + i + "]", "calendar", calendar, calendars));
            }
        }
        return found;
    }

    private void destination(List<FieldViolation> found, String field, String name) {
        try {
            destinations.store(name);
        } catch (CaretakerException e) {
            if (e.reason() != Reason.DESTINATION_NOT_FOUND) {
                throw e;
            }
            found.add(new FieldViolation(field, e.getMessage()));
        }
    }

    private static FieldViolation missing(String field, String what, String name, Set<String> known) {
        return new FieldViolation(field, "no " + what + " is named \"" + name + "\"" + Similar.question(name, known));
    }

    /**
     * What may come to be as it is, for each of them: policies and partition sets that are not there yet, and policies without a bound
     * on what is removed while nobody watches.
     */
    List<List<String>> warnings(List<Schedule> schedules) {
        Map<Optional<String>, List<Policy>> read = new HashMap<>();
        return schedules.stream()
                .map(schedule -> warnings(schedule, () -> read.computeIfAbsent(schedule.target(), this::policies)))
                .toList();
    }

    /** @param known policies of its target, or of all */
    private List<String> warnings(Schedule schedule, Supplier<List<Policy>> known) {
        return switch (schedule.action()) {
            case Action.Cleanup cleanup ->
                Stream.concat(
                                cleanup.policies().stream()
                                        .filter(name -> known.get().stream()
                                                .noneMatch(
                                                        policy -> policy.name().equals(name)))
                                        .map(name -> "There is no policy " + name
                                                + schedule.target()
                                                        .map(at -> " at " + at)
                                                        .orElse("")
                                                + " yet: its fires would be refused."),
                                boundless(known.get(), cleanup.policies()::contains))
                        .toList();
            case Action.Upkeep upkeep ->
                upkeep.sets().stream()
                        .filter(name -> !isSet(name))
                        .map(name -> "There is no partition set " + name + " yet: its fires would be refused.")
                        .toList();
            case Action.Routine routine ->
                Optional.ofNullable(routines.byName().get(routine.name()))
                        .filter(found -> found.parts().contains(Part.CLEANUP))
                        .stream()
                        .flatMap(found -> boundless(known.get(), name -> true))
                        .toList();
            case Action.Vacuum ignored -> List.of();
            case Action.Reindex ignored -> List.of();
            case Action.Detection ignored -> List.of();
            case Action.Report ignored -> List.of();
            case Action.Backup ignored -> List.of();
            case Action.BackupVerify ignored -> List.of();
            case Action.ArchiveVerify ignored -> List.of(); // archives outlive their policies
        };
    }

    private List<Policy> policies(Optional<String> target) {
        List<Policy> all = new ArrayList<>();
        Optional<String> page = Optional.empty();
        do {
            Policies.PolicyPage next = policies.list(target, Policies.LARGEST_PAGE, page);
            next.policies().stream().map(StoredPolicy::policy).forEach(all::add);
            page = next.nextPageToken();
        } while (page.isPresent());
        return all;
    }

    /** A warning of policies that bound by nothing what a run removes, if there are any. */
    private static Stream<String> boundless(List<Policy> known, Predicate<String> which) {
        Set<String> names = known.stream()
                .filter(policy -> which.test(policy.name()))
                .filter(policy -> policy.limits().isBoundless())
                .map(Policy::name)
                .collect(Collectors.toCollection(TreeSet::new));
        String some = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
        return names.isEmpty()
                ? Stream.empty()
                : Stream.of((names.size() == 1 ? "Policy " + some + " has" : "Policies " + some + " have")
                        + " neither max_rows nor max_fraction: until three cleanups tell what is usual, nothing bounds"
                        + " what a run removes.");
    }

    private boolean isSet(String name) {
        try {
            sets.get(name);
            return true;
        } catch (CaretakerException e) {
            if (e.reason() == Reason.PARTITION_SET_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
