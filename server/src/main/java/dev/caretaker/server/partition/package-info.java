/**
 * Partitioned tables. {@code listing} says how they are cut, how far ahead their partitions reach, and what is amiss; it
 * changes nothing.
 */
package dev.caretaker.server.partition;
