/**
 * What is due is looked at and started. {@code FireClock} has this server look at what no other looks at; {@code Look} takes
 * one schedule at one target through what is due, {@code Starting} starts the work, {@code RunEnds} notes how it ended; {@code
 * Foresight} looks at targets before, where very many are due together. That two servers never start the same is not the
 * clock's merit: the row of a nominal time is written in the transaction that stores its run, and there can be only one.
 */
package dev.caretaker.server.schedule.fire;
