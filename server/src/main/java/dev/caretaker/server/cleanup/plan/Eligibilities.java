package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.policy.Filters;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.cleanup.table.ForeignKey;
import dev.caretaker.server.cleanup.table.Relation;
import dev.caretaker.server.cleanup.table.TableTree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Freezes a policy into the predicate of one relation. */
final class Eligibilities {

    private Eligibilities() {}

    static Eligibility of(PolicyFacts facts, Relation relation) {
        return of(facts.policy().policy(), facts.tree(), facts.bound(), facts.keys(), relation);
    }

    static Eligibility of(Policy policy, TableTree tree, String bound, List<ForeignKey> keys, Relation relation) {
        Set<String> columns = policy.filter().map(Filters::columns).orElse(Set.of());
        return new Eligibility(
                relation.oid(),
                relation.name(),
                policy.timeColumn().name(),
                policy.timeColumn().kind(),
                castType(tree, policy.timeColumn().name()),
                bound,
                policy.filter(),
                columns.stream().collect(Collectors.toMap(Function.identity(), column -> castType(tree, column))),
                policy.skipPinned() ? pinning(keys, tree, relation) : List.of());
    }

    /** Keys whose actions concern rows of this relation: they reference it or a table it is a part of. */
    static List<ForeignKey> concerning(List<ForeignKey> keys, TableTree tree, Relation relation) {
        Set<Long> lineage = tree.lineage(relation).stream().map(Relation::oid).collect(Collectors.toSet());
        return keys.stream()
                .filter(key -> key.depth() > 1 || lineage.contains(key.parent()))
                .toList();
    }

    private static List<ReferencingKey> pinning(List<ForeignKey> keys, TableTree tree, Relation relation) {
        return concerning(keys, tree, relation).stream()
                .filter(key -> key.depth() == 1 && key.onDelete().pins())
                .map(key -> new ReferencingKey(key.name(), key.childName(), Map.copyOf(key.columns())))
                .toList();
    }

    private static String castType(TableTree tree, String column) {
        return tree.column(column).orElseThrow().castType();
    }
}
