/**
 * From sets and catalog facts to steps. {@link dev.caretaker.server.partition.upkeep.plan.UpkeepPlans} is the door; {@code
 * FactsReader} reads, {@code Wanted} says which partitions are missing, {@code UpkeepPlanner} is pure.
 */
package dev.caretaker.server.partition.upkeep.plan;
