package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.Publication;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What logical replication does to a cleanup: deletes that a publication refuses, and drops that it does not tell of. */
final class PublicationWarnings {
    private final PolicyFacts policy;
    private final RelationWarnings warnings;

    /** @param warnings where they are added */
    PublicationWarnings(PolicyFacts policy, RelationWarnings warnings) {
        this.policy = policy;
        this.warnings = warnings;
    }

    /**
     * Of a policy's relations.
     *
     * @param byRows those whose rows are deleted
     * @param dropped those that are dropped
     */
    void of(List<Relation> byRows, List<Relation> dropped) {
        List<Relation> unidentified = stored(byRows, Relation::deletesCannotBePublished);
        if (!unidentified.isEmpty()) {
            warnings.add(
                    Code.NO_REPLICA_IDENTITY,
                    unidentified,
                    "Deletes from " + Named.relations(unidentified)
                            + " are published but rows have no replica identity, so Postgres refuses them.",
                    true,
                    Named.lines(unidentified, name -> "ALTER TABLE " + name + " REPLICA IDENTITY FULL;"),
                    publishing(unidentified));
        }
        refused(byRows);
        List<Relation> unreplicated =
                stored(dropped, relation -> policy.storage(relation).publishesDeletes());
        if (!unreplicated.isEmpty()) {
            warnings.add(
                    Code.DROP_NOT_REPLICATED,
                    unreplicated,
                    "Deletes from " + Named.relations(unreplicated)
                            + " are published, but dropping partitions is not: subscribers keep the rows.",
                    false,
                    "",
                    publishing(unreplicated));
        }
    }

    /** Where rows have a replica identity that does not do for a publication: one warning a reason. */
    private void refused(List<Relation> byRows) {
        Map<String, List<Relation>> byReason = new LinkedHashMap<>();
        for (Relation relation : stored(byRows, some -> !some.deletesCannotBePublished())) {
            relation.deletesRefused()
                    .ifPresent(why -> byReason.computeIfAbsent(why, reason -> new ArrayList<>())
                            .add(relation));
        }
        byReason.forEach((why, relations) -> {
            boolean wholeRow = relations.stream()
                    .flatMap(relation -> relation.publications().stream())
                    .allMatch(Publication::wholeRowHelps);
            warnings.add(
                    Code.NO_REPLICA_IDENTITY,
                    relations,
                    "Postgres refuses deletes from " + Named.relations(relations) + ": " + why + ".",
                    true,
                    wholeRow ? Named.lines(relations, name -> "ALTER TABLE " + name + " REPLICA IDENTITY FULL;") : "",
                    publishing(relations));
        });
    }

    private static Map<String, String> publishing(List<Relation> relations) {
        String names = relations.stream()
                .flatMap(relation -> relation.publications().stream())
                .filter(Publication::publishesDeletes)
                .map(Publication::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return Map.of("publications", names);
    }

    private static List<Relation> stored(List<Relation> relations, Predicate<Relation> test) {
        return relations.stream().filter(TableTree::hasRows).filter(test).toList();
    }
}
