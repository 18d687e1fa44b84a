package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.schedule.Gate;
import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.schedule.NominalTimes.Time;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.ScheduleLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rows of nominal times that come to nothing. */
record Missed(ScheduleLine line, Gate gate, Instant now) {
    /** So many have a row each; of more, those that follow each other and ended alike share one. */
    private static final int MOST_ROWS = 100;

    /** What stood in the way at its time; if nothing did, that nobody was there. */
    FireRow row(Time time, String why) {
        Barrier barrier = gate.at(time.nominal(), time.due()).orElse(new Barrier(FireOutcome.MISSED, why));
        return FireRow.of(line, time.nominal(), barrier.outcome(), "", barrier.message(), now);
    }

    static List<FireRow> condensed(List<FireRow> rows) {
        if (rows.size() <= MOST_ROWS) {
            return rows;
        }
        List<FireRow> condensed = new ArrayList<>();
        for (FireRow row : rows) {
            if (!condensed.isEmpty() && condensed.getLast().outcome() == row.outcome()) {
                FireRow last = condensed.removeLast();
                condensed.add(last.upTo(row.nominal(), last.times() + 1));
            } else {
                condensed.add(row);
            }
        }
        return condensed;
    }
}
