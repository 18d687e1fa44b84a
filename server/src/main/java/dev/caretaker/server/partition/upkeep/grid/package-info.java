/**
 * Where the lines of a set's grid lie, how they are written as bounds, and how partitions are called. Pure: no clock, no database.
 * Positions are whole numbers, so that times and integers are cut by the same rules: microseconds since the epoch for times, the
 * key itself for integers.
 */
package dev.caretaker.server.partition.upkeep.grid;
