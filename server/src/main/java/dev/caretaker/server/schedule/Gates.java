package dev.caretaker.server.schedule;

import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.config.RoutineConfig.Part;
import dev.caretaker.server.config.RoutinesConfig;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.ScheduleLine;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** What keeps schedules from firing, as it is now. */
@Singleton
public final class Gates {
    private final Calendars calendars;
    private final HoldStore holds;
    private final RoutinesConfig routines;

    Gates(Calendars calendars, HoldStore holds, RoutinesConfig routines) {
        this.calendars = calendars;
        this.holds = holds;
        this.routines = routines;
    }

    /** What stands in the way of a schedule at a target. */
    public Gate of(StoredSchedule schedule, ScheduleLine line) {
        List<HoldRow> inForce = holds.inForce();
        List<ExclusionCalendar> known = schedule.schedule().calendars().isEmpty() ? List.of() : calendars.all();
        return Gate.of(schedule, line, goesOn(schedule.schedule().action()), inForce, known);
    }

    /**
     * Whether a freeze of all lets it pass: one that creates partitions, so that no default partition fills, and a report, which
     * changes nothing.
     */
    private boolean goesOn(Action action) {
        return makesPartitions(action) || action instanceof Action.Report;
    }

    /** Whether it creates partitions, among other things perhaps. */
    public boolean makesPartitions(Action action) {
        return switch (action) {
            case Action.Upkeep ignored -> true;
            case Action.Routine routine ->
                Optional.ofNullable(routines.byName().get(routine.name()))
                        .map(RoutineConfig::parts)
                        .filter(parts -> parts.contains(Part.PARTITIONS))
                        .isPresent();
            case Action.Cleanup ignored -> false;
            case Action.Vacuum ignored -> false;
            case Action.Reindex ignored -> false;
            case Action.Detection ignored -> false;
            case Action.Report ignored -> false;
            case Action.Backup ignored -> false;
            case Action.BackupVerify ignored -> false;
            case Action.ArchiveVerify ignored -> false;
        };
    }
}
