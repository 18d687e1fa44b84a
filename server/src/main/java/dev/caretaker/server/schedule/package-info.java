/**
 * Work that starts by itself. {@link dev.caretaker.server.schedule.Schedules} is the door: it keeps schedules, and what is
 * excluded; {@code Applying} makes them what somebody wants them to be, {@code Forecasts} says what would become of them.
 * {@code time} knows when a schedule is due, {@code fire} looks at what is due and starts it, {@code hold} freezes work. Every
 * nominal time gets one row that says what became of it, in the transaction that starts the run.
 */
package dev.caretaker.server.schedule;
