/**
 * Turns a plain table into a partitioned one while it is in use, copying nothing, and back. {@link
 * dev.caretaker.server.partition.conversion.Conversions} is the door; {@code table} reads what a table is, {@code plan} says what
 * stands in the way and writes every statement of both ways in advance, {@code step} runs them.
 */
package dev.caretaker.server.partition.conversion;
