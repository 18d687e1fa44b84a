/**
 * What upkeep does to partitions, each action a step that looks at the catalog before every statement. All statements go up a
 * ladder of short lock timeouts ({@code Ladder}), one at a time at a target, and say who stood in the way.
 */
package dev.caretaker.server.partition.upkeep.step;
