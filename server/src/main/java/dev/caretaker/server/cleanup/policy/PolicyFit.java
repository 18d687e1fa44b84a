package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.cleanup.table.Column;
import dev.caretaker.server.cleanup.table.Relation;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.error.FieldViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a policy fits the table as it is: what the table is, its columns and their types. */
public final class PolicyFit {
    private static final Map<TimeColumn.Kind, Set<String>> TYPES = Map.of(
            TimeColumn.Kind.TIMESTAMPTZ, Set.of("timestamptz"),
            TimeColumn.Kind.TIMESTAMP, Set.of("timestamp"),
            TimeColumn.Kind.DATE, Set.of("date"),
            TimeColumn.Kind.EPOCH_SECONDS, Set.of("int4", "int8"),
            TimeColumn.Kind.EPOCH_MILLIS, Set.of("int8"),
            TimeColumn.Kind.EPOCH_MICROS, Set.of("int8"),
            TimeColumn.Kind.UUID_V7, Set.of("uuid"));

    private PolicyFit() {}

    /** Why the table can be cleaned by no policy at all, in a sentence; empty if it can be. */
    public static Optional<String> refusal(TableTree tree) {
        Relation root = tree.root();
        String name = "\"" + root.name() + "\"";
        if (root.kind() != Relation.Kind.TABLE && root.kind() != Relation.Kind.PARTITIONED) {
            return Optional.of(name + " is a " + root.kind() + "; only tables and partitioned tables can be cleaned.");
        }
        if (root.temporary()) {
            return Optional.of(name + " is a temporary table.");
        }
        return tree.relations().stream()
                .filter(Relation::ruled)
                .findFirst()
                .map(relation ->
                        "\"" + relation.name() + "\" has rewrite rules, which would change what a delete does.");
    }

    /**
     * What of the policy does not fit the table's columns.
     *
     * @param path of the policy in the request, for example {@code policies[0]}
     */
    public static List<FieldViolation> check(Policy policy, TableTree tree, String path) {
        List<FieldViolation> violations = new ArrayList<>();
        timeColumn(policy.timeColumn(), tree, path + ".time_column").ifPresent(violations::add);
        policy.filter()
                .ifPresent(filter -> FilterWalk.walk(
                        path + ".filter", filter, (at, depth, node) -> node(at, node, tree, violations)));
        return violations;
    }

    private static Optional<FieldViolation> timeColumn(TimeColumn time, TableTree tree, String path) {
        Optional<Column> column = tree.column(time.name());
        if (column.isEmpty()) {
            return Optional.of(missing(path + ".name", time.name(), tree));
        }
        Set<String> types = TYPES.get(time.kind());
        if (column.get().builtIn() && types.contains(column.get().baseType())) {
            return Optional.empty();
        }
        return Optional.of(new FieldViolation(
                path + ".kind",
                time.kind() + " needs a column of type "
                        + types.stream().sorted().collect(Collectors.joining(" or ")) + ", but \"" + time.name()
                        + "\" is " + column.get().castType()));
    }

    private static void node(String at, Filter node, TableTree tree, List<FieldViolation> violations) {
        switch (node) {
            case Filter.Compare compare -> {
                String path = at + ".comparison";
                column(path, compare.column(), tree, violations)
                        .flatMap(column -> objection(path, column, compare))
                        .ifPresent(violations::add);
            }
            case Filter.In in -> {
                String path = at + ".in";
                column(path, in.column(), tree, violations).ifPresent(column -> {
                    for (int i = 0; i < in.values().size(); i++) {
                        String value = path + ".values[" + i + "]";
                        ConstantRules.objection(column, in.values().get(i))
                                .ifPresent(objection -> violations.add(new FieldViolation(value, objection)));
                    }
                });
            }
            case Filter.IsNull isNull -> column(at + ".is_null", isNull.column(), tree, violations);
            case Filter.And and -> {}
            case Filter.Or or -> {}
            case Filter.Not not -> {}
        }
    }

    private static Optional<FieldViolation> objection(String path, Column column, Filter.Compare compare) {
        boolean ordered =
                compare.operator() != Filter.Operator.EQUAL && compare.operator() != Filter.Operator.NOT_EQUAL;
        if (ordered && column.baseType().equals("bool")) {
            return Optional.of(new FieldViolation(path + ".operator", "is = or <> for a boolean column"));
        }
        return ConstantRules.objection(column, compare.value())
                .map(objection -> new FieldViolation(path + ".value", objection));
    }

    private static Optional<Column> column(String path, String name, TableTree tree, List<FieldViolation> violations) {
        Optional<Column> column = tree.column(name);
        if (column.isEmpty()) {
            violations.add(missing(path + ".column", name, tree));
        }
        return column;
    }

    private static FieldViolation missing(String field, String column, TableTree tree) {
        return new FieldViolation(field, "table \"" + tree.root().name() + "\" has no column \"" + column + "\"");
    }
}
