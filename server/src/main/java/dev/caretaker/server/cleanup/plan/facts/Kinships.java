package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.cleanup.step.Kinship;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes a kinship of the policies whose tables refer to each other in a circle. */
public final class Kinships {
    private final PolicyFacts own;
    private final List<PolicyFacts> policies;
    private final Map<Long, List<PolicyFacts>> byTable;
    private final List<Long> tables;

    /**
     * @param own the policy whose step it is for
     * @param policies all of the circle
     */
    public Kinships(PolicyFacts own, List<PolicyFacts> policies) {
        this.own = own;
        this.policies = policies;
        this.byTable = policies.stream()
                .collect(Collectors.groupingBy(
                        facts -> facts.tree().root().oid(), LinkedHashMap::new, Collectors.toList()));
        this.tables = List.copyOf(byTable.keySet());
    }

    public Kinship kinship() {
        List<ForeignKey> keys = byTable.values().stream()
                .flatMap(all -> all.getFirst().keys().stream()
                        .filter(key -> all.getFirst().circularKeys().contains(key.oid())))
                .distinct()
                .toList();
        if (keys.isEmpty()) {
            return Kinship.NONE;
        }
        return new Kinship(
                tables.stream().map(table -> table(byTable.get(table), keys)).toList(),
                keys.stream().map(this::key).toList());
    }

    private Kinship.Key key(ForeignKey key) {
        ReferencingKey referencing = Eligibilities.referencing(key);
        return new Kinship.Key(
                tables.indexOf(tableOf(key.parentOid())),
                tables.indexOf(tableOf(key.childOid())),
                referencing,
                key.childIndexed());
    }

    private long tableOf(long relation) {
        return policies.stream()
                .map(PolicyFacts::tree)
                .filter(tree -> tree.get(relation) != null)
                .map(tree -> tree.root().oid())
                .findFirst()
                .orElseThrow();
    }

    private Kinship.Table table(List<PolicyFacts> all, List<ForeignKey> keys) {
        TableTree tree = all.getFirst().tree();
        List<String> referenced = keys.stream()
                .filter(key -> tree.get(key.parentOid()) != null)
                .flatMap(key -> key.parentColumns().stream())
                .distinct()
                .toList();
        List<Kinship.Part> parts = tree.stored().stream()
                .map(relation -> new Kinship.Part(relation.oid(), relation.name()))
                .toList();
        List<Kinship.Rows> rows = new ArrayList<>();
        all.stream().filter(this::mayGoAlong).forEach(facts -> rows.addAll(rows(facts)));
        return new Kinship.Table(tree.root().name(), referenced, parts, rows, keeper(all));
    }

    /** Rows go together with those that refer to them, whichever policy takes them: so all of a table's keep the same. */
    private Optional<Keeper> keeper(List<PolicyFacts> all) {
        List<Optional<Keeper>> keepers =
                all.stream().map(PolicyFacts::keeper).distinct().toList();
        if (keepers.size() > 1) {
            String names =
                    all.stream().map(facts -> facts.policy().policy().name()).collect(Collectors.joining(" and "));
            throw CaretakerException.of(
                    Reason.POLICY_DOES_NOT_FIT,
                    "Policies " + names + " cannot be planned together: rows of "
                            + all.getFirst().tree().root().name()
                            + " go with rows that they refer to, and these policies keep different things of them.",
                    Map.of("policies", names));
        }
        if (tables.size() > 1 && keepers.getFirst().orElse(null) instanceof Keeper.Store) {
            throw CaretakerException.of(
                    Reason.POLICY_DOES_NOT_FIT,
                    "Rows of " + all.getFirst().tree().root().name()
                            + " go together with rows of other tables that refer to them in a circle; such rows can be"
                            + " archived in tables, but not in files.",
                    Map.of("policy", all.getFirst().policy().policy().name()));
        }
        return keepers.getFirst();
    }

    /** Rows of another policy do not count against its row limit when they go here. */
    private boolean mayGoAlong(PolicyFacts facts) {
        boolean limited = facts.policy().policy().limits().maxRows() > 0
                || facts.policy().policy().limits().maxFraction() > 0;
        return facts == own || !limited;
    }

    /** Relations by what holds their rows back: a key may reference a partition alone. */
    private List<Kinship.Rows> rows(PolicyFacts facts) {
        boolean skips =
                facts.policy().policy().skipPinned() || own.policy().policy().skipPinned();
        Map<List<ReferencingKey>, List<Relation>> byKeys = facts.tree().stored().stream()
                .filter(relation -> facts.states().containsKey(relation.oid()))
                .collect(Collectors.groupingBy(
                        relation -> skips ? Eligibilities.holding(facts, relation) : List.of(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        List<Kinship.Rows> rows = new ArrayList<>();
        byKeys.forEach((keys, relations) -> {
            Eligibility eligible = Eligibilities.of(facts, relations.getFirst()).pinnedBy(keys);
            rows.add(new Kinship.Rows(
                    eligible, relations.stream().map(Relation::oid).toList()));
        });
        return rows;
    }
}
