/**
 * When something is due. {@link dev.caretaker.server.schedule.time.Timing} is the door: {@code CronTiming} reads a cron
 * expression in a time zone and knows what clocks do in spring and autumn, {@code IntervalTiming} counts seconds.
 */
package dev.caretaker.server.schedule.time;
