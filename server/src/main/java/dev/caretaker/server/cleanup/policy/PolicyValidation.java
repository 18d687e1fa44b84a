package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.config.DestinationConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.MissingTable;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Checks policies against their targets' live catalogs. Each table is read once. */
@Singleton
final class PolicyValidation {
    private final Targets targets;
    private final Destinations destinations;
    private final Formats formats;

    PolicyValidation(Targets targets, Destinations destinations, Formats formats) {
        this.targets = targets;
        this.destinations = destinations;
        this.formats = formats;
    }

    /** @throws CaretakerException INVALID_FIELD with all there is to complain about, TARGET_UNREACHABLE */
    void check(List<Policy> policies) {
        List<FieldViolation> violations = new ArrayList<>();
        Map<Table, Optional<TableTree>> tables = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < policies.size(); i++) {
            Policy policy = policies.get(i);
            String path = "policies[" + i + "]";
            if (!names.add(policy.target() + "/" + policy.name())) {
                violations.add(new FieldViolation(path + ".name", "is the name of another policy of this request"));
            }
            violations.addAll(check(policy, path, tables));
        }
        if (!violations.isEmpty()) {
            throw CaretakerException.invalid(violations);
        }
    }

    /** A table that policies can clean. @throws CaretakerException INVALID_FIELD, TARGET_UNREACHABLE */
    TableTree table(String target, TableName table) {
        List<FieldViolation> violations = new ArrayList<>();
        return find(target, table, "", new HashMap<>(), violations)
                .orElseThrow(() -> CaretakerException.invalid(violations));
    }

    private List<FieldViolation> check(Policy policy, String path, Map<Table, Optional<TableTree>> tables) {
        List<FieldViolation> violations = new ArrayList<>();
        find(policy.target(), policy.table(), path + ".", tables, violations).ifPresent(tree -> {
            violations.addAll(PolicyFit.check(policy, tree, path));
            violations.addAll(cascades(policy, targets.get(policy.target()), path + ".cascade_to"));
            violations.addAll(kept(policy, path));
        });
        return violations;
    }

    private Optional<TableTree> find(
            String targetName,
            TableName table,
            String path,
            Map<Table, Optional<TableTree>> tables,
            List<FieldViolation> violations) {
        Optional<Target> target = target(targetName);
        if (target.isEmpty()) {
            violations.add(new FieldViolation(
                    path + "target",
                    "no target is named \"" + targetName + "\"" + Similar.question(targetName, targets.names())));
            return Optional.empty();
        }
        if (!target.get()
                .withPrimary(connection -> Scope.read(connection, target.get()))
                .holds(table)) {
            violations.add(new FieldViolation(
                    path + "table.schema",
                    "schema \"" + table.schema() + "\" is not one that Caretaker may touch at target " + targetName));
            return Optional.empty();
        }
        Optional<TableTree> tree = tables.computeIfAbsent(
                new Table(targetName, table),
                key -> target.get().withPrimary(connection -> TableTree.read(connection, key.name())));
        if (tree.isEmpty()) {
            violations.add(new FieldViolation(path + "table.name", MissingTable.clause(target.get(), table)));
            return Optional.empty();
        }
        Optional<String> refusal = PolicyFit.refusal(tree.get());
        refusal.ifPresent(why -> violations.add(new FieldViolation(path + "table.name", "cannot be cleaned: " + why)));
        return refusal.isPresent() ? Optional.empty() : tree;
    }

    /** A table that does not refer to the policy's yet may be listed; one that does not exist is a slip of the pen. */
    private static List<FieldViolation> cascades(Policy policy, Target target, String path) {
        List<TableName> listed = policy.cascades().tables();
        if (listed.isEmpty()) {
            return List.of();
        }
        Set<TableName> there = new HashSet<>(target.withPrimary(connection -> Sql.resource(
                        "cleanup/tables_that_exist", names(listed, TableName::schema), names(listed, TableName::name))
                .list(connection, row -> new TableName(row.getString("schema"), row.getString("name")))));
        List<FieldViolation> violations = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            TableName table = listed.get(i);
            if (!there.contains(table)) {
                violations.add(new FieldViolation(path + "[" + i + "]", MissingTable.clause(target, table)));
            }
        }
        return violations;
    }

    /** Whether what keeps rows is configured, or lies where Caretaker may write; a table may be made later. */
    private List<FieldViolation> kept(Policy policy, String path) {
        Target target = targets.get(policy.target());
        if (policy.keeping().isEmpty()) {
            return List.of();
        }
        return switch (policy.keeping().get()) {
            case Keeping.Archive archive -> {
                List<FieldViolation> violations = new ArrayList<>(
                        switch (archive.place()) {
                            case Keeping.Table table ->
                                strange(path + ".archive.table.name", target, policy, table.pattern()).stream()
                                        .toList();
                            case Keeping.Store store ->
                                stored(path + ".archive.store", target, policy, store, archive.withChildren());
                        });
                archive.figures()
                        .flatMap(rollUp -> strange(path + ".roll_up.into", target, policy, rollUp.into()))
                        .ifPresent(violations::add);
                yield violations;
            }
            case Keeping.RollUp rollUp ->
                strange(path + ".roll_up.into", target, policy, rollUp.into()).stream()
                        .toList();
        };
    }

    private List<FieldViolation> stored(
            String path, Target target, Policy policy, Keeping.Store store, boolean withChildren) {
        List<FieldViolation> violations = new ArrayList<>();
        String name = store.terms().destination();
        List<String> known =
                destinations.all().stream().map(DestinationConfig::name).toList();
        if (!known.contains(name)) {
            violations.add(new FieldViolation(
                    path + ".destination",
                    "the configuration has no destination \"" + name + "\"" + Similar.question(name, known)));
            return violations;
        }
        if (destinations.require(name) instanceof DestinationConfig.Table table) {
            TableName kept = new TableName(table.schema().orElse(policy.table().schema()), table.tableName());
            strange(path + ".destination", target, policy, kept).ifPresent(violations::add);
            if (withChildren && !table.tableName().contains("{table}")) {
                violations.add(new FieldViolation(
                        path + ".destination",
                        "its table-name \"" + table.tableName() + "\" has no {table}, without which the archives of"
                                + " children would all be one"));
            }
            if (store.terms().awaited()) {
                violations.add(new FieldViolation(
                        path + ".durable", "is not for destination " + name + ", which is in the database itself"));
            }
            if (!store.columns().isEmpty()) {
                violations.add(new FieldViolation(
                        path + ".columns", "is not for destination " + name + ", whose tables have all columns"));
            }
        }
        choice(path + ".format", store.terms().format(), formats.names())
                .or(() ->
                        formats.obstacle(store.terms().format()).map(why -> new FieldViolation(path + ".format", why)))
                .ifPresent(violations::add);
        choice(path + ".compression", store.terms().compression(), formats.compressionNames())
                .ifPresent(violations::add);
        return violations;
    }

    private static Optional<FieldViolation> choice(String path, String value, List<String> known) {
        return known.contains(value)
                ? Optional.empty()
                : Optional.of(new FieldViolation(path, "\"" + value + "\" is none of " + String.join(", ", known)));
    }

    private static Optional<FieldViolation> strange(String path, Target target, Policy policy, TableName table) {
        if (table.equals(policy.table())) {
            return Optional.of(new FieldViolation(path + ".name", "is the table whose rows are deleted"));
        }
        return target.inScope(table.schema())
                ? Optional.empty()
                : Optional.of(new FieldViolation(
                        path + ".schema",
                        "schema \"" + table.schema() + "\" is not one that Caretaker may touch at target "
                                + target.name()));
    }

    private static String[] names(List<TableName> tables, Function<TableName, String> part) {
        return tables.stream().map(part).toArray(String[]::new);
    }

    private Optional<Target> target(String name) {
        try {
            return Optional.of(targets.get(name));
        } catch (CaretakerException e) {
            if (e.reason() == Reason.TARGET_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private record Table(String target, TableName name) {}
}
