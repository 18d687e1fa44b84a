/**
 * Vacuum and analyze. {@link dev.caretaker.server.vacuum.Vacuums} is the door: {@code TableActivity} reads the server's
 * counters, {@code Selection} and {@code Need} choose and order (no input or output), {@code Rewrites} asks for the disk that
 * FULL and REPACK need. Each chosen table is a step: {@code VacuumStep}, whose statement {@code VacuumStatement} writes and
 * whose warnings {@code VacuumWarnings} knows; {@code
 * ServerReport} says whether it was done, {@code VacuumOutcome} what came of it. The follow-up vacuum of a cleanup is the same step.
 */
package dev.caretaker.server.vacuum;
