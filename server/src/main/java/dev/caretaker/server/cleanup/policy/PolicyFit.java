package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.Column;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.RelationKind;
import dev.caretaker.server.target.catalog.RewriteRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a policy fits the table as it is: what the table is, its columns and their types. */
public final class PolicyFit {
    private static final Map<TimeColumn.Kind, Set<String>> TYPES = Map.of(
            TimeColumn.Kind.TIMESTAMPTZ, Set.of("timestamp with time zone"),
            TimeColumn.Kind.TIMESTAMP, Set.of("timestamp without time zone"),
            TimeColumn.Kind.DATE, Set.of("date"),
            TimeColumn.Kind.EPOCH_SECONDS, Set.of("integer", "bigint"),
            TimeColumn.Kind.EPOCH_MILLIS, Set.of("bigint"),
            TimeColumn.Kind.EPOCH_MICROS, Set.of("bigint"),
            TimeColumn.Kind.UUID_V7, Set.of("uuid"));

    private PolicyFit() {}

    /** Why the table can be cleaned by no policy at all, in a sentence; empty if it can be. */
    public static Optional<String> refusal(TableTree tree) {
        Relation root = tree.root();
        String name = "\"" + root.name() + "\"";
        if (root.kind() != RelationKind.TABLE && root.kind() != RelationKind.PARTITIONED_TABLE) {
            String kind = root.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return Optional.of(name + (kind.startsWith("i") ? " is an " : " is a ") + kind
                    + "; only tables and partitioned tables can be cleaned.");
        }
        if (root.persistence() == Relation.Persistence.TEMPORARY) {
            return Optional.of(name + " is a temporary table.");
        }
        if (!tree.inheritanceChildren().isEmpty()) {
            return Optional.of(name + " has inheritance children, which a policy does not reach: "
                    + tree.inheritanceChildren().stream()
                            .map(TableName::toString)
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        return tree.relations().stream()
                .flatMap(relation -> relation.rules().stream()
                        .filter(RewriteRule::isOnDelete)
                        .map(rule -> "\"" + relation.name() + "\" has rewrite rule \"" + rule.name()
                                + "\" on DELETE; tables whose deletes are rewritten cannot be cleaned."))
                .findFirst();
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
        figures(policy).ifPresent(rollUp -> violations.addAll(new RollUpFit(rollUp, tree, path + ".roll_up").check()));
        policy.countBy()
                .filter(column -> tree.column(column).isEmpty())
                .ifPresent(column -> violations.add(missing(path + ".count_by", column, tree)));
        if (policy.keeping().orElse(null) instanceof Keeping.Archive archive
                && archive.place() instanceof Keeping.Store store) {
            for (int i = 0; i < store.columns().size(); i++) {
                column(
                        path + ".archive.store.columns[" + i + "]",
                        store.columns().get(i),
                        tree,
                        violations);
            }
        }
        return violations;
    }

    private static Optional<Keeping.RollUp> figures(Policy policy) {
        return policy.keeping().flatMap(keeping -> switch (keeping) {
            case Keeping.Archive archive -> archive.figures();
            case Keeping.RollUp rollUp -> Optional.of(rollUp);
        });
    }

    private static Optional<FieldViolation> timeColumn(TimeColumn time, TableTree tree, String path) {
        Optional<Column> column = tree.column(time.name());
        if (column.isEmpty()) {
            return Optional.of(missing(path + ".name", time.name(), tree));
        }
        Set<String> types = TYPES.get(time.kind());
        if (types.contains(column.get().baseType())) {
            return Optional.empty();
        }
        return Optional.of(new FieldViolation(
                path + ".kind",
                time.kind() + " needs a column of type "
                        + types.stream().sorted().collect(Collectors.joining(" or ")) + ", but \"" + time.name()
                        + "\" is " + column.get().baseType()));
    }

    private static void node(String at, Filter node, TableTree tree, List<FieldViolation> violations) {
        switch (node) {
            case Filter.Compare compare -> {
                String path = at + ".comparison";
                column(path, compare.column(), tree, violations)
                        .flatMap(column -> objection(path, column, tree.labels(column), compare))
                        .ifPresent(violations::add);
            }
            case Filter.In in -> {
                String path = at + ".in";
                column(path, in.column(), tree, violations).ifPresent(column -> {
                    for (int i = 0; i < in.values().size(); i++) {
                        String value = path + ".values[" + i + "]";
                        ConstantRules.objection(
                                        column, tree.labels(column), in.values().get(i))
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

    private static Optional<FieldViolation> objection(
            String path, Column column, List<String> labels, Filter.Compare compare) {
        boolean ordered =
                compare.operator() != Filter.Operator.EQUAL && compare.operator() != Filter.Operator.NOT_EQUAL;
        if (ordered && column.baseType().equals("boolean")) {
            return Optional.of(new FieldViolation(path + ".operator", "is = or <> for a boolean column"));
        }
        return ConstantRules.objection(column, labels, compare.value())
                .map(objection -> new FieldViolation(path + ".value", objection));
    }

    private static Optional<Column> column(String path, String name, TableTree tree, List<FieldViolation> violations) {
        Optional<Column> column = tree.column(name);
        if (column.isEmpty()) {
            violations.add(missing(path + ".column", name, tree));
        }
        return column;
    }

    static FieldViolation missing(String field, String column, TableTree tree) {
        return new FieldViolation(
                field,
                "table \"" + tree.root().name() + "\" has no column \"" + column + "\""
                        + Similar.question(
                                column,
                                tree.root().columns().stream().map(Column::name).toList()));
    }
}
