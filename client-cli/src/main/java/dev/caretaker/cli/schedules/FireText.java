package dev.caretaker.cli.schedules;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Fire;

/** Why something became of a nominal time what became of it. */
final class FireText {
    private FireText() {}

    /** Who asked for it, what stood in the way, when it is tried again. */
    static String why(Fire fire) {
        StringBuilder why = new StringBuilder();
        if (fire.hasTriggeredBy()) {
            why.append("Asked for by ")
                    .append(Names.actor(fire.getTriggeredBy()))
                    .append(". ");
        }
        if (!fire.getReason().isEmpty()) {
            why.append(fire.getReason()).append(": ");
        }
        why.append(fire.getMessage());
        if (fire.getTimes() > 1) {
            why.append(" ")
                    .append(Human.count(fire.getTimes()))
                    .append(" times until ")
                    .append(Human.instant(fire.getLastNominalTime()))
                    .append(".");
        }
        if (fire.hasRetryTime()) {
            why.append(" Tried again at ")
                    .append(Human.instant(fire.getRetryTime()))
                    .append(".");
        }
        return why.toString().strip();
    }
}
