/**
 * Tells what was and was not done, for people. {@link dev.caretaker.server.report.Reports} is the door: it gathers the figures of
 * one run, or of a target over a period ({@code gather}), and writes them as a document ({@code page}); {@code file} keeps the
 * documents that schedules ask for in a folder. {@code growth} keeps how targets grow, {@code observe} what runs' tables were like
 * before and after them. What lies above, schedules and health, tells of itself through the interfaces
 * {@link dev.caretaker.server.report.ScheduleOutlook} and {@link dev.caretaker.server.report.HealthOpinion}.
 */
package dev.caretaker.server.report;
