package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.schedule.Gate;
import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.schedule.NominalTimes.Time;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.ScheduleLine;
import java.time.Instant;

/** Rows of nominal times that come to nothing. */
record Missed(ScheduleLine line, Gate gate, Instant now) {
    /** What stood in the way at its time; if nothing did, that nobody was there. */
    FireRow row(Time time, String reason, String why) {
        Barrier barrier = gate.at(time.nominal(), time.due()).orElse(new Barrier(FireOutcome.MISSED, reason, why));
        return FireRow.of(line, time.nominal(), barrier.outcome(), barrier.reason(), barrier.message(), now);
    }
}
