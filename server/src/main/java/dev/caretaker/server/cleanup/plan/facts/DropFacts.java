package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.target.catalog.Relation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands against dropping partitions.
 *
 * @param obstacles what the catalog says, as clauses by oid of a partition that is old as a whole
 * @param eventTriggers those that fire on a detach and a drop, for people
 */
public record DropFacts(Map<Long, List<String>> obstacles, List<String> eventTriggers) {
    public static final DropFacts NONE = new DropFacts(Map.of(), List.of());

    /** In one clause. */
    public Optional<String> obstacle(Relation partition) {
        return Optional.ofNullable(obstacles.get(partition.oid())).map(clauses -> String.join("; ", clauses));
    }
}
