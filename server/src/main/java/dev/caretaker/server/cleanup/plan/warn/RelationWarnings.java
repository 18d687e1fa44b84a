package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Warnings of one policy about some relations of its table, which each names in its evidence. */
final class RelationWarnings {
    private final PolicyFacts policy;
    private final List<PlanWarning> warnings = new ArrayList<>();

    RelationWarnings(PolicyFacts policy) {
        this.policy = policy;
    }

    /** In the order in which they were added. */
    List<PlanWarning> all() {
        return List.copyOf(warnings);
    }

    void add(Code code, List<Relation> relations, String message, boolean blocking, String remediation) {
        add(code, relations, message, blocking, remediation, Map.of());
    }

    /** @param more evidence */
    void add(
            Code code,
            List<Relation> relations,
            String message,
            boolean blocking,
            String remediation,
            Map<String, String> more) {
        Map<String, String> evidence = new LinkedHashMap<>(more);
        evidence.put("relations", Named.relations(relations));
        evidence.put("count", Integer.toString(relations.size()));
        TableName relation = relations.size() == 1
                ? relations.getFirst().name()
                : policy.tree().root().name();
        String name = policy.policy().policy().name();
        warnings.add(new PlanWarning(code, message, blocking, Optional.of(relation), name, evidence, remediation));
    }
}
