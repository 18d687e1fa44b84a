package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Filters;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Freezes a policy into the predicate of one relation. */
public final class Eligibilities {

    private Eligibilities() {}

    public static Eligibility of(PolicyFacts facts, Relation relation) {
        Eligibility eligible = of(facts.policy().policy(), facts.tree(), facts.bound(), relation);
        return facts.policy().policy().skipPinned() ? eligible.pinnedBy(holding(facts, relation)) : eligible;
    }

    /** Keys for which rows stay while a row of the child refers to them, but for those that rows of a circle go together by. */
    static List<ReferencingKey> holding(PolicyFacts facts, Relation relation) {
        return concerning(facts.tree(), relation).stream()
                .filter(ForeignKey::canBeSkipped)
                .filter(key -> !facts.circularKeys().contains(key.oid()))
                .map(Eligibilities::referencing)
                .toList();
    }

    static ReferencingKey referencing(ForeignKey key) {
        return new ReferencingKey(key.name(), key.child(), key.columns());
    }

    public static Eligibility of(Policy policy, TableTree tree, String bound, Relation relation) {
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
                columns.stream()
                        .filter(column ->
                                tree.column(column).map(tree::isAmbiguous).orElse(false))
                        .sorted()
                        .toList(),
                pinning(policy, tree, relation).map(Eligibilities::referencing).toList());
    }

    /**
     * The same in a form that Postgres' planner can estimate: it has no idea how many uuids are of version 7, and would guess
     * one in two hundred, where nearly all are.
     */
    public static Eligibility estimable(Eligibility eligible) {
        if (eligible.kind() != TimeColumn.Kind.UUID_V7) {
            return eligible;
        }
        return new Eligibility(
                eligible.oid(),
                eligible.table(),
                eligible.timeColumn(),
                TimeColumn.Kind.EPOCH_MILLIS,
                eligible.timeType(),
                eligible.bound(),
                eligible.filter(),
                eligible.columnTypes(),
                eligible.byFunction(),
                eligible.pinnedBy());
    }

    /** Keys whose actions concern rows of this relation: they reference it or a table it is a part of. */
    public static List<ForeignKey> concerning(TableTree tree, Relation relation) {
        Set<Long> lineage = tree.lineage(relation).stream().map(Relation::oid).collect(Collectors.toSet());
        return tree.incomingKeys().stream()
                .filter(key -> key.depth() > 1 || lineage.contains(key.parentOid()))
                .toList();
    }

    /** Keys for which rows are skipped while a row of the child refers to them. */
    static Stream<ForeignKey> pinning(Policy policy, TableTree tree, Relation relation) {
        return policy.skipPinned()
                ? concerning(tree, relation).stream().filter(ForeignKey::canBeSkipped)
                : Stream.empty();
    }

    private static String castType(TableTree tree, String column) {
        return tree.column(column).orElseThrow().castType();
    }
}
