package dev.caretaker.server.vacuum;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Chooses what to do to which table, in which order: no input or output, so the same tables always make the same choice.
 * A partitioned table stands for its partitions, which are vacuumed one by one, and for its own statistics, which come last.
 */
final class Selection {
    private static final String NAMED = "named";

    private final VacuumOrder order;
    private final Capabilities server;
    private final Predicate<TableName> inScope;
    private final Map<Long, TableActivity> byOid = new LinkedHashMap<>();
    private final Map<TableName, TableActivity> byName = new HashMap<>();
    private final Map<Long, List<TableActivity>> children = new HashMap<>();

    /**
     * @param inScope tables that may be touched
     * @param tables all tables of the target, by name
     */
    Selection(VacuumOrder order, Capabilities server, Predicate<TableName> inScope, List<TableActivity> tables) {
        this.order = order;
        this.server = server;
        this.inScope = inScope;
        tables.forEach(table -> {
            byOid.put(table.oid(), table);
            byName.put(table.name(), table);
            table.parent()
                    .ifPresent(parent -> children.computeIfAbsent(parent, key -> new ArrayList<>())
                            .add(table));
        });
    }

    private record Choice(TableActivity table, Need need) {}

    List<VacuumRequest> requests() {
        List<Choice> choices = choices();
        Set<Long> roots = choices.stream()
                .map(Choice::table)
                .filter(TableActivity::partitioned)
                .map(TableActivity::oid)
                .collect(Collectors.toSet());
        return choices.stream()
                .filter(choice -> !analyzedWithParent(choice, roots))
                .map(choice -> request(choice, roots))
                .toList();
    }

    private List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        for (TableActivity table : candidates()) {
            need(table).ifPresent(need -> choices.add(new Choice(table, need)));
        }
        Comparator<Choice> parentsLast =
                Comparator.comparing(choice -> choice.table().partitioned());
        choices.sort(
                order.tables().named().isEmpty() || order.tables().byThreshold()
                        ? Comparator.comparing(
                                        (Choice choice) -> !choice.table().allowed())
                                .thenComparing(Choice::need, Need.MOST_URGENT_FIRST)
                        : parentsLast);
        return choices;
    }

    private List<TableActivity> candidates() {
        if (order.tables().named().isEmpty()) {
            return byOid.values().stream()
                    .filter(table -> inScope.test(table.name()))
                    .toList();
        }
        Set<TableActivity> named = new LinkedHashSet<>();
        List<FieldViolation> wrong = new ArrayList<>();
        for (int i = 0; i < order.tables().named().size(); i++) {
            TableName name = order.tables().named().get(i);
            TableActivity table = byName.get(name);
            if (table == null || !inScope.test(name)) {
                wrong.add(new FieldViolation(
                        "tables[" + i + "]",
                        inScope.test(name)
                                ? name + " is not a table of the target"
                                : name + " lies outside of the schemas that may be touched"));
            } else {
                expand(table, named);
            }
        }
        if (!wrong.isEmpty()) {
            throw CaretakerException.invalid(wrong);
        }
        requireAllowed(named);
        return List.copyOf(named);
    }

    private void expand(TableActivity table, Set<TableActivity> into) {
        into.add(table);
        children.getOrDefault(table.oid(), List.of()).forEach(child -> expand(child, into));
    }

    private void requireAllowed(Set<TableActivity> named) {
        List<String> refused = named.stream()
                .filter(table -> !table.allowed())
                .map(table -> table.name().toString())
                .toList();
        if (!refused.isEmpty()) {
            String tables = String.join(", ", refused);
            throw CaretakerException.of(
                    Reason.MISSING_PRIVILEGE,
                    "The role may not vacuum " + tables
                            + (server.hasMaintainPrivilege()
                                    ? ": it is not the owner and has no MAINTAIN."
                                    : ": it is not the owner."),
                    Map.of("target", order.target(), "tables", tables));
        }
    }

    private Optional<Need> need(TableActivity table) {
        if (table.partitioned()) {
            return parentNeed(table);
        }
        VacuumThresholds thresholds = order.options().analyze()
                ? order.tables().thresholds()
                : order.tables().thresholds().withoutAnalyze();
        Optional<Need> need = order.tables().byThreshold()
                ? Need.of(table, thresholds)
                : order.tables().every()
                        ? Need.ofAny(table)
                        : Optional.of(new Need(true, true, false, Need.Urgency.DEAD_ROWS, 0, NAMED));
        return order.options().verb() == Verb.ANALYZE ? need.filter(Need::analyze) : need;
    }

    private Optional<Need> parentNeed(TableActivity table) {
        boolean topmost = table.parent().isEmpty();
        // Without ONLY, ANALYZE of the topmost table makes the statistics of all below it.
        if (!order.options().analyze() || !(topmost || server.canVacuumOnly())) {
            return Optional.empty();
        }
        return order.tables().byThreshold()
                ? Need.ofParent(table, leaves(table), order.tables().thresholds())
                : order.tables().every()
                        ? Need.ofAnyParent(leaves(table))
                        : Optional.of(new Need(false, true, false, Need.Urgency.PARENT_STATISTICS, 0, NAMED));
    }

    private List<TableActivity> leaves(TableActivity table) {
        Set<TableActivity> below = new LinkedHashSet<>();
        expand(table, below);
        return below.stream().filter(part -> !part.partitioned()).toList();
    }

    private Verb verb(Choice choice) {
        return choice.need().vacuum() ? order.options().verb() : Verb.ANALYZE;
    }

    /** Without ONLY, ANALYZE of a partitioned table analyzes its partitions, too. */
    private boolean parentAnalyzes(Choice choice, Set<Long> analyzedParents) {
        return !server.canVacuumOnly() && above(choice.table()).stream().anyMatch(analyzedParents::contains);
    }

    private boolean analyzedWithParent(Choice choice, Set<Long> analyzedParents) {
        return verb(choice) == Verb.ANALYZE && parentAnalyzes(choice, analyzedParents);
    }

    private VacuumRequest request(Choice choice, Set<Long> analyzedParents) {
        VacuumOptions options = order.options();
        options = options.with(verb(choice), options.analyze() && !parentAnalyzes(choice, analyzedParents));
        if (choice.need().freeze()) {
            options = options.aggressively();
        }
        return VacuumRequest.of(
                choice.table().oid(),
                choice.table().name(),
                options,
                choice.need().reason());
    }

    private Set<Long> above(TableActivity table) {
        Set<Long> above = new HashSet<>();
        Optional<TableActivity> next = Optional.of(table);
        while (next.isPresent() && next.get().parent().isPresent()) {
            long parent = next.get().parent().getAsLong();
            above.add(parent);
            next = Optional.ofNullable(byOid.get(parent));
        }
        return above;
    }
}
