package dev.caretaker.cli.schedules;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.SchedulePause;

/** What schedules and their fires are in a few words. */
final class ScheduleLines {
    private static final String OUTCOME = "FIRE_OUTCOME_";

    private ScheduleLines() {}

    static String target(Schedule schedule) {
        return schedule.getAllTargets() ? "all" : schedule.getTarget();
    }

    /** {@code 0 3 * * * Europe/Berlin}, {@code every 15m}. */
    static String when(Schedule schedule) {
        return schedule.hasEvery()
                ? "every " + Durations.exact(schedule.getEvery())
                : schedule.getCron() + " " + schedule.getZone();
    }

    /** {@code started, complete}: what became of a nominal time, and how its run ended. */
    static Table.Cell outcome(Fire fire) {
        String run = fire.getRunOutcome() == RunOutcome.RUN_OUTCOME_UNSPECIFIED
                ? ""
                : ", " + Names.words(fire.getRunOutcome(), "RUN_OUTCOME_");
        return new Table.Cell(Names.words(fire.getOutcome(), OUTCOME) + run, style(fire));
    }

    private static Style style(Fire fire) {
        if (fire.getRunOutcome() == RunOutcome.RUN_OUTCOME_FAILED) {
            return Style.BAD;
        }
        return style(fire.getOutcome());
    }

    static Style style(FireOutcome outcome) {
        return switch (outcome) {
            case FIRE_OUTCOME_STARTED, FIRE_OUTCOME_CAUGHT_UP -> Style.GOOD;
            case FIRE_OUTCOME_REFUSED, FIRE_OUTCOME_MISSED -> Style.BAD;
            default -> Style.CAREFUL;
        };
    }

    static String outcome(FireOutcome outcome) {
        return Names.words(outcome, OUTCOME);
    }

    /** {@code by anna until 2026-05-02 20:00:00Z: disks are moved}. */
    static String pause(SchedulePause pause) {
        return "by " + Names.actor(pause.getActor())
                + (pause.hasEndTime() ? " until " + Human.instant(pause.getEndTime()) : "")
                + (pause.getReason().isEmpty() ? "" : ": " + pause.getReason());
    }
}
