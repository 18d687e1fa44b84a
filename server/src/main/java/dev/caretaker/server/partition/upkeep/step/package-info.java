/**
 * What upkeep does to partitions, each action a step that looks at the catalog before every statement. All statements go up a
 * ladder of short lock timeouts ({@code LockLadder}), one at a time at a target, and say who stood in the way. What reads a whole table
 * takes no turn: nobody else waits for it.
 */
package dev.caretaker.server.partition.upkeep.step;
