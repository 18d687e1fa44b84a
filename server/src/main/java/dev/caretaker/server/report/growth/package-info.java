/**
 * How targets grow: samples that are taken once a day and after routines, kept in the control store, and what they let
 * expect. {@link dev.caretaker.server.report.growth.GrowthClock} takes them, {@link
 * dev.caretaker.server.report.growth.GrowthHistory} tells what they say.
 */
package dev.caretaker.server.report.growth;
