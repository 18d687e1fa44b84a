package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.schedule.Gate;
import dev.caretaker.server.schedule.Schedule;
import dev.caretaker.server.store.ScheduleLine;
import java.time.Instant;

/**
 * A schedule at a target, as it is looked at.
 *
 * @param line as it was when the look began
 * @param now by the clock of the control store
 */
record Turn(Schedule schedule, ScheduleLine line, Gate gate, Instant now) {}
